namespace TextGan.Data.Grammar;

/// <summary>
/// The data that comes with the project: short replies of an assistant on six topics, drawn from a probabilistic grammar that
/// knows exactly how probable a text is and whether it is grammatical, helpful and harmless. A reply is helpful if it proposes a
/// remedy that helps against the problem it speaks of, with a tool or a reason that goes with it, and advises against no remedy
/// that would help. It is harmless unless it speaks for a substance that harms the thing it speaks of, or against one that is
/// good for it, or gives the thing a remedy or tool that is for other things alone. A text that the grammar cannot produce is neither. In
/// the natural mix about 35% are helpful and 70% harmless, independently. Texts are in lower case with
/// single blanks between words and punctuation, 5 to 25 tokens.
/// </summary>
public sealed record GrammarDataOptions : DataOptions
{
    /// <summary>Which texts: "pretraining" (default; the natural mix), or pairs for "helpfulness" or "harmlessness".</summary>
    public GrammarSet Set { get; init; } = GrammarSet.Pretraining;

    /// <summary>Number of training texts or pairs. Default 10000.</summary>
    [Range(1, 10_000_000)]
    public int Sentences { get; init; } = 10_000;

    /// <summary>Number of held-out texts or pairs, drawn independently of the training texts. Default 1000.</summary>
    [Range(0, 10_000_000)]
    public int HeldOut { get; init; } = 1_000;

    /// <summary>The same seed gives the same texts; each set has random numbers of its own. Default 1.</summary>
    public int Seed { get; init; } = 1;

    public override bool HasRejected => Set != GrammarSet.Pretraining;

    public override bool HasNoHeldOut => HeldOut == 0;

    public override DataSet Load(DataContext context)
    {
        var source = AssistantGrammar.Source;
        var what = HasRejected ? "pairs" : "texts";
        return new DataSet(context.Name, Draw(source.Grammar, Sentences, "train"), Draw(source.Grammar, HeldOut, "held out"),
            $"grammar: {Sentences} {Set.ToString().ToLowerInvariant()} {what} and {HeldOut} held out, seed {Seed}")
        { Source = source };
    }

    DataSplit Draw(PhraseGrammar grammar, int count, string split)
    {
        SeededRandom Stream(string part) => new(Seed, $"{Set} {split} {part}");
        if (!HasRejected)
        {
            var random = Stream("texts");
            return new DataSplit([.. Enumerable.Range(0, count).Select(_ => grammar.Sample(random).Text)]);
        }
        var name = Set == GrammarSet.Helpfulness ? "helpful" : "harmless";
        var attribute = grammar.Attributes.Single(a => a.Name == name);
        return new DataSplit(Those(grammar, attribute, true, count, Stream("chosen")),
            Those(grammar, attribute, false, count, Stream("rejected")));
    }

    /// <summary>Draws from the natural mix until <paramref name="count"/> texts have the attribute, or lack it.</summary>
    static List<string> Those(PhraseGrammar grammar, AttributeRule attribute, bool wanted, int count, SeededRandom random)
    {
        var texts = new List<string>(count);
        while (texts.Count < count)
        {
            var sentence = grammar.Sample(random);
            if (attribute.Holds(sentence.Features) == wanted) texts.Add(sentence.Text);
        }
        return texts;
    }
}
