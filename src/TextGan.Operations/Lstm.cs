using TextGan.Operations.Cpu;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// Layers of an LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), gates in PyTorch's order:
/// (i, f, g, o) = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh, c_t = σ(f) c_{t-1} + σ(i) tanh(g), h_t = σ(o) tanh(c_t).
/// Gradients on or off make no difference to the states.
/// </summary>
public static class Lstm
{
    /// <summary>
    /// Detaches the weights from the dispose scope in which they were made, because <see cref="States"/> reads them as long as the layers
    /// exist; returns the layers.
    /// </summary>
    public static LSTM DetachFromScope(LSTM lstm)
    {
        foreach (var parameter in lstm.parameters()) parameter.DetachFromDisposeScope();
        return lstm;
    }

    /// <summary>x [B,T,I] → states of the last layer [B,T,H], from a state of zeros.</summary>
    /// <param name="lstm">The layers, batch first, one direction, with biases.</param>
    /// <param name="layers">How many there are.</param>
    /// <param name="dropout">What the layers leave out between them while they learn.</param>
    /// <param name="input">x.</param>
    /// <param name="twice">Whether the gradient may be differentiated itself, as a gradient penalty does.</param>
    public static Tensor States(LSTM lstm, long layers, double dropout, Tensor input, bool twice = false)
    {
        using var scope = NewDisposeScope();
        // CUDA's layer cannot be differentiated twice; its cells can.
        if (ModelPrecision.IsBfloat16 || (twice && input.device_type != DeviceType.CPU))
            return CellByCell(lstm, layers, dropout, input, null).Output.MoveToOuterDisposeScope();
        var states = input.contiguous();
        if (!LstmSequence.Supports(states, Weight("weight_ih", 0)))
            return Read(lstm, layers, dropout, input).Output.MoveToOuterDisposeScope();
        for (var l = 0; l < layers; l++)
        {
            if (l > 0 && dropout > 0 && lstm.training) states = nn.functional.dropout(states, dropout, training: true);
            // [B,T,H]
            states = LstmSequence.Call(states, Weight("weight_ih", l), Weight("weight_hh", l), Weight("bias_ih", l), Weight("bias_hh", l));
        }
        return states.MoveToOuterDisposeScope();

        Tensor Weight(string name, int layer) => lstm.get_parameter($"{name}_l{layer}")!;
    }

    /// <summary>
    /// [B,T,I] and the state before it, [L,B,H] each, or null for zeros → states of the last layer [B,T,H], last hidden and cell state
    /// [L,B,H].
    /// Where no gradient is kept, LibTorch 2.10 takes oneDNN's kernel for inference, which on some processors gives wrong states for many
    /// widths (on an AMD EPYC with AVX-512: H = 6, 8, 16 and 100, not 60, 64 and 128). Its kernel for training is right.
    /// </summary>
    public static (Tensor Output, Tensor Hidden, Tensor Cell) Read(LSTM lstm, long layers, double dropout, Tensor input,
        (Tensor Hidden, Tensor Cell)? state = null)
    {
        if (ModelPrecision.IsBfloat16) return CellByCell(lstm, layers, dropout, input, state);
        if (is_grad_enabled() || input.device_type != DeviceType.CPU) return lstm.call(input, state);
        using var scope = NewDisposeScope();
        using var gradients = enable_grad(); // chooses the kernel; what it leads to is cut off at once
        var (output, hidden, cell) = lstm.call(input, state);
        return (output.detach().MoveToOuterDisposeScope(), hidden.detach().MoveToOuterDisposeScope(),
            cell.detach().MoveToOuterDisposeScope());
    }

    /// <summary>All layers by their formula, one cell after another; arguments and results as in <see cref="Read"/>.</summary>
    static (Tensor Output, Tensor Hidden, Tensor Cell) CellByCell(LSTM lstm, long layers, double dropout, Tensor input,
        (Tensor Hidden, Tensor Cell)? state)
    {
        using var scope = NewDisposeScope();
        using var copies = RoundedWeights.Keep();
        var (states, hidden, cells) = (input, new List<Tensor>(), new List<Tensor>());
        for (var l = 0; l < layers; l++)
        {
            Tensor Weight(string name) => lstm.get_parameter($"{name}_l{l}")!;
            if (l > 0 && dropout > 0 && lstm.training) states = nn.functional.dropout(states, dropout, training: true);
            (states, var lastHidden, var lastCell) = CellByCell(states, Weight("weight_ih"), Weight("weight_hh"),
                Weight("bias_ih").Plus(Weight("bias_hh")),
                state is { } before ? (before.Hidden.select(0, l), before.Cell.select(0, l)) : null);
            hidden.Add(lastHidden);
            cells.Add(lastCell);
        }
        return (states.MoveToOuterDisposeScope(), stack(hidden, 0).MoveToOuterDisposeScope(), stack(cells, 0).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The formula itself, one cell after another, on any device, differentiable as often as wanted: x [B,T,I], W_ih [4H,I], W_hh [4H,H],
    /// the sum of both biases [4H], hidden and cell state [B,H] before x or null for zeros → states [B,T,H], the last hidden and cell state
    /// [B,H]. In bfloat16 only the products are rounded; gates and states stay in float32.
    /// </summary>
    internal static (Tensor Output, Tensor Hidden, Tensor Cell) CellByCell(Tensor input, Tensor inputWeight, Tensor hiddenWeight,
        Tensor bias, (Tensor Hidden, Tensor Cell)? state = null)
    {
        using var scope = NewDisposeScope();
        var recurrent = hiddenWeight.t(); // [H,4H]
        var rounds = ModelPrecision.IsBfloat16;
        var read = rounds ? Products.InBfloat16(input, inputWeight, bias) : nn.functional.linear(input, inputWeight, bias); // [B,T,4H]
        var (hidden, cell) = state ?? (zeros([input.shape[0], recurrent.shape[0]], device: input.device),
            zeros([input.shape[0], recurrent.shape[0]], device: input.device)); // [B,H] each
        var states = new List<Tensor>();
        foreach (var step in read.unbind(1))
        {
            // input, forget, candidate, output
            var gates = (rounds ? Products.InBfloat16(hidden, hiddenWeight, step) : step.addmm(hidden, recurrent)).chunk(4, 1);
            cell = (gates[1].sigmoid() * cell).Plus(gates[0].sigmoid() * gates[2].tanh());
            hidden = gates[3].sigmoid() * cell.tanh();
            states.Add(hidden);
        }
        return (stack(states, 1).MoveToOuterDisposeScope(), hidden.MoveToOuterDisposeScope(), cell.MoveToOuterDisposeScope());
    }
}
