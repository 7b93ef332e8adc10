using static TorchSharp.torch;

namespace TextGan.Kernels;

/// <summary>An LSTM layer cell by cell, by tensor operations: on any device, and differentiable as often as wanted, which no library's layer is on CUDA.</summary>
public static class LstmByTensors
{
    /// <summary>x [B,T,I], W_ih [4H,I], W_hh [4H,H], the sum of both biases [4H] → states [B,T,H], from a state of zeros.</summary>
    public static Tensor States(Tensor input, Tensor inputWeight, Tensor hiddenWeight, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var recurrent = hiddenWeight.t(); // [H,4H]
        var read = nn.functional.linear(input, inputWeight, bias); // [B,T,4H]
        var hidden = zeros([input.shape[0], recurrent.shape[0]], device: input.device); // [B,H]
        var cell = zeros_like(hidden);
        var states = new List<Tensor>();
        foreach (var step in read.unbind(1))
        {
            var gates = step.addmm(hidden, recurrent).chunk(4, 1); // input, forget, candidate, output
            cell = (gates[1].sigmoid() * cell).Plus(gates[0].sigmoid() * gates[2].tanh());
            hidden = gates[3].sigmoid() * cell.tanh();
            states.Add(hidden);
        }
        return stack(states, 1).MoveToOuterDisposeScope();
    }
}
