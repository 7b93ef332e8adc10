using TextGan.Training;

namespace TextGan.Tests.Cli;

/// <summary>The events of a short run, told to a sink with a clock that is moved by hand.</summary>
static class ScriptedRun
{
    public static void Play(
        IRunSink command, ManualTime time, string outcome = "finished", Action? inTheMiddle = null, string name = "grammar")
    {
        var sink = command.Of(new RunId(name, 1));
        sink.Receive(new RunEvent.Started(RunStanding.New, 1, 2));
        sink.Say("4,000 sentences of pretraining data");
        sink.Receive(new RunEvent.PhaseStarted(Phase.Pretraining, 100, 0));
        for (var step = 1; step <= 60; step++)
        {
            time.Advance(TimeSpan.FromSeconds(0.5));
            sink.Receive(new RunEvent.Stepped(Phase.Pretraining, step, 1000, Pretraining(step), IsLogged: true));
        }
        sink.Receive(new RunEvent.PhaseEnded(Phase.Pretraining)); // early
        sink.Receive(new RunEvent.PhaseStarted(Phase.Adversarial, 10, 2));
        for (var step = 3; step <= 10; step++)
        {
            time.Advance(TimeSpan.FromSeconds(4));
            sink.Receive(new RunEvent.Stepped(Phase.Adversarial, step, 500, Adversarial(step), IsLogged: true));
            if (step != 6) continue;
            string[] texts = ["the [red]cat[/] sat\u001b[2J", "one\ntwo", "three", "four"];
            sink.Receive(new RunEvent.Evaluated(Phase.Adversarial, 6, new Evaluation(
                new Dictionary<string, double> { ["bleu-2"] = 0.5123, ["nll"] = 12.3456 },
                [.. texts.Select(text => new SampleLine { Text = text, Tokens = 1, Ended = true })], [], new Dictionary<string,
                    double>())));
            inTheMiddle?.Invoke();
        }
        sink.Receive(new RunEvent.PhaseEnded(Phase.Adversarial));
        sink.Receive(new RunEvent.Ended(outcome is "finished" or "stopped" ? outcome : "failed",
            outcome is "finished" or "stopped" ? null : outcome, $"runs/{name}/1", IsEarlier: false));
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
