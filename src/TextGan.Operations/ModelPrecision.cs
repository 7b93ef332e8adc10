using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// The precision of models' matrix products in this process. It is one for all threads, because LibTorch's switches for TF32 are, and
/// because backward passes on CUDA run on threads of their own.
/// </summary>
public static class ModelPrecision
{
    static volatile bool inBfloat16;

    /// <summary>Whether models multiply in bfloat16. Not for backward passes: they keep what their forward pass has read.</summary>
    public static bool IsBfloat16 => inBfloat16;

    /// <summary>
    /// What a precision means for models on these devices, never <see cref="Precision.Auto"/>: TF32 is a matter of CUDA devices alone.
    /// </summary>
    public static Precision On(IEnumerable<Device> devices, Precision asked) => asked is not (Precision.Auto or Precision.Tf32) ? asked
        : devices.Any(device => device.type == DeviceType.CUDA) ? Precision.Tf32 : Precision.Float32;

    /// <summary>Sets the precision until disposal, which brings back the one before.</summary>
    /// <param name="precision">Not <see cref="Precision.Auto"/>: what that means depends on the devices.</param>
    public static IDisposable Use(Precision precision)
    {
        if (precision == Precision.Auto) throw new ArgumentException("auto stands for another precision.", nameof(precision));
        var before = new Restored(inBfloat16, backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
        var allowsTf32 = precision != Precision.Float32;
        Set(precision == Precision.Bfloat16, allowsTf32, allowsTf32); // by itself LibTorch allows TF32 to cuDNN alone
        return before;
    }

    static void Set(bool bfloat16, bool tf32OfProducts, bool tf32OfCudnn)
    {
        inBfloat16 = bfloat16;
        backends.cuda.matmul.allow_tf32 = tf32OfProducts;
        backends.cudnn.allow_tf32 = tf32OfCudnn;
    }

    sealed class Restored(bool bfloat16, bool tf32OfProducts, bool tf32OfCudnn) : IDisposable
    {
        public void Dispose() => Set(bfloat16, tf32OfProducts, tf32OfCudnn);
    }
}
