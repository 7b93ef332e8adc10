using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>
/// LSTM layers, one on the other, with dropout between them.
/// </summary>
public sealed class LstmLayers : nn.Module<Tensor, bool, Tensor>
{
    readonly ModuleList<LSTM> layers;
    readonly Dropout dropout;

    /// <param name="inputSize">E.</param>
    /// <param name="hidden">H.</param>
    /// <param name="layers">How many.</param>
    /// <param name="dropout">Share of each layer's output that the next layer misses while learning.</param>
    public LstmLayers(int inputSize, int hidden, int layers, double dropout) : base(nameof(LstmLayers))
    {
        this.layers = new ModuleList<LSTM>(
            [.. Enumerable.Range(0, layers).Select(
            i => Lstm.DetachFromScope(nn.LSTM(i == 0 ? inputSize : hidden, hidden, batchFirst: true)))]);
        this.dropout = nn.Dropout(dropout);
        RegisterComponents();
    }

    /// <summary>
    /// [B,T,E] → the last layer's states [B,T,H]. <paramref name="twice"/>: whether the gradient may be differentiated itself.
    /// </summary>
    public override Tensor forward(Tensor input, bool twice)
    {
        using var scope = NewDisposeScope();
        var states = input;
        for (var i = 0; i < layers.Count; i++)
        {
            if (i > 0) states = dropout.call(states);
            states = Lstm.States(layers[i], 1, 0, states, twice); // [B,T,H]
        }
        return states.MoveToOuterDisposeScope();
    }
}
