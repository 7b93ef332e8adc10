namespace TextGan.Storage;

/// <summary>Copies a module's parameters and buffers to and from a <see cref="StateBag"/> by their state-dictionary names.</summary>
public static class ModuleState
{
    public static void Save(nn.Module module, StateBag bag)
    {
        foreach (var (name, value) in Entries(module)) bag.Put(name, value);
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where a name is missing, too many, or has another shape.</summary>
    public static void Load(nn.Module module, StateBag bag)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var entries = Entries(module).ToDictionary();
        var stored = bag.TensorNames().ToHashSet();
        foreach (var name in entries.Keys.Except(stored)) throw new InvalidDataException($"the weight '{name}' is missing");
        foreach (var name in stored.Except(entries.Keys)) throw new InvalidDataException(
            $"there is a weight '{name}' that the model does not have");
        foreach (var (name, target) in entries)
        {
            var source = bag.GetTensor(name);
            if (!source.shape.SequenceEqual(target.shape))
                throw new InvalidDataException(
                    $"the weight '{name}' is [{string.Join(',', source.shape)}] where the model has [{string.Join(',', target.shape)}]");
            target.copy_(source);
        }
    }

    /// <summary>Gives <paramref name="target"/> the weights of <paramref name="source"/>, a module of the same shape.</summary>
    public static void Copy(nn.Module source, nn.Module target)
    {
        var bag = new StateBag();
        Save(source, bag);
        Load(target, bag);
        bag.Clear();
    }

    static IEnumerable<KeyValuePair<string, Tensor>> Entries(nn.Module module) =>
        module.named_parameters().Select(p => KeyValuePair.Create(p.name, (Tensor)p.parameter))
            .Concat(module.named_buffers().Select(b => KeyValuePair.Create(b.name, b.buffer)));
}
