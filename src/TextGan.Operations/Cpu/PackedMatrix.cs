using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// A copy of a linear layer, y = x·Wᵀ + b, in the order in which a product on the CPU reads it: panels of <see cref="PanelWidth"/> outputs,
/// in each the weights of one input after another. Products come in small tiles, so that what follows a product (a softmax, a maximum)
/// takes its numbers from the nearest cache and the whole of y need not exist. Safe from several threads.
/// </summary>
sealed unsafe class PackedMatrix
{
    /// <summary>Outputs of a panel.</summary>
    public const int PanelWidth = 64;

    /// <summary>Rows of a tile.</summary>
    public const int TileRows = 4;

    /// <summary>Numbers of a tile: <see cref="TileRows"/> rows of <see cref="PanelWidth"/>.</summary>
    public const int TileSize = TileRows * PanelWidth;

    readonly float[] weights; // [panels, inputs, PanelWidth], on the pinned heap and aligned below
    readonly float[] biases; // [panels, PanelWidth]
    readonly nint weightsAt, biasesAt; // the first 64-byte boundary of each

    /// <param name="weight">W [outputs, inputs] float on the CPU; read now and not kept.</param>
    /// <param name="bias">b [outputs], or null for 0.</param>
    /// <param name="padding">The outputs that fill up the last panel: 0, or -∞ for logits that stand for nothing.</param>
    public PackedMatrix(Tensor weight, Tensor? bias, float padding = 0)
    {
        (Outputs, Inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        Panels = (Outputs + PanelWidth - 1) / PanelWidth;
        (weights, weightsAt) = Aligned((long)Panels * Inputs * PanelWidth);
        (biases, biasesAt) = Aligned(Panels * PanelWidth);
        using var scope = NewDisposeScope();
        weight = weight.contiguous();
        fixed (byte* source = weight.bytes) Pack((float*)source);
        var target = new Span<float>((float*)biasesAt, Panels * PanelWidth);
        target[Outputs..].Fill(padding);
        bias?.contiguous().data<float>().CopyTo(target[..Outputs]);
    }

    /// <summary>Whether a kernel can read this tensor.</summary>
    public static bool Supports(Tensor tensor) => Processor.HasMiddleVectors && !ModelPrecision.IsBfloat16 && CpuLoop.SupportsCopy(tensor);

    public int Inputs { get; }

    public int Outputs { get; }

    public int Panels { get; }

    /// <summary>
    /// The outputs of one panel for four rows of x (which may overlap, or be the same): <paramref name="tile"/> [4, 64], its rows in the
    /// order of the pointers.
    /// </summary>
    public void Tile(int panel, float* x0, float* x1, float* x2, float* x3, float* tile)
    {
        var w = (float*)weightsAt + (long)panel * Inputs * PanelWidth;
        var b = (float*)biasesAt + panel * PanelWidth;
        if (Processor.HasWideVectors) MatrixTile.Multiply512(w, b, Inputs, x0, x1, x2, x3, tile);
        else MatrixTile.Multiply256(w, b, Inputs, x0, x1, x2, x3, tile);
    }

    /// <summary>The outputs of one panel for one row; they stand first in <paramref name="tile"/> [4, 64].</summary>
    public void Row(int panel, ReadOnlySpan<float> x, Span<float> tile)
    {
        fixed (float* row = x, target = tile) Tile(panel, row, row, row, row, target);
    }

    /// <summary>y [rows, outputs] of x [rows, inputs]; both have the given strides.</summary>
    public void Multiply(float* x, int xStride, int rows, float* y, int yStride)
    {
        var tile = stackalloc float[TileSize];
        for (var panel = 0; panel < Panels; panel++)
        {
            var width = Math.Min(PanelWidth, Outputs - panel * PanelWidth);
            for (var row = 0; row < rows; row += TileRows)
            {
                Tile(panel, x + (long)row * xStride, x + (long)Math.Min(row + 1, rows - 1) * xStride,
                    x + (long)Math.Min(row + 2, rows - 1) * xStride, x + (long)Math.Min(row + 3, rows - 1) * xStride, tile);
                for (var i = 0; i < Math.Min(TileRows, rows - row); i++)
                    new ReadOnlySpan<float>(tile + i * PanelWidth, width)
                        .CopyTo(new(y + (long)(row + i) * yStride + panel * PanelWidth, width));
            }
        }
    }

    /// <summary>The same with y and x in tensors.</summary>
    public void Multiply(Tensor x, int xStride, int rows, Tensor y, int yStride) =>
        Multiply(CpuLoop.Floats(x), xStride, rows, CpuLoop.Floats(y), yStride);

    /// <summary>Numbers on the pinned heap, and where in them a cache line begins.</summary>
    static (float[] Numbers, nint Begin) Aligned(long count)
    {
        const int Line = 64;
        var numbers = GC.AllocateArray<float>(checked((int)(count + Line / sizeof(float))), pinned: true);
        fixed (float* begin = numbers) return (numbers, ((nint)begin + Line - 1) & -Line);
    }

    void Pack(float* source)
    {
        CpuLoop.Share(Panels, (long)Outputs * Inputs, (begin, end) =>
        {
            for (var panel = begin; panel < end; panel++) Pack(source, panel);
        });
    }

    void Pack(float* source, int panel)
    {
        var target = (float*)weightsAt + (long)panel * Inputs * PanelWidth;
        var width = Math.Min(PanelWidth, Outputs - panel * PanelWidth);
        for (var column = 0; column < width; column++)
        {
            var row = source + (long)(panel * PanelWidth + column) * Inputs;
            for (var input = 0; input < Inputs; input++) target[(long)input * PanelWidth + column] = row[input];
        }
    }
}
