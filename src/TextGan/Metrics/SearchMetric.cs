using TextGan.Generators.Sampling;
using TextGan.Generators.Search;
using TextGan.Metrics.Judges;

namespace TextGan.Metrics;

/// <summary>True reward, pursued reward and compute of a search (<see cref="SearchMetricOptions"/>).</summary>
/// <param name="options">The search and its budgets.</param>
/// <param name="judge">Says which texts are right.</param>
/// <param name="encoder">Tokenizer and row length.</param>
public sealed class SearchMetric(SearchMetricOptions options, GoldJudge judge, TextEncoder encoder) : IMetric
{
    /// <summary>Texts that are searched at once.</summary>
    const int MostTexts = 256;

    /// <summary>The names of the values with one budget.</summary>
    public static IReadOnlyList<string> ValueNames(string name, int budget, bool hasThreshold) =>
        [.. ((string[])["true", "reward", "tokens", "judged", "nodes", .. hasThreshold ? (string[])["reached", "nodes-to-reach"] : []])
            .Select(value => $"search-{name}-{budget}-{value}")];

    public bool Measures(EvaluationContext context) => context.Reward is not null;

    public int? Samples(int drawn) => options.Texts;

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        using var scope = NewDisposeScope();
        using var fitted = options.Search.NeedsValue && options.FitOn is { } count ? Fit(context, count) : null;
        var values = new Dictionary<string, double>();
        foreach (var budget in options.Budgets)
        {
            var search = options.Search.WithBudget(budget).BuildChecked(new BuildContext());
            var (rewards, right, costs) = (new List<double>(), new List<double>(), new List<SearchCost>());
            for (var from = 0; from < options.Texts; from += MostTexts)
            {
                using var part = NewDisposeScope();
                var found = search.Find(Request(context, Math.Min(MostTexts, options.Texts - from), fitted is null ? context.Value
                    : fitted.Of));
                right.AddRange(Right(found.Texts));
                rewards.AddRange(SearchSession.Numbers(found.Rewards));
                costs.AddRange(found.Costs);
            }
            double[] all = [right.Average(), rewards.Average(), costs.Average(cost => cost.Tokens), costs.Average(cost => cost.Judged),
                costs.Average(cost => cost.Nodes), costs.Average(cost => cost.NodesToReach is null ? 0.0 : 1),
                costs.Average(cost => cost.NodesToReach ?? cost.Nodes)];
            foreach (var (name, value) in ValueNames(options.Name, budget, options.Threshold is not null).Zip(all)) values[name] = value;
        }
        return values;
    }

    SearchRequest Request(EvaluationContext context, int batch, PrefixValue? value)
    {
        var tokenizer = encoder.Tokenizer;
        return new SearchRequest(context.Generator, batch, encoder.Length, tokenizer.StartId, tokenizer.EndId, Reward(context))
        {
            PaddingId = tokenizer.PaddingId, Value = value, Threshold = options.Threshold,
        };
    }

    Func<TextBatch, Tensor> Reward(EvaluationContext context) => options.Pursues == Pursued.Discriminators ? context.Reward!
        : texts => tensor(Right(texts).ToArray(), float32, texts.Device);

    IReadOnlyList<double> Right(TextBatch texts) =>
        judge.Scores([.. encoder.Responses(texts).Select(row => encoder.Tokenizer.Decode(row))]);

    /// <summary>A value of beginnings that is fitted to the rewards of plain texts of the generator.</summary>
    ValueNetwork Fit(EvaluationContext context, int count)
    {
        var drawn = new BestOfN(count).Find(Request(context, 1, null));
        var network = options.Value.Build(context.Generator.HiddenSize, Sampler.DeviceOf(context.Generator));
        network.Fit(context.Generator, drawn.Judged, drawn.JudgedRewards, encoder.Tokenizer.StartId, options.Value.Steps,
            options.Value.Batch);
        return network;
    }
}
