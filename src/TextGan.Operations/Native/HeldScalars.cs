using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Native;

/// <summary>
/// Numbers for tensor operations that live until the operation is over: <c>x * Held(0.5)</c>, <c>x.clamp_min(Held(1))</c>,
/// <c>a.Plus(b)</c>.
/// <para>
/// TorchSharp 0.107 makes a <see cref="Scalar"/> with a finalizer of each number, passes its handle on and keeps no reference to it (<c>x *
/// 0.5</c>;
/// also <c>a + b</c>, whose second term has the factor 1). If another thread's garbage collection falls into the call, LibTorch reads freed
/// memory:
/// it fails ("Expected false to be true", "Unknown scalar type") or computes with a wrong number. So no code of this library or of a
/// plug-in gives a bare number to a tensor operation, or calls an operation of TorchSharp that makes one. For those operations there are
/// extension methods here, with equal results.
/// </para>
/// </summary>
public static class HeldScalars
{
    /// <summary>
    /// How many scalars each thread keeps alive. A thread is in one call at a time and no call takes as many. Custom gradient functions
    /// make scalars while a backward pass runs, but the backward pass itself takes none.
    /// </summary>
    const int Kept = 64;

    [ThreadStatic]
    static Scalar[]? recent;

    [ThreadStatic]
    static int next;

    static readonly Scalar Zero = 0L.ToScalar(), One = 1L.ToScalar(), Two = 2L.ToScalar();

    /// <summary>A floating-point number for the next operation of this thread. Do not store it.</summary>
    public static Scalar Held(double number) => Keep(number.ToScalar());

    /// <summary>An integer for the next operation of this thread. Do not store it.</summary>
    public static Scalar Held(long number) => Keep(number.ToScalar());

    static Scalar Keep(Scalar scalar)
    {
        var kept = recent ??= new Scalar[Kept];
        kept[next] = scalar;
        next = (next + 1) % Kept;
        return scalar;
    }

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, double right) => left.add(Held(right), One);

    /// <summary>left + right; integers stay integers.</summary>
    public static Tensor Plus(this Tensor left, long right) => left.add(Held(right), One);

    /// <summary>left - right.</summary>
    public static Tensor Minus(this Scalar left, Tensor right) => right.neg().add(left, One);

    /// <summary>Adds <paramref name="right"/> to <paramref name="left"/> in place and returns <paramref name="left"/>.</summary>
    public static Tensor AddInPlace(this Tensor left, Tensor right) => left.add_(right, One);

    /// <summary>Adds <paramref name="right"/> to <paramref name="left"/> in place and returns <paramref name="left"/>.</summary>
    public static Tensor AddInPlace(this Tensor left, double right) => left.add_(Held(right), One);

    /// <summary>x².</summary>
    public static Tensor Squared(this Tensor x) => x.pow(Two);

    /// <summary>log(1 + exp(x)).</summary>
    public static Tensor Softplus(this Tensor x) => Softplus(x, Held(1.0), Held(20.0));

    /// <summary>0, 1, …, count - 1.</summary>
    public static Tensor Indices(long count, ScalarType type, Device? device = null) => arange(Zero, Held(count), One, type, device);

    /// <summary>TorchSharp's public softplus takes bare numbers.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "softplus1")]
    static extern Tensor Softplus(Tensor x, Scalar beta, Scalar threshold);
}
