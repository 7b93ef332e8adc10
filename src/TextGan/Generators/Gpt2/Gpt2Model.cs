using TextGan.Generators.Decoder;
using TorchSharp;
using TorchSharp.Modules;

namespace TextGan.Generators.Gpt2;

/// <summary>Embeddings of tokens and positions, layers, last norm. Fields are named as the weights are in Hugging Face's files.</summary>
sealed class Gpt2Model : nn.Module, IDecoderModel
{
    readonly Embedding wte; // [V,H]
    readonly Embedding wpe; // [positions,H]
    readonly ModuleList<Gpt2Layer> h;
    readonly LayerNorm ln_f;
    readonly DecoderSwitches switches;

    public Gpt2Model(Gpt2Shape shape, double epsilon, DecoderSwitches switches) : base("transformer")
    {
        this.switches = switches;
        wte = nn.Embedding(shape.VocabularySize, shape.Hidden);
        wpe = nn.Embedding(shape.Positions, shape.Hidden);
        h = nn.ModuleList([.. Enumerable.Range(0, shape.Layers).Select(_ => new Gpt2Layer(shape, epsilon, switches))]);
        ln_f = nn.LayerNorm(shape.Hidden, epsilon);
        RegisterComponents();
    }

    public Tensor EmbeddingWeight => wte.weight!;

    /// <inheritdoc />
    public Tensor Read(Tensor tokens, TransformerState? state)
    {
        using var scope = NewDisposeScope();
        var position = state?.Position ?? 0;
        var steps = (int)tokens.shape[1];
        state?.Advance(steps);
        var x = tokens.dtype == ScalarType.Int64 ? wte.call(tokens) : tokens.matmul(EmbeddingWeight); // [B,T,H]
        x = x.Plus(wpe.weight!.narrow(0, position, steps));
        if (state is null)
            foreach (var layer in h) x = switches.Through(layer, x, read => layer.Read(read, 0, null));
        else
            for (var i = 0; i < h.Count; i++) x = h[i].Read(x, position, state.Layer(i));
        return ln_f.call(x).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public Tensor StatesAfter(int count, Tensor embedded)
    {
        using var scope = NewDisposeScope();
        var x = embedded.Plus(wpe.weight!.narrow(0, 0, embedded.shape[1]));
        for (var i = 0; i < count; i++) x = h[i].Read(x, 0, null);
        return (count == h.Count ? ln_f.call(x) : x).MoveToOuterDisposeScope();
    }
}
