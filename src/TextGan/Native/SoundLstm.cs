using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Native;

/// <summary>
/// Calls LSTM layers so that gradients on or off make no difference. Where no gradient is kept, LibTorch 2.10 takes oneDNN's kernel for
/// inference, which on some processors gives wrong states for many widths (on an AMD EPYC with AVX-512: H = 6, 8, 16 and 100, not 60, 64 and 128).
/// Its kernel for training is right.
/// </summary>
public static class SoundLstm
{
    /// <summary>[B,T,E] and the state before it, [L,B,H] each, or null for zeros → states of the last layer [B,T,H], last hidden and cell state [L,B,H].</summary>
    public static (Tensor Output, Tensor Hidden, Tensor Cell) Call(LSTM layers, Tensor input, (Tensor Hidden, Tensor Cell)? state = null)
    {
        if (is_grad_enabled() || input.device_type != DeviceType.CPU) return layers.call(input, state);
        using var scope = NewDisposeScope();
        using var gradients = enable_grad(); // chooses the kernel; what it leads to is cut off at once
        var (output, hidden, cell) = layers.call(input, state);
        return (output.detach().MoveToOuterDisposeScope(), hidden.detach().MoveToOuterDisposeScope(), cell.detach().MoveToOuterDisposeScope());
    }
}
