using System.ComponentModel.DataAnnotations;
using TextGan.Problems;

namespace TextGan.Training.Guards;

/// <summary>A generator that writes the same over and over: distinct-n (different n-grams divided by all n-grams) of an evaluation's texts is under a threshold.</summary>
public sealed record ModeCollapseGuardOptions : ComponentOptions
{
    /// <summary>"off", "warn" (default), "stop" or "roll-back".</summary>
    public GuardAction Action { get; init; } = GuardAction.Warn;

    /// <summary>n. Default 2.</summary>
    [Range(1, 10)]
    public int Order { get; init; } = 2;

    /// <summary>
    /// The smallest distinct-n that is still sound. It falls as evaluation.samples grows: 500 copies of one text of ten tokens have
    /// a distinct-2 of 0.002. Default 0.01.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Minimum { get; init; } = 0.01;
}
