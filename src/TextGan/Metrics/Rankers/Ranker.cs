using TextGan.Generators;

namespace TextGan.Metrics.Rankers;

/// <summary>Ranks strings of tokens.</summary>
public abstract class Ranker
{
    /// <summary>A score for each string of the experiment's tokens, in nats per token; NaN where it cannot say.</summary>
    public abstract IReadOnlyList<double> Scores(IReadOnlyList<int[]> strings, EvaluationContext context);

    /// <summary>The likelihood per token of strings under a model, of which these are the ids.</summary>
    protected static IReadOnlyList<double> Scores(Generator model, ITokenizer tokenizer, IEnumerable<IReadOnlyList<int>> strings,
        int batchSize) =>
    [
        .. strings.Select(ids => new EncodedText([], 0, ids, ids.Count)).Chunk(batchSize)
            .SelectMany(chunk => TextLikelihood.Of(model, tokenizer, chunk)).Select(text => text.PerToken()),
    ];
}
