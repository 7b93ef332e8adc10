using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// One step of the LSTM layers in one call, for tensors in main memory and without gradients: at the sizes of text models LibTorch's own
/// step is mostly the overhead of its small operations. The layers' weights are copied when it is made.
/// </summary>
sealed unsafe class LstmStepKernel
{
    /// <summary>Rows whose gates stay in the nearest caches.</summary>
    const int BlockRows = 16;

    readonly PackedMatrix[] layers; // of layer l: [4H, inputs + H], the gates i, f, g, o one after another
    readonly int vocabulary, embedding, hidden, widest;

    /// <param name="embedding">[V,E].</param>
    /// <param name="lstm">The layers.</param>
    /// <param name="layerCount">L.</param>
    public LstmStepKernel(Tensor embedding, LSTM lstm, long layerCount)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        (vocabulary, this.embedding) = ((int)embedding.shape[0], (int)embedding.shape[1]);
        layers = new PackedMatrix[layerCount];
        for (var l = 0; l < layers.Length; l++)
        {
            Tensor Weight(string name) => lstm.get_parameter($"{name}_l{l}")!;
            layers[l] = new PackedMatrix(cat([Weight("weight_ih"), Weight("weight_hh")], 1), Weight("bias_ih").Plus(Weight("bias_hh")));
        }
        hidden = layers[0].Outputs / 4;
        widest = layers.Max(layer => layer.Inputs);
    }

    /// <summary>Embedding [V,E], ids [B], hidden and cell states [L,B,H] → the next states, [L,B,H] each.</summary>
    public (Tensor Hidden, Tensor Cell) Step(Tensor table, Tensor tokens, Tensor hiddenStates, Tensor cells)
    {
        using var scope = NewDisposeScope();
        (tokens, hiddenStates, cells) = (tokens.contiguous(), hiddenStates.contiguous(), cells.contiguous());
        var words = (nint)CpuLoop.Floats(table.contiguous());
        var (nextHidden, nextCell) = (empty_like(hiddenStates), empty_like(cells));
        var rows = (int)tokens.shape[0];
        fixed (byte* t = tokens.bytes, h = hiddenStates.bytes, c = cells.bytes, nh = nextHidden.bytes, nc = nextCell.bytes)
        {
            var (ids, oldHidden, oldCell, newHidden, newCell) = ((nint)t, (nint)h, (nint)c, (nint)nh, (nint)nc);
            var threads = MatrixProduct.Threads(rows, layers.Length * 4 * hidden, widest);
            RowBlocks.Run(rows, BlockRows, PackedMatrix.TileRows, threads, (begin, end) =>
                Block((float*)words, (long*)ids, (float*)oldHidden, (float*)oldCell, (float*)newHidden, (float*)newCell, rows, begin, end));
        }
        return (nextHidden.MoveToOuterDisposeScope(), nextCell.MoveToOuterDisposeScope());
    }

    void Block(float* words, long* ids, float* oldHidden, float* oldCell, float* newHidden, float* newCell, int rows, int begin, int end)
    {
        var count = end - begin;
        Span<float> inputs = new float[BlockRows * widest], gates = new float[BlockRows * 4 * hidden];
        for (var layer = 0; layer < layers.Length; layer++)
        {
            var matrix = layers[layer];
            var below = matrix.Inputs - hidden;
            for (var row = 0; row < count; row++)
            {
                var x = inputs.Slice(row * matrix.Inputs, matrix.Inputs); // [inputs + H]
                if (layer == 0) Word(ids[begin + row]).CopyTo(x);
                else At(newHidden, layer - 1, begin + row).CopyTo(x);
                At(oldHidden, layer, begin + row).CopyTo(x[below..]);
            }
            fixed (float* x = inputs, y = gates)
            {
                matrix.Multiply(x, matrix.Inputs, count, y, 4 * hidden);
                for (var row = 0; row < count; row++)
                {
                    var place = ((long)layer * rows + begin + row) * hidden;
                    At(oldCell, layer, begin + row).CopyTo(At(newCell, layer, begin + row));
                    LstmCell.Forward(y + row * 4 * hidden, newCell + place, newHidden + place, null, hidden);
                }
            }
        }

        ReadOnlySpan<float> Word(long id) => (ulong)id < (ulong)vocabulary ? new(words + id * embedding, embedding)
            : throw new ArgumentOutOfRangeException(nameof(ids), id, $"Not an id of a vocabulary of {vocabulary}.");

        Span<float> At(float* states, int layer, int row) => new(states + ((long)layer * rows + row) * hidden, hidden);
    }
}
