using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>Whether all of a tensor is true, where a loop may end early if so.</summary>
public static class AllTrue
{
    /// <summary>On an accelerator, asking waits for it: there only every so many steps.</summary>
    const int StepsBetweenQuestions = 8;

    /// <summary>
    /// Whether every entry of <paramref name="flags"/> (bool) is known to be true at this step of the loop. False where it was not asked.
    /// </summary>
    public static bool IsKnown(Tensor flags, int step)
    {
        if (flags.device_type != DeviceType.CPU && step % StepsBetweenQuestions != 0) return false;
        using var all = flags.all();
        return all.item<bool>();
    }
}
