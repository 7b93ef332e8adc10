namespace TextGan.Data;

/// <summary>
/// The texts of several data sets one after another, training and held-out texts apart: what one discriminator of all the data learns from.
/// A larger set counts for more. Texts that occur in several sets occur as often here. Prompts are taken over if all sets have them.
/// </summary>
public sealed record UnionDataOptions : DataOptions
{
    /// <summary>The data sets by name, at least two.</summary>
    [Required]
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>
    /// Whether rejected texts are taken over, which all the sets must have then. Default false: real texts only, of pairs the chosen ones.
    /// </summary>
    public bool Pairs { get; init; }

    public override bool HasRejected => Pairs;

    public override bool HasNoExactSource => true;

    public override IReadOnlyList<string> MadeOf => Data;

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Data.Count < 2 || Data.Distinct().Count() < Data.Count)
            yield return new($"{path}.data",
                $"[{string.Join(", ", Data)}] found; at least two names of data sets are needed, none of them twice.");
    }

    public override DataSet Load(DataContext context)
    {
        DataSet[] sets = [.. Data.Select(name => context.Other(name))];
        if (Pairs && Array.FindIndex(sets, set => set.Train.Rejected is null) is >= 0 and var without)
            throw new InvalidInputException($"$.data.{context.Name}.data[{without}]",
                $"the data set '{Data[without]}' has no rejected texts, which \"pairs\" takes over from all sets.");
        bool[] controls = [.. sets.SelectMany(set => (DataSplit[])[set.Train, set.HeldOut]).Where(split => split.Texts.Count > 0)
            .Select(split => split.HasControls).Distinct()];
        if (controls.Length > 1)
            throw new InvalidInputException($"$.data.{context.Name}.data",
                "some of the sets have a template with control tokens and some have none, so that texts of users could be taken for " +
                "control tokens; give all of them such a template, or none.");
        return new DataSet(context.Name, Joined([.. sets.Select(set => set.Train)]), Joined([.. sets.Select(set => set.HeldOut)]),
            $"{string.Join(" and ", sets.Select(set => $"{Amount.Of(set.Train.Texts.Count, "text")} of '{set.Name}'"))}")
        { IsStandIn = sets.Any(set => set.IsStandIn) };
    }

    DataSplit Joined(IReadOnlyList<DataSplit> splits)
    {
        DataSplit[] filled = [.. splits.Where(split => split.Texts.Count > 0)];
        IReadOnlyList<T>? All<T>(Func<DataSplit, IReadOnlyList<T>?> part) =>
            filled.Any(split => part(split) is null) ? null : [.. filled.SelectMany(split => part(split)!)];
        return new DataSplit(All(split => split.Texts)!, Pairs ? All(split => split.Rejected) : null, All(split => split.Prompts))
        {
            HasControls = filled.Any(split => split.HasControls),
            Drawn = All(split => split.Drawn),
            DrawnRejected = Pairs ? All(split => split.DrawnRejected) : null,
        };
    }
}
