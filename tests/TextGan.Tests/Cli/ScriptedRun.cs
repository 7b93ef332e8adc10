using TextGan.Training;

namespace TextGan.Tests.Cli;

/// <summary>The events of a short run, told to an observer with a clock that is moved by hand.</summary>
static class ScriptedRun
{
    public static void Play(IRunObserver observer, ManualTime time, string outcome = "finished", Action? inTheMiddle = null)
    {
        observer.RunStarted("grammar, seed 1", 1, 2);
        observer.Message("4,000 sentences of pretraining data");
        observer.PhaseStarted(Phase.Pretraining, 100, 0);
        for (var step = 1; step <= 60; step++)
        {
            time.Advance(TimeSpan.FromSeconds(0.5));
            observer.Stepped(Phase.Pretraining, step, 1000, Pretraining(step));
        }
        observer.PhaseEnded(Phase.Pretraining); // early
        observer.PhaseStarted(Phase.Adversarial, 10, 2);
        for (var step = 3; step <= 10; step++)
        {
            time.Advance(TimeSpan.FromSeconds(4));
            observer.Stepped(Phase.Adversarial, step, 500, Adversarial(step));
            if (step != 6) continue;
            observer.Evaluated(Phase.Adversarial, 6, new Dictionary<string, double> { ["bleu-2"] = 0.5123, ["nll"] = 12.3456 },
                ["the [red]cat[/] sat\u001b[2J", "one\ntwo", "three", "four"]);
            inTheMiddle?.Invoke();
        }
        observer.PhaseEnded(Phase.Adversarial);
        observer.RunEnded("grammar, seed 1", outcome, "runs/grammar/1");
    }

    static Dictionary<string, double> Pretraining(long step)
    {
        var values = new Dictionary<string, double> { ["generator/loss"] = 5 - step * 0.01, ["tokensPerSecond"] = 2000 };
        if (step == 50) values["generator/heldOutLoss"] = 4.75;
        return values;
    }

    static Dictionary<string, double> Adversarial(long step) => new()
    {
        ["total"] = -0.1 * step,
        ["generator/gradientNorm"] = 1.5,
        ["term/helpful/raw"] = 0.5,
        ["term/helpful/weighted"] = 0.25,
        ["discriminator/pretraining/loss"] = 0.69,
        ["discriminator/pretraining/accuracyReal"] = 0.805,
        ["discriminator/pretraining/accuracyGenerated"] = 0.75,
        ["discriminator/helpful/loss"] = 0.321,
        ["discriminator/helpful/accuracyReal"] = 0.9,
        ["discriminator/helpful/accuracyRejected"] = 0.6,
    };
}
