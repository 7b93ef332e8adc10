using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Products of matrices in main memory that may stand in any order there, for the shapes of text models, where one side is often narrow:
/// twice as fast as LibTorch's on processors with AVX-512 that MKL does not know, and no faster on others
/// (<see cref="Processor.HasWideVectors"/>). It needs no copy of either side but of B's columns, 64 at a time. What one row of C is does
/// not depend on the number of threads.
/// </summary>
static unsafe class MatrixProduct
{
    /// <summary>Columns of C that are worked on at once.</summary>
    const int Panel = 64;

    /// <summary>Terms of a sum that are taken at once: as many rows of B's panel stay in the second cache.</summary>
    const int Depth = 1536;

    /// <summary>So many multiplications are worth a thread.</summary>
    const long Grain = 1 << 17;

    /// <summary>Rows of C in the largest tile: what threads get are multiples of it.</summary>
    const int TileRows = 8;

    /// <summary>Rows of C in the smallest tile.</summary>
    public const int LeastRows = 4;

    /// <summary>C = A·B, or C + A·B, on as many threads as LibTorch uses.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">A; the number in row i and column j is at <c>i * aRow + j * aColumn</c>.</param>
    /// <param name="aRow">See a.</param>
    /// <param name="aColumn">See a.</param>
    /// <param name="b">B; its rows are contiguous and <paramref name="bRow"/> apart.</param>
    /// <param name="bRow">See b.</param>
    /// <param name="c">C; its rows are contiguous and <paramref name="cRow"/> apart.</param>
    /// <param name="cRow">See c.</param>
    /// <param name="add">Whether the product is added to what C holds.</param>
    public static void Shared(int m, int n, int k, float* a, long aRow, long aColumn, float* b, long bRow, float* c, long cRow, bool add)
    {
        var (x, y, z) = ((nint)a, (nint)b, (nint)c);
        var work = (long)m * n * k;
        if (n > m && n >= Panel * Threads(m, n, k))
        {
            // The larger side is shared out: what is not, every thread reads, and copies, whole.
            CpuLoop.Share((n + Panel - 1) / Panel, work, (begin, end) =>
            {
                var first = begin * Panel;
                Single(m, Math.Min(n, end * Panel) - first, k, (float*)x, aRow, aColumn, (float*)y + first, bRow, (float*)z + first, cRow,
                    add);
            }, Grain);
            return;
        }
        CpuLoop.Share((m + TileRows - 1) / TileRows, work, (begin, end) =>
        {
            var first = begin * TileRows;
            Single(Math.Min(m, end * TileRows) - first, n, k, (float*)x + first * aRow, aRow, aColumn, (float*)y, bRow,
                (float*)z + first * cRow, cRow, add);
        }, Grain);
    }

    /// <summary>How many threads a product of [m,k] and [k,n] is worth.</summary>
    public static int Threads(int m, int n, int k) => CpuLoop.Threads((long)m * n * k, Grain);

    /// <summary>As <see cref="Shared"/>, with A, B and C in tensors, the latter two from some number on.</summary>
    public static void Multiply(int m, int n, int k, Tensor a, long aRow, long aColumn, Tensor b, int bFirst, long bRow, Tensor c,
        int cFirst, long cRow, bool add) =>
        Shared(m, n, k, CpuLoop.Floats(a), aRow, aColumn, CpuLoop.Floats(b) + bFirst, bRow, CpuLoop.Floats(c) + cFirst, cRow, add);

    /// <summary>Aᵀ·B [m,n], where A is stored as [k,m] and B as [k,n], both contiguous.</summary>
    public static Tensor OfTransposed(int m, int n, int k, Tensor a, Tensor b)
    {
        var product = empty(m, n);
        Shared(m, n, k, CpuLoop.Floats(a), 1, m, CpuLoop.Floats(b), n, CpuLoop.Floats(product), n, false);
        return product;
    }

    /// <summary>As <see cref="Shared"/>, on the calling thread alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Single(int m, int n, int k, float* a, long aRow, long aColumn, float* b, long bRow, float* c, long cRow, bool add)
    {
        if (m == 0 || n == 0) return;
        if (k == 0)
        {
            if (!add) for (var row = 0; row < m; row++) new Span<float>(c + row * cRow, n).Clear();
            return;
        }
        // Where many rows read a panel, its copy is worth it: rows that stand far apart cost a page each.
        var depth = Math.Min(k, Depth);
        using var copy = new Scratch(depth * Panel);
        for (var from = 0; from < k; from += depth, add = true)
        {
            var count = Math.Min(depth, k - from);
            for (var column = 0; column < n; column += Panel)
            {
                var width = Math.Min(Panel, n - column);
                var (panel, step) = ((nint)(b + from * bRow + column), bRow);
                var padded = (width + 15) / 16 * 16;
                if (padded != width || (m > 2 * TileRows && count > Panel && bRow > Panel))
                {
                    for (var row = 0; row < count; row++)
                    {
                        var target = new Span<float>(copy.Numbers + (long)row * padded, padded);
                        new ReadOnlySpan<float>((float*)panel + row * bRow, width).CopyTo(target);
                        target[width..].Clear();
                    }
                    (panel, step) = ((nint)copy.Numbers, padded);
                }
                Columns(m, width, padded, count, a + from * aColumn, aRow, aColumn, (float*)panel, step, c + column, cRow, add);
            }
        }
    }

    /// <summary>One panel of at most 64 columns; B has <paramref name="padded"/> columns, a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Columns(int m, int width, int padded, int k, float* a, long aRow, long aColumn, float* b, long bRow, float* c, long cRow,
        bool add)
    {
        var tile = stackalloc float[TileRows * Panel];
        for (var column = 0; column < padded;)
        {
            var columns = padded - column >= 64 ? 64 : padded - column >= 32 ? 32 : 16;
            var whole = column + columns <= width;
            int rows;
            for (var row = 0; row < m; row += rows)
            {
                rows = columns < 64 && m - row >= TileRows ? TileRows : LeastRows;
                if (whole && row + rows <= m)
                {
                    Tile(rows, columns, k, a + row * aRow, aRow, aColumn, b + column, bRow, c + row * cRow + column, cRow, add);
                    continue;
                }
                // Rows that are too few are read again and again from the last one's place; columns that are too many are dropped.
                var (count, kept) = (Math.Min(rows, m - row), Math.Min(columns, width - column));
                if (count == rows) Tile(rows, columns, k, a + row * aRow, aRow, aColumn, b + column, bRow, tile, columns, false);
                else for (var i = 0; i < count; i++) Tile(
                    rows, columns, k, a + (row + i) * aRow, 0, aColumn, b + column, bRow, tile + (long)i * columns, 0, false);
                for (var i = 0; i < count; i++)
                {
                    var from = new ReadOnlySpan<float>(tile + (long)i * columns, kept);
                    var to = new Span<float>(c + (row + i) * cRow + column, kept);
                    if (!add) from.CopyTo(to);
                    else for (var j = 0; j < kept; j++) to[j] += from[j];
                }
            }
            column += columns;
        }
    }

    static void Tile(int rows, int columns, int k, float* a, long aRow, long aColumn, float* b, long bRow, float* c, long cRow, bool add)
    {
        if (columns == 64) ProductTile.FourBy64(k, a, aRow, aColumn, b, bRow, c, cRow, add);
        else if (rows == LeastRows) ProductTile.FourByFew(k, columns == 32, a, aRow, aColumn, b, bRow, c, cRow, add);
        else if (columns == 32) ProductTile.EightBy32(k, a, aRow, aColumn, b, bRow, c, cRow, add);
        else ProductTile.EightBy16(k, a, aRow, aColumn, b, bRow, c, cRow, add);
    }
}
