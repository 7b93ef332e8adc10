namespace TextGan.Training.Guards;

/// <summary>
/// A discriminator that learns from pairs of its data and knows these by heart: at an evaluation it is right on many more of the pairs that
/// it learns from than of held-out ones. Then its score of a text says less and less about the text. Both shares and the gap are in the log
/// ("trainingAccuracyPairs", "heldOutAccuracyPairs", "gapPairs"), over as many pairs as the evaluation has samples, at most.
/// </summary>
public sealed record OverfittingDiscriminatorGuardOptions : ComponentOptions
{
    /// <summary>"off" (no notice either), "warn" (default), "stop" or "roll-back".</summary>
    public GuardAction Action { get; init; } = GuardAction.Warn;

    /// <summary>The gap from which on there is a notice, whatever the action: an early warning. Default 0.05.</summary>
    [Range(0.0, 1.0)]
    public double Notice { get; init; } = 0.05;

    /// <summary>The gap from which on the action is taken. Default 0.1.</summary>
    [Range(0.0, 1.0)]
    public double Limit { get; init; } = 0.1;

    /// <summary>
    /// Pairs, of training and of held-out ones, from which on the gap itself is compared with 'notice' and 'limit'; of fewer on either side
    /// the whole 95% interval of the gap has to lie above. Default 300.
    /// </summary>
    [Range(1, 1_000_000)]
    public int Pairs { get; init; } = 300;

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Notice > Limit)
            yield return new($"{path}.notice",
                $"is {Notice}, more than 'limit' ({Limit}), so that the warning would come before the notice.");
    }
}
