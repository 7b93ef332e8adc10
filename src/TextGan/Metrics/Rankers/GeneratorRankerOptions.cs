namespace TextGan.Metrics.Rankers;

/// <summary>The generator that is measured.</summary>
public sealed record GeneratorRankerOptions : RankerOptions
{
    public override Ranker Build(RankerContext context) =>
        new GeneratorRanker(context.Encoder.Tokenizer, context.BatchSize, of => of.Generator);
}

/// <summary>The generator as it was at the start of the adversarial phase; before that phase its values are missing.</summary>
public sealed record ReferenceRankerOptions : RankerOptions
{
    public override bool NeedsReference => true;

    public override Ranker Build(RankerContext context) =>
        new GeneratorRanker(context.Encoder.Tokenizer, context.BatchSize, of => of.Reference);
}

/// <summary>Ranks by a generator of the run.</summary>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="batchSize">The most strings in one forward pass.</param>
/// <param name="choose">Which one; null where it is not there.</param>
public sealed class GeneratorRanker(ITokenizer tokenizer, int batchSize, Func<EvaluationContext, Generator?> choose) : Ranker
{
    public override IReadOnlyList<double> Scores(IReadOnlyList<int[]> strings, EvaluationContext context) =>
        choose(context) is { } model ? Scores(model, tokenizer, strings, batchSize) : [.. strings.Select(_ => double.NaN)];
}
