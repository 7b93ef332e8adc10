using System.Numerics;

namespace TextGan.Operations.Cpu;

/// <summary>
/// e^x of numbers that are 0 or less, to about 1e-7 of the value; in a third of the time of the general function, which works in doubles.
/// </summary>
static class FastExp
{
    /// <summary>The least x whose e^x is an ordinary float; below, it counts as 0.</summary>
    const float Underflow = -87;

    /// <summary>
    /// 1.5·2²³: a float of this size has no bits behind the point, so that adding it rounds, and its low bits are the whole number.
    /// </summary>
    const float Round = 12582912;

    public static Vector<float> Of(Vector<float> x)
    {
        var shifted = Vector.FusedMultiplyAdd(x, new(1.44269504f), new Vector<float>(Round));
        var n = shifted - new Vector<float>(Round); // e^x = 2^n · e^r
        var r = Vector.FusedMultiplyAdd(n, new(-0.693359375f), x); // ln 2 in two parts: n times the first is exact
        r = Vector.FusedMultiplyAdd(n, new(2.12194440e-4f), r);

        // The polynomial of Cephes' expf: e^r = 1 + r + r²·P(r) for |r| ≤ ln2/2.
        var p = Vector.FusedMultiplyAdd(new Vector<float>(1.9875691500e-4f), r, new(1.3981999507e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new(8.3334519073e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new(4.1665795894e-2f));
        p = Vector.FusedMultiplyAdd(p, r, new(1.6666665459e-1f));
        p = Vector.FusedMultiplyAdd(p, r, new(5.0000001201e-1f));
        p = Vector.FusedMultiplyAdd(p, r * r, r + Vector<float>.One);

        var scaled = Vector.AsVectorSingle(Vector.AsVectorInt32(p) + (Vector.AsVectorInt32(shifted) << 23)); // adds n to the exponent
        return Vector.ConditionalSelect(Vector.LessThan(x, new(Underflow)), Vector<float>.Zero, scaled);
    }
}
