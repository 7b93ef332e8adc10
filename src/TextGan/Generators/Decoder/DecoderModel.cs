using TorchSharp;
using TorchSharp.Modules;

namespace TextGan.Generators.Decoder;

/// <summary>Embedding, layers, last norm. Fields are named as the weights are in Hugging Face's files.</summary>
sealed class DecoderModel : nn.Module, IDecoderModel
{
    readonly Embedding embed_tokens;
    readonly ModuleList<DecoderLayer> layers;
    readonly RmsNorm norm;
    readonly RotaryPositions rotary;
    readonly double dropout;
    readonly DecoderSwitches switches;

    public DecoderModel(TransformerShape shape, double dropout, double epsilon, double ropeTheta, RotaryScaling? ropeScaling,
        DecoderSwitches switches) : base("model")
    {
        (this.dropout, this.switches) = (dropout, switches);
        embed_tokens = nn.Embedding(shape.VocabularySize, shape.Hidden);
        layers = nn.ModuleList([.. Enumerable.Range(0, shape.Layers).Select(_ => new DecoderLayer(shape, dropout, epsilon, switches))]);
        norm = new RmsNorm(shape.Hidden, epsilon);
        rotary = new RotaryPositions(shape.HeadSize, ropeTheta, ropeScaling);
        RegisterComponents();
    }

    public Tensor EmbeddingWeight => embed_tokens.weight!;

    /// <inheritdoc />
    public Tensor Read(Tensor tokens, TransformerState? state)
    {
        using var scope = NewDisposeScope();
        var position = state?.Position ?? 0;
        var steps = (int)tokens.shape[1];
        state?.Advance(steps);
        var x = tokens.dtype == ScalarType.Int64 ? embed_tokens.call(tokens) : tokens.matmul(EmbeddingWeight); // [B,T,H]
        if (dropout > 0 && training) x = nn.functional.dropout(x, dropout, training: true);
        if (state is null)
            foreach (var layer in layers) x = switches.Through(layer, x, read => layer.Read(read, rotary.Range(0, steps, read), null));
        else
        {
            var turn = rotary.Range(position, steps, x); // [T,D] each
            for (var i = 0; i < layers.Count; i++) x = layers[i].Read(x, turn, state.Layer(i));
        }
        return norm.call(x).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public Tensor StatesAfter(int count, Tensor embedded)
    {
        using var scope = NewDisposeScope();
        var turn = rotary.Range(0, (int)embedded.shape[1], embedded); // [T,D] each
        var x = embedded;
        for (var i = 0; i < count; i++) x = layers[i].Read(x, turn, null);
        return (count == layers.Count ? norm.call(x) : x).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) rotary.Dispose();
        base.Dispose(disposing);
    }
}
