using TextGan.Data.Teachers;

namespace TextGan.Discriminators;

/// <summary>
/// Asks a teacher for labels of the generator's texts, where each label costs something: from a pool of fresh texts those are chosen on
/// which the discriminator's members disagree most (query by committee, Seung, Opper and Sompolinsky 1992), or random ones. Texts that were
/// labelled before, or come twice in the pool, are left out. Each member learns from a bootstrap sample of its own of the labelled texts
/// unless 'resample' is off. Where the teacher answers without a person, evaluations also ask it about their samples: "oracleAuc" and
/// "oracleAccuracy" of the discriminator in the log say how well it judges what the generator writes now.
/// </summary>
public sealed record OracleQueryOptions : LabelBudgetOptions
{
    /// <summary>Who labels: a teacher that can say of a text whether it has the property.</summary>
    [Required]
    public TeacherOptions Teacher { get; init; } = null!;

    /// <summary>
    /// Which texts of the pool are asked about: "disagreement" (default) or "random", the control that draws from the same pools.
    /// </summary>
    public QuerySelection Select { get; init; } = QuerySelection.Disagreement;

    /// <summary>Fresh texts that 'batch' of them are chosen from each time. Default 64.</summary>
    [Range(1, 100_000)]
    public int Pool { get; init; } = 64;

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Labels is null) yield return new($"{path}.labels", "is missing: how many labels may be asked for in all.");
        if (Batch is null) yield return new($"{path}.batch", "is missing: how many labels are asked for each time.");
        else if (Batch > Pool)
            yield return new($"{path}.batch", $"is {Batch}, but the pool has {Amount.Of(Pool, "text")} ('pool') to choose from.");
        if (Teacher is { CanLabelSome: false })
            yield return new($"{path}.teacher", "cannot label single texts; take one that can, such as the kind \"rule\".");
    }
}

/// <summary>Which texts an oracle is asked about.</summary>
public enum QuerySelection
{
    /// <summary>Those with the largest variance between the members' probabilities.</summary>
    Disagreement,

    /// <summary>Any.</summary>
    Random,
}
