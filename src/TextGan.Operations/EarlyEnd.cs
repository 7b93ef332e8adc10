using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>When a loop asks whether it may end early.</summary>
public static class EarlyEnd
{
    /// <summary>On an accelerator, asking waits for it: there only every so many steps.</summary>
    const int StepsBetweenQuestions = 8;

    /// <summary>Whether a loop over tensors on <paramref name="device"/> asks at this step.</summary>
    public static bool IsAsked(Device device, int step) => device.type == DeviceType.CPU || step % StepsBetweenQuestions == 0;
}
