namespace TextGan.Training;

/// <summary>What judges say of an evaluation's texts.</summary>
/// <param name="Figures">Figures of the whole by their full names ("discriminator/NAME/heldOutScoreReal").</param>
/// <param name="Scores">The score of each text by the judge's name.</param>
public sealed record Judgement(IReadOnlyDictionary<string, double> Figures, IReadOnlyDictionary<string, double[]> Scores)
{
    /// <summary>Nobody's.</summary>
    public static Judgement None { get; } = new(new Dictionary<string, double>(), new Dictionary<string, double[]>());
}
