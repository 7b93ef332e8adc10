using TextGan.Runs.Format;
using TextGan.Learning.Objectives;
using TextGan.Training;

namespace TextGan.Learning;

/// <summary>What is logged of the generator's objective; <see cref="MetricLine"/> lists the names.</summary>
static class ObjectiveValues
{
    /// <summary>Tokens of the rollout: never logged under this name.</summary>
    public const string Tokens = "tokens";

    /// <summary>Collects what is known before the combiner's weights are.</summary>
    public static void Add(StepValues values, IReadOnlyList<Term> terms, Tensor norm, IReadOnlyDictionary<string, double> settings)
    {
        foreach (var term in terms)
        {
            values.Add($"term/{term.Name}/raw", term.Raw ?? term.Value);
            if (term.Raw is not null) values.Add($"term/{term.Name}/normalized", term.Value);
        }
        values.Add("generator/gradientNorm", norm);
        foreach (var (name, value) in settings) values.Add(name, value);
    }

    /// <summary>Adds each term's weight and weighted value, and the total: the sum of the weighted ones.</summary>
    public static Dictionary<string,
        double> Weigh(IReadOnlyDictionary<string, double> read, IReadOnlyList<Term> terms, IReadOnlyList<double> weights)
    {
        var all = new Dictionary<string, double>(read);
        var total = 0.0;
        for (var k = 0; k < terms.Count; k++)
        {
            var name = terms[k].Name;
            all[$"term/{name}/weight"] = weights[k];
            all[$"term/{name}/weighted"] = weights[k] * read[$"term/{name}/{(terms[k].Raw is null ? "raw" : "normalized")}"];
            total += all[$"term/{name}/weighted"];
        }
        all["total"] = total;
        return all;
    }

    /// <summary>The mean of each value over the passes that have it. One that is not finite stays so.</summary>
    public static Dictionary<string, double> Mean(IReadOnlyList<Dictionary<string, double>> passes) => passes.Count == 1
        ? passes[0]
        : passes.SelectMany(pass => pass).GroupBy(pair => pair.Key)
            .ToDictionary(group => group.Key, group => group.Average(pair => pair.Value));
}
