using TextGan.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Kernels;

/// <summary>The states of LSTM layers over whole texts: by <see cref="LstmSequence"/> in main memory, by LibTorch's layers elsewhere.</summary>
public static class FastLstm
{
    /// <summary>Lets the weights that <see cref="States"/> reads live as long as the layers, whatever dispose scope these were made in; gives the layers back.</summary>
    public static LSTM Outliving(LSTM lstm)
    {
        foreach (var parameter in lstm.parameters()) parameter.DetachFromDisposeScope();
        return lstm;
    }

    /// <summary>x [B,T,I] → states of the last layer [B,T,H], from a state of zeros.</summary>
    /// <param name="lstm">The layers, batch first, one direction, with biases.</param>
    /// <param name="layers">How many there are.</param>
    /// <param name="dropout">What the layers leave out between them while they learn.</param>
    /// <param name="input">x.</param>
    public static Tensor States(LSTM lstm, long layers, double dropout, Tensor input)
    {
        using var scope = NewDisposeScope();
        var states = input.contiguous();
        if (!LstmSequence.Takes(states, Weight("weight_ih", 0))) return SoundLstm.Call(lstm, input).Output.MoveToOuterDisposeScope();
        for (var l = 0; l < layers; l++)
        {
            if (l > 0 && dropout > 0 && lstm.training) states = nn.functional.dropout(states, dropout, training: true);
            states = LstmSequence.Call(states, Weight("weight_ih", l), Weight("weight_hh", l), Weight("bias_ih", l), Weight("bias_hh", l)); // [B,T,H]
        }
        return states.MoveToOuterDisposeScope();

        Tensor Weight(string name, int layer) => lstm.get_parameter($"{name}_l{layer}")!;
    }
}
