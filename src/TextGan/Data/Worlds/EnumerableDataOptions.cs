namespace TextGan.Data.Worlds;

/// <summary>
/// Texts of a small world, whose distribution is known exactly and whose texts can all be listed: a random Markov chain over token numbers,
/// as many tokens in each text as the experiment's <c>length</c>; use the tokenizer kind "ids" with the same vocabulary. vocabulary^length
/// must be at most 250,000 (12 tokens at 5 positions). Each text has or lacks four exact attributes: "rising" (no token is below the one
/// before it), "falling" (none is above it, which conflicts with "rising"), "high" (the mean token is above the middle) and "even" (the sum
/// is even, which no part of a text tells). Sets with the same seed, vocabulary, order and deviation are of one world.
/// </summary>
public sealed record EnumerableDataOptions : DataOptions
{
    /// <summary>V: number of token ids. Default 6.</summary>
    [Range(2, 12)]
    public int Vocabulary { get; init; } = 6;

    /// <summary>How many tokens before it the next one depends on; from 'length' - 1 on every text has a probability of its own. Default
    /// 2.</summary>
    [Range(0, 20)]
    public int Order { get; init; } = 2;

    /// <summary>
    /// Standard deviation of the random logits: how concentrated the texts are. 0 makes all equally probable. Default 1.
    /// </summary>
    [Range(0.0, 20.0)]
    public double Deviation { get; init; } = 1;

    /// <summary>
    /// Pairs instead of texts: chosen ones have this attribute, rejected ones lack it, each drawn from the world. Null (default): texts as
    /// they come.
    /// </summary>
    public WorldProperty? Attribute { get; init; }

    /// <summary>Number of training texts or pairs. Default 10000.</summary>
    [Range(1, 10_000_000)]
    public int Sentences { get; init; } = 10_000;

    /// <summary>Number of held-out texts or pairs, drawn independently of the training texts. Default 1000.</summary>
    [Range(0, 10_000_000)]
    public int HeldOut { get; init; } = 1_000;

    /// <summary>Seed of the world and of the texts. Default 1.</summary>
    public int Seed { get; init; } = 1;

    public override bool HasRejected => Attribute is not null;

    public override bool HasNoHeldOut => HeldOut == 0;

    public override DataSet Load(DataContext context)
    {
        if (AllTexts.Count(Vocabulary, context.Length, null) > AllTexts.Most)
            throw new InvalidInputException($"$.data.{context.Name}.vocabulary",
                FormattableString.Invariant($"is {Vocabulary}: there are more than {AllTexts.Most:N0} texts of {context.Length} tokens ") +
                "('length') from so many, which cannot all be listed; take fewer, such as 12 and a 'length' of 5.");
        var world = new EnumerableWorld(Vocabulary, context.Length, Order, Deviation, Seed);
        var what = Amount.Of(Sentences, Attribute is null ? "text" : "pair");
        if (Attribute is { } attribute)
        {
            var name = attribute.ToString().ToLowerInvariant();
            var have = world.Ids.Count(row => world.Has(attribute, row));
            if (have == 0 || have == world.Ids.Count)
                throw new InvalidInputException($"$.data.{context.Name}.attribute",
                    $"is \"{name}\", which {(have == 0 ? "none" : "each")} of the {world.Ids.Count} texts is, so that there are no " +
                    "pairs; take another, or a larger 'length'.");
            what += FormattableString.Invariant($" ({world.Rate(attribute):0.000} of the world's texts are {name})");
        }
        return new DataSet(context.Name, Draw(world, Sentences, "train"), Draw(world, HeldOut, "held out"),
            FormattableString.Invariant($"enumerable: {what} and {HeldOut} held out, seed {Seed}, {world.Ids.Count} possible texts"))
        { Source = world };
    }

    DataSplit Draw(EnumerableWorld world, int count, string split)
    {
        SeededRandom Stream(string part) => new(Seed, $"{split} {part}");
        return Attribute is not { } attribute ? new DataSplit(world.Sample(count, Stream("texts")))
            : new DataSplit(world.Sample(count, Stream($"{attribute} chosen"), attribute, true),
                world.Sample(count, Stream($"{attribute} rejected"), attribute, false));
    }
}
