using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>Copies of matrices in main memory with rows and columns exchanged, on several threads; LibTorch's takes one.</summary>
static unsafe class Transposed
{
    /// <summary>Columns that are read together: a cache line.</summary>
    const int Block = 16;

    /// <summary>[m,n], contiguous → [n,m].</summary>
    public static Tensor Of(Tensor matrix)
    {
        var (rows, columns) = ((int)matrix.shape[0], (int)matrix.shape[1]);
        var result = empty(columns, rows);
        var (source, target) = ((nint)CpuLoop.Floats(matrix), (nint)CpuLoop.Floats(result));
        CpuLoop.Share((columns + Block - 1) / Block, matrix.numel(), (begin, end) =>
        {
            for (var block = begin; block < end; block++)
                Copy((float*)source, (float*)target, rows, columns, block * Block, Math.Min(columns, (block + 1) * Block));
        });
        return result;
    }

    static void Copy(float* source, float* target, int rows, int columns, int begin, int end)
    {
        for (var row = 0; row < rows; row++)
        {
            float* from = source + (long)row * columns, to = target + row;
            for (var column = begin; column < end; column++) to[(long)column * rows] = from[column];
        }
    }
}
