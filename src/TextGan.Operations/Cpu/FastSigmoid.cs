using System.Numerics;

namespace TextGan.Operations.Cpu;

/// <summary>The squashing functions of recurrent cells, from <see cref="FastExp"/>; right to about 1e-7.</summary>
static class FastSigmoid
{
    /// <summary>σ(x) = 1/(1 + e^-x).</summary>
    public static Vector<float> Sigmoid(Vector<float> x)
    {
        var small = FastExp.Of(-Vector.Abs(x)); // of numbers that are 0 or less, so that nothing overflows
        var numerator = Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, small);
        return OrNone(numerator / (Vector<float>.One + small), x);
    }

    /// <summary>tanh(x) = 2σ(2x) - 1.</summary>
    public static Vector<float> Tanh(Vector<float> x)
    {
        var small = FastExp.Of(-2 * Vector.Abs(x));
        return OrNone(Vector.CopySign((Vector<float>.One - small) / (Vector<float>.One + small), x), x);
    }

    /// <summary>NaN where x is NaN: the fast exponential would give a number.</summary>
    static Vector<float> OrNone(Vector<float> value, Vector<float> x) => Vector.ConditionalSelect(Vector.Equals(x, x), value, x);
}
