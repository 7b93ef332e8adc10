namespace TextGan.Schedules;

/// <summary>How a value (a temperature, a weight) changes over the training. In JSON a plain number means a constant.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[NumberMeans("constant", "value")]
[JsonDerivedType(typeof(ConstantScheduleOptions), "constant")]
[JsonDerivedType(typeof(LinearScheduleOptions), "linear")]
[JsonDerivedType(typeof(ExponentialScheduleOptions), "exponential")]
[JsonDerivedType(typeof(CosineScheduleOptions), "cosine")]
[JsonDerivedType(typeof(PowerScheduleOptions), "power")]
[JsonDerivedType(typeof(LogarithmicScheduleOptions), "logarithmic")]
[JsonDerivedType(typeof(SigmoidScheduleOptions), "sigmoid")]
[JsonDerivedType(typeof(StepScheduleOptions), "step")]
public abstract record ScheduleOptions : ComponentOptions
{
    /// <summary>The value at iteration <paramref name="step"/> (from 0) of <paramref name="total"/> iterations.</summary>
    public abstract double ValueAt(long step, long total);

    /// <summary><see cref="ValueAt"/>, which must be finite where a plug-in brought the schedule.</summary>
    internal double CheckedAt(long step, long total)
    {
        var value = ValueAt(step, total);
        if (!double.IsFinite(value) && PluginComponent.Of(this) is { } origin)
            throw origin.Fault(this, nameof(ValueAt), $"gave {value} at step {step}; a finite number is needed.");
        return value;
    }

    /// <summary>The share of the way done: 0 at step 0, 1 at the last step (total - 1) and after.</summary>
    protected static double Progress(long step, long total) => total <= 1 ? 1 : Math.Clamp(step / (double)(total - 1), 0, 1);
}
