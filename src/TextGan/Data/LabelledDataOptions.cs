using TextGan.Data.Rules;

namespace TextGan.Data;

/// <summary>
/// The texts of another data set, split by a property that can be checked exactly: the real texts have it, the rejected ones lack it. The
/// rarer ones are repeated until there are as many of both, so that a discriminator with "opponents": { "generated": 0, "rejected": 1 }
/// learns the property from balanced batches. Training and held-out texts stay apart. Prompts are not taken over.
/// </summary>
public sealed record LabelledDataOptions : DataOptions
{
    /// <summary>The data set whose texts are split, by name; of pairs the chosen texts are.</summary>
    [Required]
    public string Data { get; init; } = "";

    /// <summary>The property.</summary>
    [Required]
    public TextRuleOptions Rule { get; init; } = null!;

    /// <summary>
    /// The share of training texts, picked at random, that are put on the wrong side, as by a labeller who errs. Default 0.
    /// </summary>
    [Range(0.0, 0.5)]
    public double Noise { get; init; }

    /// <summary>The seed of that pick. Default 1.</summary>
    public int Seed { get; init; } = 1;

    public override bool HasRejected => true;

    public override bool HasNoExactSource => true;

    public override IReadOnlyList<string> MadeOf => [Data];

    public override DataSet Load(DataContext context)
    {
        var set = context.Other(Data);
        var rule = Rule.Build();
        if (set.IsStandIn)
            return new DataSet(context.Name, Split(set.Train, Alternating(set.Train)), Split(set.HeldOut, Alternating(set.HeldOut)),
                $"texts of '{Data}', split by the rule once they are drawn") { IsStandIn = true };
        bool[] holds = [.. set.Train.Texts.Select(rule.Holds)], heldOutHolds = [.. set.HeldOut.Texts.Select(rule.Holds)];
        var random = new SeededRandom(Seed, "labels");
        bool[] flipped = [.. holds.Select(_ => random.NextDouble() < Noise)];
        var counts = new LabelCounts(holds.Length, Count(holds), Count(flipped), heldOutHolds.Length, Count(heldOutHolds));
        bool[] labels = [.. holds.Zip(flipped, (one, isWrong) => one ^ isWrong)];
        if (IsOneSided(holds) || IsOneSided(labels))
            throw new InvalidInputException($"$.data.{context.Name}.rule",
                $"holds for {counts.Holding:N0} of the {Amount.Of(holds.Length, "training text")} of '{Data}': there is nothing to tell " +
                $"apart.");
        var share = FormattableString.Invariant($"{100.0 * counts.Holding / holds.Length:0.0}%");
        var wrong = counts.Flipped > 0 ? $"; {Amount.Of(counts.Flipped, "label")} made wrong" : "";
        var heldOut = heldOutHolds.Length > 0 ? $"; {counts.HeldOutHolding:N0} of {counts.HeldOutTexts:N0} held out" : "";
        return new DataSet(context.Name, Split(set.Train, labels), Split(set.HeldOut, heldOutHolds),
            $"{counts.Holding:N0} of {Amount.Of(counts.Texts, "text")} of '{Data}' have the property ({share}){heldOut}{wrong}")
        { Labels = counts };
    }

    static bool[] Alternating(DataSplit split) => [.. Enumerable.Range(0, split.Texts.Count).Select(i => i % 2 == 0)];

    static bool IsOneSided(bool[] labels) => labels.Distinct().Count() < 2;

    static int Count(bool[] labels) => labels.Count(label => label);

    /// <summary>The texts with the label against those without, as many of both; none where one side is empty.</summary>
    static DataSplit Split(DataSplit split, bool[] labels)
    {
        int[] Numbers(bool wanted) => [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] == wanted)];
        var (with, without) = (Numbers(true), Numbers(false));
        if (with.Length == 0 || without.Length == 0) return DataSplit.Empty;
        int[] order = [.. Enumerable.Range(0, Math.Max(with.Length, without.Length))];
        int[] real = [.. order.Select(i => with[i % with.Length])], rejected = [.. order.Select(i => without[i % without.Length])];
        string[] texts = [.. split.Texts]; // a streamed split would be read once for each text
        return new DataSplit([.. real.Select(i => texts[i])], [.. rejected.Select(i => texts[i])])
        {
            Drawn = split.Drawn is { } drawn ? [.. real.Select(i => drawn[i])] : null,
            DrawnRejected = split.Drawn is { } others ? [.. rejected.Select(i => others[i])] : null,
        };
    }
}
