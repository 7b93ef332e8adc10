namespace TextGan.Training.Guards;

/// <summary>
/// A generator that repeats itself. Of an evaluation's samples the commonest text makes up too much, or too many repeat an earlier one,
/// both measured against as many real texts, or distinct-n (different n-grams divided by all n-grams) is too small. The real texts are
/// drawn at random, each as often as it comes, from the training texts that pretraining reads; without pretraining from those of the first
/// discriminator that has data.
/// Texts are equal where their tokens are. Fewer than 20 samples are not judged.
/// </summary>
public sealed record ModeCollapseGuardOptions : ComponentOptions
{
    /// <summary>"off", "warn" (default), "stop" or "roll-back".</summary>
    public GuardAction Action { get; init; } = GuardAction.Warn;

    /// <summary>
    /// The largest share of the samples that one text may make up. Where it is more, five times the share of the commonest of as many real
    /// texts is allowed (at most nine tenths of the way from that share to all). Default 0.05; 1 leaves this out.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Commonest { get; init; } = 0.05;

    /// <summary>
    /// How much larger the share of samples that repeat an earlier one may be than that of real texts. Default 0.3; 1 leaves this out.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Duplicates { get; init; } = 0.3;

    /// <summary>n of distinct-n. Default 2.</summary>
    [Range(1, 10)]
    public int Order { get; init; } = 2;

    /// <summary>
    /// The smallest distinct-n that is still sound. It falls as evaluation.samples grows: 500 copies of one text of ten tokens have
    /// a distinct-2 of 0.002. Samples without any n-gram are not judged by it. Default 0.01.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Minimum { get; init; } = 0.01;
}
