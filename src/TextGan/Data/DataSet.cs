namespace TextGan.Data;

/// <summary>Texts of one named set, split into what is trained on and what is held out.</summary>
/// <param name="Name">The key in the experiment's <c>data</c>.</param>
/// <param name="Train">What training reads.</param>
/// <param name="HeldOut">What only measurement reads; may be empty.</param>
/// <param name="Summary">One line for the log: counts, what was skipped, where it came from.</param>
public sealed record DataSet(string Name, DataSplit Train, DataSplit HeldOut, string Summary)
{
    /// <summary>The distribution that the texts were drawn from, where it is known exactly (grammar, LSTM oracle); else null.</summary>
    public IExactSource? Source { get; init; }

    /// <summary>How many texts have the property by which they were split; null where they were not.</summary>
    public LabelCounts? Labels { get; init; }

    /// <summary>
    /// Whether its texts are random ids in the place of texts that a model would have to draw, where an experiment is only checked.
    /// </summary>
    public bool IsStandIn { get; init; }

    /// <summary>The set's exact source, which decides an attribute.</summary>
    /// <param name="attribute">Its name.</param>
    /// <param name="place">Who asks for it, as messages name it.</param>
    /// <exception cref="InvalidInputException">It decides no such attribute.</exception>
    public IExactSource SourceOf(string attribute, string place)
    {
        if (Source?.Attributes.Contains(attribute) == true) return Source;
        var decided = string.Join(", ", (Source?.Attributes ?? []).Order(StringComparer.Ordinal));
        throw new InvalidInputException(place,
            $"data set '{Name}' does not decide the attribute '{attribute}'; it decides: {(decided.Length > 0 ? decided : "none")}.");
    }

    /// <summary>The same texts as if nothing had been asked.</summary>
    public DataSet WithoutPrompts() => this with { Train = Train with { Prompts = null }, HeldOut = HeldOut with { Prompts = null } };
}
