using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// Backward passes that fail with the exception that a function of ours has thrown. LibTorch calls the backward function of a
/// <see cref="GuardedFunction{T}"/> from native code, and an exception that left it would end the process. So it is caught there, the
/// function sends no gradients, and the exception is thrown here when LibTorch has returned.
/// </summary>
public static class BackwardPass
{
    /// <summary>
    /// TorchSharp wants a gradient for each argument of a function, which is not known here, but cuts off more of them if they are null.
    /// </summary>
    const int MoreThanArguments = 4096;

    static ExceptionDispatchInfo? failure; // the first of a pass, whose functions may run on threads of LibTorch

    /// <summary>Adds the gradients of a scalar to those of its leaves.</summary>
    public static void Run(Tensor loss) => Watch(() =>
    {
        loss.backward();
        return true;
    });

    /// <summary>
    /// The gradients of a scalar in some tensors; null for one that it does not depend on, which is no error, because TorchSharp does not
    /// catch those of LibTorch here.
    /// </summary>
    public static Tensor?[] Gradients(Tensor output, IList<Tensor> inputs, bool retainGraph = false, bool createGraph = false) =>
    [
        .. Watch(() => autograd.grad([output], inputs, retain_graph: retainGraph, create_graph: createGraph, allow_unused: true))
            .Select(gradient => gradient is null || gradient.IsInvalid ? null : gradient),
    ];

    static T Watch<T>(Func<T> pass)
    {
        try
        {
            return pass();
        }
        finally
        {
            Interlocked.Exchange(ref failure, null)?.Throw(); // whatever LibTorch says of missing gradients follows from it
        }
    }

    /// <summary>What a function's backward pass gives; no gradients where it fails.</summary>
    internal static List<Tensor> Guard(Func<List<Tensor>> backward)
    {
        try
        {
            return backward();
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            return [.. new Tensor[MoreThanArguments]];
        }
    }
}
