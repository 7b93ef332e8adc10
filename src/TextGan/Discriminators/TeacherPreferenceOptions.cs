using TextGan.Data.Teachers;

namespace TextGan.Discriminators;

/// <summary>
/// Preferences of a teacher in place of people's (RLAIF, Lee et al. 2309.00267): the teacher says which of two of the generator's own texts
/// is better, and the discriminator is a reward model that learns from these labels alone. It needs the loss "bradley-terry". Where the
/// generator answers prompts, both texts of a pair answer the same one, so that the estimator's 'groupSize' must be even; else any two
/// texts are a pair. Pairs are labelled before its first update, and then of the generator's batches, in iterations in which it learns.
/// Its 'data' may be left out; named, it is only measured on that set's held-out texts.
/// </summary>
public sealed record TeacherPreferenceOptions : ComponentOptions
{
    /// <summary>Who prefers. Where it prefers neither text, each counts as the better one half of the time.</summary>
    [Required]
    public TeacherOptions Teacher { get; init; } = null!;

    /// <summary>
    /// The number of pairs that are labelled in all, those before the first update included; after that, it learns from those that it has.
    /// Null (default): no limit.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? Labels { get; init; }

    /// <summary>Pairs of the generator's first texts that are labelled before the first update. Default 256.</summary>
    [Range(0, 10_000_000)]
    public int WarmUp { get; init; } = 256;

    /// <summary>Pairs are labelled every n-th iteration. Default 1.</summary>
    [Range(1, 1_000_000)]
    public int Every { get; init; } = 1;

    /// <summary>The number of pairs of the generator's batch that are labelled each time; null (default): all.</summary>
    [Range(1, 1_000_000)]
    public int? Batch { get; init; }

    /// <summary>The number of labelled pairs that are kept, the newest; each update draws from them. Default 1000.</summary>
    [Range(1, 10_000_000)]
    public int Keep { get; init; } = 1000;

    /// <summary>The share of labels that are turned round at random, as those of a careless teacher. Default 0.</summary>
    [Range(0.0, 0.5)]
    public double LabelNoise { get; init; }

    /// <summary>Yields what of a discriminator does not go with it.</summary>
    internal IEnumerable<Problem> CheckDiscriminator(DiscriminatorOptions discriminator, string path)
    {
        if (!discriminator.Learns)
        {
            yield return new Problem($"{path}.teacherPreference", "this kind of discriminator does not learn; leave it out.");
            yield break;
        }
        if (Teacher is { CanPrefer: false })
            yield return new Problem($"{path}.teacherPreference.teacher",
                "this kind of teacher does not say which of two texts is better.");
        if (!discriminator.Loss.NeedsPairs)
            yield return new Problem($"{path}.loss",
                "'teacherPreference' gives pairs of a better and a worse text; write \"loss\": { \"kind\": \"bradley-terry\" }.");
        const string alone = "it learns from the pairs of 'teacherPreference' alone; leave it out.";
        if (discriminator.Opponents != new OpponentOptions()) yield return new Problem($"{path}.opponents", alone);
        if (discriminator.Relabel is not null) yield return new Problem($"{path}.relabel", alone);
        if (discriminator.OracleQuery is not null) yield return new Problem($"{path}.oracleQuery", alone);
        if (discriminator.Match is not null) yield return new Problem($"{path}.match", alone);
    }
}
