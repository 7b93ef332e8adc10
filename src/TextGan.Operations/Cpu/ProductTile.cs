using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TextGan.Operations.Cpu;

/// <summary>
/// The innermost loops of <see cref="MatrixProduct"/>: a few rows of A times a few columns of B, with the sums in the registers of AVX-512.
/// A is read one number at a time, so that its order in memory does not matter; B is read in whole vectors.
/// </summary>
static unsafe class ProductTile
{
    /// <summary>C [4, 64] = A [4, k] · B [k, 64], or added to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourBy64(int k, float* a, long aRow, long aStep, float* b, long bStep, float* c, long cRow, bool add)
    {
        var (y0a, y0b, y0c, y0d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (y1a, y1b, y1c, y1d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (y2a, y2b, y2c, y2d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (y3a, y3b, y3c, y3d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var a1 = a + aRow;
        var a2 = a + 2 * aRow;
        var a3 = a + 3 * aRow;
        for (var i = 0; i < k; i++, b += bStep)
        {
            var wa = Vector512.Load(b);
            var wb = Vector512.Load(b + 16);
            var wc = Vector512.Load(b + 32);
            var wd = Vector512.Load(b + 48);
            var v0 = Vector512.Create(*a);
            y0a = Vector512.MultiplyAddEstimate(v0, wa, y0a);
            y0b = Vector512.MultiplyAddEstimate(v0, wb, y0b);
            y0c = Vector512.MultiplyAddEstimate(v0, wc, y0c);
            y0d = Vector512.MultiplyAddEstimate(v0, wd, y0d);
            a += aStep;
            var v1 = Vector512.Create(*a1);
            y1a = Vector512.MultiplyAddEstimate(v1, wa, y1a);
            y1b = Vector512.MultiplyAddEstimate(v1, wb, y1b);
            y1c = Vector512.MultiplyAddEstimate(v1, wc, y1c);
            y1d = Vector512.MultiplyAddEstimate(v1, wd, y1d);
            a1 += aStep;
            var v2 = Vector512.Create(*a2);
            y2a = Vector512.MultiplyAddEstimate(v2, wa, y2a);
            y2b = Vector512.MultiplyAddEstimate(v2, wb, y2b);
            y2c = Vector512.MultiplyAddEstimate(v2, wc, y2c);
            y2d = Vector512.MultiplyAddEstimate(v2, wd, y2d);
            a2 += aStep;
            var v3 = Vector512.Create(*a3);
            y3a = Vector512.MultiplyAddEstimate(v3, wa, y3a);
            y3b = Vector512.MultiplyAddEstimate(v3, wb, y3b);
            y3c = Vector512.MultiplyAddEstimate(v3, wc, y3c);
            y3d = Vector512.MultiplyAddEstimate(v3, wd, y3d);
            a3 += aStep;
        }
        Store(y0a, y0b, y0c, y0d, c, add);
        Store(y1a, y1b, y1c, y1d, c + cRow, add);
        Store(y2a, y2b, y2c, y2d, c + 2 * cRow, add);
        Store(y3a, y3b, y3c, y3d, c + 3 * cRow, add);
    }

    /// <summary>C [8, 32] = A [8, k] · B [k, 32], or added to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void EightBy32(int k, float* a, long aRow, long aStep, float* b, long bStep, float* c, long cRow, bool add)
    {
        var (y0a, y0b) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var (y1a, y1b) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var (y2a, y2b) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var (y3a, y3b) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var (y4a, y4b) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var (y5a, y5b) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var (y6a, y6b) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var (y7a, y7b) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var a1 = a + aRow;
        var a2 = a + 2 * aRow;
        var a3 = a + 3 * aRow;
        var a4 = a + 4 * aRow;
        var a5 = a + 5 * aRow;
        var a6 = a + 6 * aRow;
        var a7 = a + 7 * aRow;
        for (var i = 0; i < k; i++, b += bStep)
        {
            var wa = Vector512.Load(b);
            var wb = Vector512.Load(b + 16);
            var v0 = Vector512.Create(*a);
            y0a = Vector512.MultiplyAddEstimate(v0, wa, y0a);
            y0b = Vector512.MultiplyAddEstimate(v0, wb, y0b);
            a += aStep;
            var v1 = Vector512.Create(*a1);
            y1a = Vector512.MultiplyAddEstimate(v1, wa, y1a);
            y1b = Vector512.MultiplyAddEstimate(v1, wb, y1b);
            a1 += aStep;
            var v2 = Vector512.Create(*a2);
            y2a = Vector512.MultiplyAddEstimate(v2, wa, y2a);
            y2b = Vector512.MultiplyAddEstimate(v2, wb, y2b);
            a2 += aStep;
            var v3 = Vector512.Create(*a3);
            y3a = Vector512.MultiplyAddEstimate(v3, wa, y3a);
            y3b = Vector512.MultiplyAddEstimate(v3, wb, y3b);
            a3 += aStep;
            var v4 = Vector512.Create(*a4);
            y4a = Vector512.MultiplyAddEstimate(v4, wa, y4a);
            y4b = Vector512.MultiplyAddEstimate(v4, wb, y4b);
            a4 += aStep;
            var v5 = Vector512.Create(*a5);
            y5a = Vector512.MultiplyAddEstimate(v5, wa, y5a);
            y5b = Vector512.MultiplyAddEstimate(v5, wb, y5b);
            a5 += aStep;
            var v6 = Vector512.Create(*a6);
            y6a = Vector512.MultiplyAddEstimate(v6, wa, y6a);
            y6b = Vector512.MultiplyAddEstimate(v6, wb, y6b);
            a6 += aStep;
            var v7 = Vector512.Create(*a7);
            y7a = Vector512.MultiplyAddEstimate(v7, wa, y7a);
            y7b = Vector512.MultiplyAddEstimate(v7, wb, y7b);
            a7 += aStep;
        }
        Store(y0a, y0b, c, add);
        Store(y1a, y1b, c + cRow, add);
        Store(y2a, y2b, c + 2 * cRow, add);
        Store(y3a, y3b, c + 3 * cRow, add);
        Store(y4a, y4b, c + 4 * cRow, add);
        Store(y5a, y5b, c + 5 * cRow, add);
        Store(y6a, y6b, c + 6 * cRow, add);
        Store(y7a, y7b, c + 7 * cRow, add);
    }

    /// <summary>C [8, 16] = A [8, k] · B [k, 16], or added to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void EightBy16(int k, float* a, long aRow, long aStep, float* b, long bStep, float* c, long cRow, bool add)
    {
        var y0a = Vector512<float>.Zero;
        var y1a = Vector512<float>.Zero;
        var y2a = Vector512<float>.Zero;
        var y3a = Vector512<float>.Zero;
        var y4a = Vector512<float>.Zero;
        var y5a = Vector512<float>.Zero;
        var y6a = Vector512<float>.Zero;
        var y7a = Vector512<float>.Zero;
        var a1 = a + aRow;
        var a2 = a + 2 * aRow;
        var a3 = a + 3 * aRow;
        var a4 = a + 4 * aRow;
        var a5 = a + 5 * aRow;
        var a6 = a + 6 * aRow;
        var a7 = a + 7 * aRow;
        for (var i = 0; i < k; i++, b += bStep)
        {
            var wa = Vector512.Load(b);
            var v0 = Vector512.Create(*a);
            y0a = Vector512.MultiplyAddEstimate(v0, wa, y0a);
            a += aStep;
            var v1 = Vector512.Create(*a1);
            y1a = Vector512.MultiplyAddEstimate(v1, wa, y1a);
            a1 += aStep;
            var v2 = Vector512.Create(*a2);
            y2a = Vector512.MultiplyAddEstimate(v2, wa, y2a);
            a2 += aStep;
            var v3 = Vector512.Create(*a3);
            y3a = Vector512.MultiplyAddEstimate(v3, wa, y3a);
            a3 += aStep;
            var v4 = Vector512.Create(*a4);
            y4a = Vector512.MultiplyAddEstimate(v4, wa, y4a);
            a4 += aStep;
            var v5 = Vector512.Create(*a5);
            y5a = Vector512.MultiplyAddEstimate(v5, wa, y5a);
            a5 += aStep;
            var v6 = Vector512.Create(*a6);
            y6a = Vector512.MultiplyAddEstimate(v6, wa, y6a);
            a6 += aStep;
            var v7 = Vector512.Create(*a7);
            y7a = Vector512.MultiplyAddEstimate(v7, wa, y7a);
            a7 += aStep;
        }
        Store(y0a, c, add);
        Store(y1a, c + cRow, add);
        Store(y2a, c + 2 * cRow, add);
        Store(y3a, c + 3 * cRow, add);
        Store(y4a, c + 4 * cRow, add);
        Store(y5a, c + 5 * cRow, add);
        Store(y6a, c + 6 * cRow, add);
        Store(y7a, c + 7 * cRow, add);
    }

    /// <summary>C [4, 32] = A [4, k] · B [k, 32], or [4, 16] of B [k, 16]; or added to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourByFew(int k, bool wide, float* a, long aRow, long aStep, float* b, long bStep, float* c, long cRow, bool add)
    {
        var (y0a, y1a, y2a, y3a) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var (y0b, y1b, y2b, y3b) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var second = wide ? 16 : 0; // where there are only 16 columns, they are read and multiplied twice
        for (var i = 0; i < k; i++, a += aStep, b += bStep)
        {
            var (wa, wb) = (Vector512.Load(b), Vector512.Load(b + second));
            var (v0, v1) = (Vector512.Create(*a), Vector512.Create(a[aRow]));
            var (v2, v3) = (Vector512.Create(a[2 * aRow]), Vector512.Create(a[3 * aRow]));
            y0a = Vector512.MultiplyAddEstimate(v0, wa, y0a);
            y0b = Vector512.MultiplyAddEstimate(v0, wb, y0b);
            y1a = Vector512.MultiplyAddEstimate(v1, wa, y1a);
            y1b = Vector512.MultiplyAddEstimate(v1, wb, y1b);
            y2a = Vector512.MultiplyAddEstimate(v2, wa, y2a);
            y2b = Vector512.MultiplyAddEstimate(v2, wb, y2b);
            y3a = Vector512.MultiplyAddEstimate(v3, wa, y3a);
            y3b = Vector512.MultiplyAddEstimate(v3, wb, y3b);
        }
        if (wide)
        {
            Store(y0a, y0b, c, add);
            Store(y1a, y1b, c + cRow, add);
            Store(y2a, y2b, c + 2 * cRow, add);
            Store(y3a, y3b, c + 3 * cRow, add);
        }
        else
        {
            Store(y0a, c, add);
            Store(y1a, c + cRow, add);
            Store(y2a, c + 2 * cRow, add);
            Store(y3a, c + 3 * cRow, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* target, bool add)
    {
        if (add)
        {
            a += Vector512.Load(target);
            b += Vector512.Load(target + 16);
            c += Vector512.Load(target + 32);
            d += Vector512.Load(target + 48);
        }
        a.Store(target);
        b.Store(target + 16);
        c.Store(target + 32);
        d.Store(target + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector512<float> a, Vector512<float> b, float* target, bool add)
    {
        if (add)
        {
            a += Vector512.Load(target);
            b += Vector512.Load(target + 16);
        }
        a.Store(target);
        b.Store(target + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector512<float> a, float* target, bool add)
    {
        if (add)
        {
            a += Vector512.Load(target);
        }
        a.Store(target);
    }
}
