using TorchSharp.Modules;

namespace TextGan.Storage;

/// <summary>
/// Copies an optimiser's state (moments, step counts) to and from a <see cref="StateBag"/>. TorchSharp shows that state only
/// as a byte stream per parameter, which is kept as a tensor of bytes: index → [N] uint8.
/// </summary>
public static class OptimizerMemory
{
    public static void Save(optim.Optimizer optimizer, StateBag bag)
    {
        var states = ((OptimizerHelper)optimizer).state_dict().State;
        for (var i = 0; i < states.Count; i++)
        {
            using var bytes = new MemoryStream();
            using (var writer = new BinaryWriter(bytes, System.Text.Encoding.UTF8, leaveOpen: true)) states[i].SaveStateDict(writer);
            using var value = tensor(bytes.ToArray(), uint8);
            bag.Put(i.ToString(), value);
        }
    }

    public static void Load(optim.Optimizer optimizer, StateBag bag)
    {
        var states = ((OptimizerHelper)optimizer).state_dict().State;
        var devices = optimizer.parameters().Select(parameter => parameter.device).ToArray();
        for (var i = 0; i < states.Count; i++)
        {
            using var bytes = new MemoryStream(bag.GetTensor(i.ToString()).data<byte>().ToArray());
            using var reader = new BinaryReader(bytes);
            states[i].LoadStateDict(reader);
            if (states[i] is SGD.State sgd) PutWhereTheParameterIs(sgd, devices[i]);
        }
    }

    /// <summary>TorchSharp makes a momentum that it reads on the CPU, and in whatever scope is open.</summary>
    static void PutWhereTheParameterIs(SGD.State state, Device device)
    {
        if (state.momentum_buffer is not { } read) return;
        state.momentum_buffer = read.to(device).DetachFromDisposeScope();
        if (!ReferenceEquals(read, state.momentum_buffer)) read.Dispose();
    }
}
