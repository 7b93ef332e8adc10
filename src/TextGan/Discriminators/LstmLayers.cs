using TextGan.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Discriminators;

/// <summary>
/// LSTM layers, one on the other, with dropout between them. Two ways compute the same: the library's layer, and one cell
/// after another. CUDA's layer cannot be differentiated twice, which a gradient penalty needs; the cells can.
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
        this.layers = new ModuleList<LSTM>([.. Enumerable.Range(0, layers).Select(i => FastLstm.Outliving(nn.LSTM(i == 0 ? inputSize : hidden, hidden, batchFirst: true)))]);
        this.dropout = nn.Dropout(dropout);
        RegisterComponents();
    }

    /// <summary>[B,T,E] → the last layer's states [B,T,H]; <paramref name="cellByCell"/> chooses the way.</summary>
    public override Tensor forward(Tensor input, bool cellByCell)
    {
        using var scope = NewDisposeScope();
        var states = input;
        for (var i = 0; i < layers.Count; i++)
        {
            if (i > 0) states = dropout.call(states);
            states = cellByCell ? CellByCell(layers[i], states) : FastLstm.States(layers[i], 1, 0, states); // [B,T,H]
        }
        return states.MoveToOuterDisposeScope();
    }

    static Tensor CellByCell(LSTM layer, Tensor input)
    {
        Tensor Weight(string name) => layer.get_parameter($"{name}_l0")!;
        return LstmByTensors.States(input, Weight("weight_ih"), Weight("weight_hh"), Weight("bias_ih").Plus(Weight("bias_hh")));
    }
}
