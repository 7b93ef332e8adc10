using TextGan.Operations.Cpu;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// An embedding and the layers of an LSTM (<see cref="Lstm"/>) that read one token of each text after another. Steps without gradients may
/// use a copy of the weights that the first such step makes: after the weights have changed, make a new instance.
/// </summary>
/// <param name="embedding">[V,E].</param>
/// <param name="lstm">The layers, batch first, one direction, with biases.</param>
/// <param name="layers">L.</param>
public sealed class LstmSteps(Embedding embedding, LSTM lstm, long layers)
{
    LstmStepKernel? kernel;

    /// <summary>Ids [B] int64, hidden and cell state [L,B,H] → the last layer's output [B,H] and the next states [L,B,H].</summary>
    public (Tensor Output, Tensor Hidden, Tensor Cell) Next(Tensor tokens, Tensor hidden, Tensor cell)
    {
        using var scope = NewDisposeScope();
        Tensor output;
        if (is_grad_enabled() || !PackedMatrix.Supports(embedding.weight!))
        {
            (output, hidden, cell) = Lstm.Read(lstm, layers, 0, embedding.call(tokens).unsqueeze(1), (hidden, cell)); // [B,1,H]
            output = output.squeeze(1);
        }
        else
        {
            kernel ??= new LstmStepKernel(embedding.weight!, lstm, layers);
            (hidden, cell) = kernel.Step(embedding.weight!, tokens, hidden, cell);
            output = hidden.select(0, layers - 1);
        }
        return (output.MoveToOuterDisposeScope(), hidden.MoveToOuterDisposeScope(), cell.MoveToOuterDisposeScope());
    }
}
