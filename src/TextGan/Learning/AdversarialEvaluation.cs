using System.Globalization;
using TextGan.Learning.Rollouts;
using TextGan.Native;
using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Training;
using TextGan.Training.Guards;

namespace TextGan.Learning;

/// <summary>Measures the generator of the adversarial phase, and what each discriminator says of its samples.</summary>
/// <param name="evaluation">How much is measured.</param>
/// <param name="parts">Who plays.</param>
/// <param name="evaluator">Measures texts.</param>
/// <param name="recorder">Hears what was found.</param>
/// <param name="watch">Looks at the texts.</param>
/// <param name="seed">The run's.</param>
/// <param name="request">What the update rule is asked for in a step.</param>
public sealed class AdversarialEvaluation(
    EvaluationOptions evaluation, AdversarialParts parts, Evaluator evaluator, Recorder recorder, GuardWatch watch, int seed,
    Func<long, RolloutRequest> request)
{
    /// <param name="step">Iterations that are done.</param>
    /// <param name="isEnd">Whether these are all.</param>
    public void Evaluate(long step, bool isEnd = false)
    {
        var found = evaluator.Evaluate(parts.Average?.Generator
            ?? parts.Generator, "adversarial", step, generated => Judge(generated, step), parts.Reference, isEnd, parts.Reward.Of,
            parts.Update.Value, new GradientProbe(parts.Update, request(step), seed, step), parts.EvaluatedJudges);
        DropoutSwitch.TurnOff(parts.Generator);
        recorder.Evaluated(Phase.Adversarial, step, found);
        watch.CheckTexts(Phase.Adversarial, step, found.Rows);
        watch.CheckPairs(step, found.Judgements, parts.Discriminators.Select(d => d.Name));
    }

    Judgement Judge(TextBatch generated, long step)
    {
        var (figures, scores) = (new Dictionary<string, double>(), new Dictionary<string, double[]>());
        foreach (var discriminator in parts.Discriminators.Where(one => one.TrainsLogits)) // others have nothing to say of a text alone
        {
            Seeds.Set(seed, $"held-out/{discriminator.Name}", step); // a judge may draw numbers
            (var found, scores[discriminator.Name]) = discriminator.JudgeHeldOut(generated, evaluation.Samples, evaluation.Batch);
            if (step == 0 && PairsOf(found) is { } pairs) recorder.Sink.Say($"{discriminator.Name}: {pairs}");
            foreach (var (name, value) in found) figures[$"discriminator/{discriminator.Name}/{name}"] = value;
        }
        return new Judgement(figures, scores);
    }

    /// <summary>How well a discriminator judges held-out pairs beside its simple judges; null where it is not compared with any.</summary>
    static string? PairsOf(IReadOnlyDictionary<string, double> found) => found.ContainsKey("mcNemarBagOfWords")
        ? string.Create(CultureInfo.InvariantCulture,
            $"right on {found["heldOutAccuracyPairs"]:0.000} of {found["heldOutPairs"]:N0} held-out pairs (95% interval " +
            $"{found["heldOutAccuracyPairsLow"]:0.000} to {found["heldOutAccuracyPairsHigh"]:0.000}); bag of words " +
            $"{found["heldOutAccuracyBagOfWords"]:0.000} (McNemar p = {found["mcNemarBagOfWords"]:0.###}), length alone " +
            $"{found["heldOutAccuracyLength"]:0.000} (p = {found["mcNemarLength"]:0.###})") : null;
}
