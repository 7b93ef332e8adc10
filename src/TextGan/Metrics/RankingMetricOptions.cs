using TextGan.Data;
using TextGan.Metrics.Rankers;

namespace TextGan.Metrics;

/// <summary>
/// Whether language models rank strings of tokens as one should expect: real text above the generator's ("student"), that above an n-gram
/// model's, and that above tokens drawn uniformly. All strings have the same number of tokens and no end. Each teacher NAME scores them by
/// log-likelihood in nats per token. "ranking-score-SOURCE-NAME" is the mean score of a source (real, student, n-gram, uniform), with its
/// standard error "...-error"; "ranking-auc-FIRST-SECOND-NAME" is the share of pairs in which the first source's string ranks above the
/// second's, a tie counting half, of each source and the next, with its standard error; "ranking-spearman-NAME-OTHER" is Spearman's rank
/// correlation between two teachers over all strings, with its 95% interval "...-low" and "...-high". The n-gram model learns from the
/// training texts and has Witten-Bell smoothing. Strings of all sources but the student's are the same at each evaluation.
/// </summary>
public sealed record RankingMetricOptions : MetricOptions
{
    /// <summary>Who ranks, by name: letters, digits, '-' and '_'.</summary>
    [Required]
    public IReadOnlyDictionary<string, RankerOptions> Teachers { get; init; } = new Dictionary<string, RankerOptions>();

    /// <summary>Strings of each source. Default 500; fewer where not as many texts are long enough.</summary>
    [Range(2, 1_000_000)]
    public int Strings { get; init; } = 500;

    /// <summary>Tokens of a string. Default 10; at most 'length'.</summary>
    [Range(1, 1_000_000)]
    public int Tokens { get; init; } = 10;

    /// <summary>n of the n-gram model that writes strings. Default 3.</summary>
    [Range(1, 10)]
    public int Order { get; init; } = 3;

    /// <summary>Which texts are the real ones: "held-out" (default) or "train".</summary>
    public ReferenceSplit Split { get; init; } = ReferenceSplit.HeldOut;

    /// <summary>The most texts that n-gram models learn from, spread evenly over the training texts. Default 10000.</summary>
    [Range(1, int.MaxValue)]
    public int Limit { get; init; } = 10_000;

    /// <summary>The seed of the strings. Default 1.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    public override bool NeedsData => true;

    public override bool NeedsHeldOut => Split == ReferenceSplit.HeldOut;

    public override bool NeedsReference => Teachers.Values.Any(teacher => teacher.NeedsReference);

    public override IReadOnlyList<string>? ValueNames => RankingMetric.NamesOf([.. Teachers.Keys]);

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Teachers.Count == 0) yield return new($"{path}.teachers", "there is no teacher; give at least one by name.");
        foreach (var problem in Teachers.Keys.Select(MetricInput.NameProblem).OfType<string>())
            yield return new($"{path}.teachers", problem);
    }

    public override IMetric Build(MetricContext context)
    {
        var encoder = context.Encoder;
        if (Tokens > encoder.Length)
            throw MetricInput.Invalid(RankingMetric.Kind, $"\"tokens\" is {Tokens}; texts have at most {encoder.Length} ('length').");
        var texts = encoder.Tokens(context.Texts(RankingMetric.Kind, Data, ReferenceSplit.Train, Limit));
        var real = encoder.Tokens(context.Texts(RankingMetric.Kind, Data, Split, int.MaxValue)).Where(ids => ids.Length >= Tokens)
            .Select(ids => ids[..Tokens]).ToArray();
        if (real.Length < 2)
            throw MetricInput.Invalid(RankingMetric.Kind, $"data set '{Data}' has {Amount.Of(real.Length, "text")} of {Tokens} tokens or " +
                "more; at least 2 are needed.");
        var vocabulary = Vocabulary(encoder.Tokenizer);
        var models = new Dictionary<int, NGramModel>();
        NGramModel NGram(int order) => models.TryGetValue(order, out var known) ? known
            : models[order] = new NGramModel(texts, order, vocabulary);
        var random = new SeededRandom(Seed, "ranking");
        var drawn = NGram(Order);
        RankedSource[] sources =
        [
            new("real", MetricInput.Spread(real, Strings)),
            new("student", null),
            new("n-gram", [.. Enumerable.Range(0, Strings).Select(_ => drawn.Draw(Tokens, random))]),
            new("uniform", [.. Enumerable.Range(0, Strings).Select(_ => Enumerable.Range(0, Tokens)
                .Select(_ => vocabulary[(int)(random.NextDouble() * vocabulary.Length)]).ToArray())]),
        ];
        var rankers = new RankerContext(encoder, context.BaseFolder, context.Device, context.BatchSize, NGram);
        return new RankingMetric(sources, [.. Teachers.Select(one => (one.Key, one.Value.BuildChecked(rankers)))], Strings, Tokens, encoder,
            context.BatchSize);
    }

    /// <summary>The tokens that a text may have. Where texts have no end, the first one is no special token either.</summary>
    static int[] Vocabulary(ITokenizer tokenizer)
    {
        int?[] special = tokenizer.EndId is { } end ? [end, tokenizer.StartId, tokenizer.PaddingId, tokenizer.UnknownId]
            : [tokenizer.UnknownId];
        return [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => !special.Contains(id))];
    }
}
