using static TextGan.Native.HeldScalars;
using static TorchSharp.torch;

namespace TextGan.Tests.Plugin;

/// <summary>What a member returns in place of a right tensor.</summary>
static class FaultyTensor
{
    public static Tensor Of(Fault fault, Tensor right) => fault switch
    {
        Fault.Throw => throw new InvalidOperationException("no such table."),
        Fault.Null => null!,
        Fault.Shape => right.unsqueeze(0),
        Fault.NotANumber => right * Held(double.NaN),
        Fault.Device => right.to(new Device(TorchSharp.DeviceType.META)),
        Fault.Type => right.to_type(ScalarType.Int32),
        Fault.Detached => right.detach(),
        _ => right,
    };
}
