using System.Runtime.Intrinsics;

namespace TextGan.Operations.Cpu;

/// <summary>
/// The innermost loop of a product: four rows of x times one panel of <see cref="PackedMatrix"/>. Each weight that is loaded serves four
/// rows, each number of x a whole panel, so that the multipliers and not the caches set the pace.
/// </summary>
static unsafe class MatrixTile
{
    const int Width = PackedMatrix.PanelWidth;

    /// <summary>By Vector512, whose registers hold the whole tile.</summary>
    public static void Multiply512(float* w, float* b, int inputs, float* x0, float* x1, float* x2, float* x3, float* tile)
    {
        var (ba, bb, bc, bd) = (Vector512.Load(b), Vector512.Load(b + 16), Vector512.Load(b + 32), Vector512.Load(b + 48));
        var (y0a, y0b, y0c, y0d) = (ba, bb, bc, bd);
        var (y1a, y1b, y1c, y1d) = (ba, bb, bc, bd);
        var (y2a, y2b, y2c, y2d) = (ba, bb, bc, bd);
        var (y3a, y3b, y3c, y3d) = (ba, bb, bc, bd);
        var k = w;
        for (var input = 0; input < inputs; input++, k += Width)
        {
            var wa = Vector512.Load(k);
            var wb = Vector512.Load(k + 16);
            var wc = Vector512.Load(k + 32);
            var wd = Vector512.Load(k + 48);
            var v0 = Vector512.Create(x0[input]);
            y0a = Vector512.MultiplyAddEstimate(v0, wa, y0a);
            y0b = Vector512.MultiplyAddEstimate(v0, wb, y0b);
            y0c = Vector512.MultiplyAddEstimate(v0, wc, y0c);
            y0d = Vector512.MultiplyAddEstimate(v0, wd, y0d);
            var v1 = Vector512.Create(x1[input]);
            y1a = Vector512.MultiplyAddEstimate(v1, wa, y1a);
            y1b = Vector512.MultiplyAddEstimate(v1, wb, y1b);
            y1c = Vector512.MultiplyAddEstimate(v1, wc, y1c);
            y1d = Vector512.MultiplyAddEstimate(v1, wd, y1d);
            var v2 = Vector512.Create(x2[input]);
            y2a = Vector512.MultiplyAddEstimate(v2, wa, y2a);
            y2b = Vector512.MultiplyAddEstimate(v2, wb, y2b);
            y2c = Vector512.MultiplyAddEstimate(v2, wc, y2c);
            y2d = Vector512.MultiplyAddEstimate(v2, wd, y2d);
            var v3 = Vector512.Create(x3[input]);
            y3a = Vector512.MultiplyAddEstimate(v3, wa, y3a);
            y3b = Vector512.MultiplyAddEstimate(v3, wb, y3b);
            y3c = Vector512.MultiplyAddEstimate(v3, wc, y3c);
            y3d = Vector512.MultiplyAddEstimate(v3, wd, y3d);
        }
        y0a.Store(tile);
        y0b.Store(tile + 16);
        y0c.Store(tile + 32);
        y0d.Store(tile + 48);
        y1a.Store(tile + 1 * Width);
        y1b.Store(tile + 1 * Width + 16);
        y1c.Store(tile + 1 * Width + 32);
        y1d.Store(tile + 1 * Width + 48);
        y2a.Store(tile + 2 * Width);
        y2b.Store(tile + 2 * Width + 16);
        y2c.Store(tile + 2 * Width + 32);
        y2d.Store(tile + 2 * Width + 48);
        y3a.Store(tile + 3 * Width);
        y3b.Store(tile + 3 * Width + 16);
        y3c.Store(tile + 3 * Width + 32);
        y3d.Store(tile + 3 * Width + 48);
    }

    /// <summary>By Vector256, whose registers hold a quarter of the tile: it is filled in four passes.</summary>
    public static void Multiply256(float* w, float* b, int inputs, float* x0, float* x1, float* x2, float* x3, float* tile)
    {
        for (var part = 0; part < Width; part += 16, w += 16, b += 16, tile += 16)
        {
            var (ba, bb) = (Vector256.Load(b), Vector256.Load(b + 8));
            var (y0a, y0b) = (ba, bb);
            var (y1a, y1b) = (ba, bb);
            var (y2a, y2b) = (ba, bb);
            var (y3a, y3b) = (ba, bb);
            var k = w;
            for (var input = 0; input < inputs; input++, k += Width)
            {
                var wa = Vector256.Load(k);
                var wb = Vector256.Load(k + 8);
                var v0 = Vector256.Create(x0[input]);
                y0a = Vector256.MultiplyAddEstimate(v0, wa, y0a);
                y0b = Vector256.MultiplyAddEstimate(v0, wb, y0b);
                var v1 = Vector256.Create(x1[input]);
                y1a = Vector256.MultiplyAddEstimate(v1, wa, y1a);
                y1b = Vector256.MultiplyAddEstimate(v1, wb, y1b);
                var v2 = Vector256.Create(x2[input]);
                y2a = Vector256.MultiplyAddEstimate(v2, wa, y2a);
                y2b = Vector256.MultiplyAddEstimate(v2, wb, y2b);
                var v3 = Vector256.Create(x3[input]);
                y3a = Vector256.MultiplyAddEstimate(v3, wa, y3a);
                y3b = Vector256.MultiplyAddEstimate(v3, wb, y3b);
            }
            y0a.Store(tile);
            y0b.Store(tile + 8);
            y1a.Store(tile + 1 * Width);
            y1b.Store(tile + 1 * Width + 8);
            y2a.Store(tile + 2 * Width);
            y2b.Store(tile + 2 * Width + 8);
            y3a.Store(tile + 3 * Width);
            y3b.Store(tile + 3 * Width + 8);
        }
    }
}
