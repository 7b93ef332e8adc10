using TextGan.Metrics.LanguageModels;

namespace TextGan.Metrics;

/// <summary>The language-model score and the reverse one (<see cref="LanguageModelScoreMetricOptions"/>).</summary>
/// <param name="model">What the model is called in names.</param>
/// <param name="scores">The scores; disposed of with this.</param>
/// <param name="encoder">Tokenizer and row length.</param>
public sealed class LanguageModelScoreMetric(string model, LanguageModelScores scores, TextEncoder encoder) : IMetric, IDisposable
{
    /// <summary>The names of its values: score, reverse score, and those of real texts.</summary>
    public static IReadOnlyList<string> NamesOf(string model) =>
        [$"lm-score-{model}", $"reverse-lm-score-{model}", $"lm-score-{model}-real", $"reverse-lm-score-{model}-real"];

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var texts = WholeTexts.Of(context, encoder);
        double[] values = [scores.Score(texts), scores.Reverse(texts), scores.ScoreOfReal, scores.ReverseOfReal(texts.Count)];
        return NamesOf(model).Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    public string WhyMissing(string name) =>
        name.EndsWith("-real", StringComparison.Ordinal) ? "there are fewer training texts than samples" : "no sample has a token";

    public void Dispose() => scores.Dispose();
}
