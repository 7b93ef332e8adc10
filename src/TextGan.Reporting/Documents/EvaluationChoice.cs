using System.Globalization;
using System.Text.Json;

namespace TextGan.Reporting.Documents;

/// <summary>At which of a run's evaluations a value is read: "at" in a block.</summary>
abstract record EvaluationChoice
{
    const string Allowed = "'last', 'start', 'mean', a whole number of iterations, " +
        "{ \"best\": METRIC }, or { \"where\": METRIC, \"is\": NUMBER }";

    /// <summary>The last evaluation that measured the value: in the adversarial phase if the run has one.</summary>
    public static EvaluationChoice Last { get; } = new LastMeasured();

    /// <summary>The first evaluation of the adversarial phase; of a run without that phase the last one.</summary>
    public static EvaluationChoice Start { get; } = new FirstAdversarial();

    /// <summary>What a column's header calls it, behind the metric's name.</summary>
    public abstract string Words { get; }

    /// <summary>The value of this name in a run; null if the run did not measure it at that evaluation.</summary>
    public abstract double? In(RunSummary run, string name);

    /// <summary>Reads the value of "at".</summary>
    /// <exception cref="Problems.InvalidInputException">No such choice exists, or which values are best is not known.</exception>
    public static EvaluationChoice Parse(JsonElement json, string place, string path)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String when json.GetString() == "last": return Last;
            case JsonValueKind.String when json.GetString() == "start": return Start;
            case JsonValueKind.String when json.GetString() == "mean": return new Mean();
            case JsonValueKind.Number when json.TryGetInt64(out var step) && step >= 0: return new AtStep(step);
            case JsonValueKind.Object:
                var best = BlockJson.Of(json, place, path);
                if (best.Text("where") is { } where)
                {
                    var level = best.Number("is") ?? throw best.Bad("'is' is missing: the value that the metric has there.");
                    best.End();
                    return new Where(where, level);
                }
                var (metric, better) = (best.RequiredText("best"), best.Choice("better", "higher", "lower"));
                best.End();
                return new Best(metric, (better is null ? MetricDirection.HigherIsBetter(metric) : better == "higher")
                    ?? throw best.Bad($"which values of '{metric}' are better is not known; say \"better\": \"higher\" or \"lower\"."));
            default: throw BlockJson.Wrong(place, path, json, Allowed);
        }
    }

    static IReadOnlyList<double?>? Of(PhaseSummary? phase, string name) => phase?.Values.GetValueOrDefault(name)
        ?? phase?.Values.GetValueOrDefault(LogNames.Metric + name);

    sealed record LastMeasured : EvaluationChoice
    {
        public override string Words => "end";

        public override double? In(RunSummary run, string name) =>
            Of(run.Adversarial ?? run.Pretraining, name)?.LastOrDefault(value => value is not null);
    }

    sealed record FirstAdversarial : EvaluationChoice
    {
        public override string Words => "start";

        public override double? In(RunSummary run, string name) =>
            run.Adversarial is null ? Of(run.Pretraining, name)?[^1] : Of(run.Adversarial, name)?[0];
    }

    sealed record Mean : EvaluationChoice
    {
        public override string Words => "mean";

        public override double? In(RunSummary run, string name) =>
            Of(run.Evaluations, name)?.Where(value => value is { } known && double.IsFinite(known)).Average();
    }

    sealed record AtStep(long Step) : EvaluationChoice
    {
        public override string Words => Step.ToString("#,0", CultureInfo.InvariantCulture);

        public override double? In(RunSummary run, string name)
        {
            var place = run.Adversarial?.Steps.ToList().IndexOf(Step) ?? -1;
            return place < 0 ? null : Of(run.Adversarial, name)?[place];
        }
    }

    sealed record Best(string Metric, bool HigherIsBetter) : EvaluationChoice
    {
        public override string Words => $"best {MarkdownText.Escape(Metric)}";

        public override double? In(RunSummary run, string name)
        {
            if (Of(run.Evaluations, Metric) is not { } values) return null;
            var known = values.Index().Where(one => one.Item is { } value && double.IsFinite(value)).ToList();
            if (known.Count == 0) return null;
            // of equal ones the first
            var (place, _) = HigherIsBetter ? known.MaxBy(one => one.Item) : known.MinBy(one => one.Item);
            return Of(run.Evaluations, name)?[place];
        }
    }

    sealed record Where(string Metric, double Level) : EvaluationChoice
    {
        public override string Words => $"where {MarkdownText.Escape(Metric)} is {Level.ToString(CultureInfo.InvariantCulture)}";

        public override double? In(RunSummary run, string name)
        {
            if (Of(run.Evaluations, Metric) is not { } levels || Of(run.Evaluations, name) is not { } values) return null;
            for (var i = 0; i < levels.Count; i++)
            {
                if (levels[i] == Level) return values[i];
                // A comparison with null or NaN is false.
                if (i > 0 && (levels[i - 1] < Level && levels[i] > Level || levels[i - 1] > Level && levels[i] < Level))
                    return values[i - 1] + (values[i] - values[i - 1]) * (Level - levels[i - 1]) / (levels[i] - levels[i - 1]);
            }
            return null;
        }
    }
}
