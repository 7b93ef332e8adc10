using TextGan.Native;
using TextGan.Training;
using TextGan.Training.Guards;
using static TorchSharp.torch;

namespace TextGan.Learning;

/// <summary>Measures the generator of the adversarial phase, and what each discriminator says of its samples.</summary>
public sealed class AdversarialEvaluation(
    EvaluationOptions evaluation, AdversarialParts parts, Evaluator evaluator, Recorder recorder, GuardWatch watch, int seed)
{
    public void Evaluate(long step)
    {
        var found = evaluator.Evaluate(parts.Average?.Generator ?? parts.Generator, "adversarial", step, generated => Judge(generated, step));
        DropoutSwitch.TurnOff(parts.Generator);
        recorder.Evaluated(Phase.Adversarial, step, found);
        watch.CheckTexts(Phase.Adversarial, step, found.Rows);
    }

    Dictionary<string, double> Judge(Tensor generated, long step)
    {
        var found = new Dictionary<string, double>();
        foreach (var discriminator in parts.Discriminators)
        {
            Seeds.Set(seed, $"held-out/{discriminator.Name}", step); // a judge may draw numbers
            foreach (var (name, value) in discriminator.JudgeHeldOut(generated, evaluation.Samples)) found[$"discriminator/{discriminator.Name}/{name}"] = value;
        }
        return found;
    }
}
