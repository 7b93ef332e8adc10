using static TextGan.Native.KeptTensor;

namespace TextGan.Optimizers;

/// <summary>
/// An optimiser's step that is taken only if loss and gradient are finite, so that neither weights nor moments take in what is not. Whether
/// they are is known on the device first: the step waits, and other work can be sent to its device, until <see cref="Take"/> reads it.
/// </summary>
/// <param name="optimizer">What steps; the caller disposes of it.</param>
/// <param name="taken">Called after each step.</param>
public sealed class PendingStep(optim.Optimizer optimizer, Action? taken = null) : IDisposable
{
    readonly optim.Optimizer optimizer = optimizer;
    readonly Action? taken = taken;
    Tensor? figure;

    /// <summary>The gradients are there; the step waits.</summary>
    /// <param name="figure">A 0-dim tensor that is finite where loss and gradient are, such as the sum of the loss and the gradient's
    /// norm.</param>
    public void Prepare(Tensor figure) => Keep(ref this.figure, figure.detach());

    /// <summary>Takes the step that waits, if one does and its figure is finite. Waits for the device.</summary>
    public void Take() => TakeAll([this]);

    /// <summary>Takes the steps that wait and whose figures are finite. Waits for each device once.</summary>
    public static void TakeAll(IEnumerable<PendingStep> steps)
    {
        using var scope = NewDisposeScope();
        foreach (var group in steps.Where(step => step.figure is not null).GroupBy(step => step.figure!.device.ToString()).ToArray())
        {
            var areFinite = stack([.. group.Select(step => step.figure!)]).isfinite().cpu().data<bool>().ToArray();
            foreach (var (step, isFinite) in group.Zip(areFinite))
            {
                step.Forget();
                if (!isFinite) continue;
                step.optimizer.step();
                step.taken?.Invoke();
            }
        }
    }

    /// <summary>The step is not to be taken any more.</summary>
    public void Forget() => Keep(ref figure, null);

    public void Dispose() => Forget();
}
