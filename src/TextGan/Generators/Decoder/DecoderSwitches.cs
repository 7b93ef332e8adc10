using TextGan.Generators.Lora;
using TorchSharp.Modules;

namespace TextGan.Generators.Decoder;

/// <summary>What can be switched in a decoder: adapters beside its linear layers, and whether layers keep their activations.</summary>
sealed class DecoderSwitches
{
    LowRankAdapters? active;

    /// <summary>
    /// Whether a layer's activations are computed again in the backward pass rather than kept (Chen et al., 1604.06174), where it reads
    /// whole texts.
    /// </summary>
    public bool Recomputes { get; set; }

    /// <summary>Lets these adapters act until disposal, which brings back those before; null: none.</summary>
    public IDisposable Use(LowRankAdapters? adapters)
    {
        var before = new Earlier(this, active);
        active = adapters;
        return before;
    }

    /// <summary>What a linear layer gives with the adapter that acts beside it: [...,I] → [...,O].</summary>
    public Tensor Of(Linear layer, Tensor input)
    {
        if (active?.Of(layer) is not { } adapter) return Products.Of(layer, input);
        using var scope = NewDisposeScope();
        return Products.Of(layer, input).Plus(adapter.Of(input, active.Training)).MoveToOuterDisposeScope();
    }

    /// <summary>One of a model's layers that reads whole texts, x [B,T,H] → [B,T,H].</summary>
    /// <param name="layer">Whose parameters <paramref name="read"/> uses.</param>
    /// <param name="x">Its input.</param>
    /// <param name="read">What it computes; the tensors that it needs beside x must live as long as the model.</param>
    public Tensor Through(nn.Module layer, Tensor x, Func<Tensor, Tensor> read)
    {
        if (!Recomputes) return read(x);
        var adapters = active; // those of now: a backward pass may come when others act
        IEnumerable<Tensor> weights = [.. layer.parameters(), .. adapters?.All.SelectMany(one => (Tensor[])[one.A, one.B]) ?? []];
        return Recomputed.Of(input =>
        {
            using var _ = Use(adapters);
            return read(input);
        }, x, [.. weights.Where(weight => weight.requires_grad)]);
    }

    sealed class Earlier(DecoderSwitches switches, LowRankAdapters? adapters) : IDisposable
    {
        public void Dispose() => switches.active = adapters;
    }
}
