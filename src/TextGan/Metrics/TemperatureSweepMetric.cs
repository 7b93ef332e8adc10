using TextGan.Data;
using TextGan.Generators.Sampling;
using TextGan.Metrics.LanguageModels;
using TextGan.Metrics.Sweeps;

namespace TextGan.Metrics;

/// <summary>Quality against diversity of a generator at each of several settings (<see cref="TemperatureSweepMetricOptions"/>).</summary>
/// <param name="settings">What varies, and its values.</param>
/// <param name="samples">Texts that are drawn at each setting; null: as many as the evaluation drew.</param>
/// <param name="reference">The worst value in nats per token that areas count.</param>
/// <param name="encoder">Tokenizer and row length.</param>
/// <param name="batchSize">The most texts that are drawn at a time.</param>
public sealed class TemperatureSweepMetric(IReadOnlyList<(SweepVariable Variable, IReadOnlyList<double> Values)> settings, int? samples,
    double reference, TextEncoder encoder, int batchSize) : IMetric, IDisposable
{
    public const string Kind = "temperature-sweep";

    /// <summary>With these there is the pair of likelihoods.</summary>
    public (IExactSource Source, NllMetric Test)? Likelihood { get; init; }

    /// <summary>With these, held-out texts, there is the pair of BLEU of this order.</summary>
    public (IReadOnlyList<int[]> References, int Order)? Bleu { get; init; }

    /// <summary>With these, and what their model is called, there is the pair of language models' scores; disposed of with this.</summary>
    public (LanguageModelScores Scores, string Model)? LanguageModel { get; init; }

    /// <summary>
    /// At the end of a phase, as runs with and without an adversarial phase may share their pretraining.
    /// </summary>
    public bool Measures(EvaluationContext context) => context.IsEnd;

    public int? Samples(int drawn) => samples ?? drawn;

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var values = new Dictionary<string, double>();
        foreach (var (variable, all) in settings.Where(setting => setting.Values.Count > 0))
        {
            var curve = new SweepCurve(variable, [.. all.Order().Select(at => Measured(context, variable, at))]);
            foreach (var point in curve.Points)
                foreach (var (figure, value) in point.Values) values[SweepCurve.PointName(variable, point.At, figure)] = value;
            foreach (var pair in curve.Pairs)
            {
                values[SweepCurve.BestName(variable, pair)] = pair.Best(curve.Points) is { } best ? pair.Sum(best) : double.NaN;
                values[SweepCurve.AreaName(variable, pair)] = pair.Area(curve.Points, reference);
            }
        }
        values[SweepCurve.Reference] = reference;
        return values;
    }

    SweepPoint Measured(EvaluationContext context, SweepVariable variable, double at)
    {
        using var scope = NewDisposeScope();
        var sampling = variable == SweepVariable.Temperature ? new SamplingOptions { Temperature = at } : new SamplingOptions { TopP = at };
        // The same random numbers at each setting: less of the difference between two is chance.
        var batch = FreshTexts.Generated(
            context, context.Generator, Kind, samples ?? context.Texts.Count, encoder, batchSize, holds: null, sampling);
        var rows = encoder.Responses(batch);
        var drawn = context with { Texts = [.. rows.Select(row => encoder.Tokenizer.Decode(row))], Tokens = rows, Batch = batch };
        var values = new Dictionary<string, double>();
        // Of tokens outside of the nucleus the probability is 0, so that real texts have none there.
        if (Likelihood is { } likelihood && variable == SweepVariable.Temperature)
        {
            // Per token with the ends, as the other one is; infinite, so that the setting has no point, where a text is impossible.
            var total = -likelihood.Source.LogProbabilities(drawn.Texts).Sum();
            values[SweepPair.OfLikelihood.Quality] = total / batch.Response.sum(type: float64).item<double>();
            values[SweepPair.OfLikelihood.Diversity] = likelihood.Test.Evaluate(context.Generator, at);
        }
        if (Bleu is { } bleu)
        {
            var pair = SweepPair.OfBleu(bleu.Order);
            values[pair.Quality] = new BleuReferences(bleu.References, bleu.Order).MeanScores(rows)[^1];
            values[pair.Diversity] = new SelfBleu(rows, bleu.Order).MeanScores()[^1];
        }
        if (LanguageModel is { } model)
        {
            var (pair, texts) = (SweepPair.OfLanguageModel(model.Model), WholeTexts.Of(drawn, encoder));
            values[pair.Quality] = model.Scores.Score(texts);
            values[pair.Diversity] = model.Scores.Reverse(texts);
        }
        return new(at, values);
    }

    public string WhyMissing(string name) => name.Contains(SweepPair.OfLikelihood.Quality, StringComparison.Ordinal)
        ? "the source can produce no sample" : "no setting has values of both figures";

    public void Dispose() => LanguageModel?.Scores.Dispose();
}
