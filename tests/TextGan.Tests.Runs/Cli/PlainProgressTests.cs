using TextGan.Cli.Display;
using TextGan.Training;

namespace TextGan.Tests.Cli;

public class PlainProgressTests
{
    [Test]
    public void WritesFewPlainLines()
    {
        var (output, time) = (new StringWriter(), new ManualTime());
        ScriptedRun.Play(new PlainProgress(output, TextWriter.Null, time), time);
        Assert.That(output.ToString().ReplaceLineEndings("\n"), Is.EqualTo("""
            [   0:00] grammar, seed 1 (run 1 of 2)
            [   0:00]   4,000 sentences of pretraining data
            [   0:10]   pretraining 20/100 (20%), 0:40 left, 2,000 tokens/s; loss 4.800
            [   0:20]   pretraining 40/100 (40%), 0:30 left, 2,000 tokens/s; loss 4.600
            [   0:30]   pretraining 60/100 (60%), 0:20 left, 2,000 tokens/s; loss 4.400, held-out loss 4.750
            [   0:30]   pretraining: 60 of 100 steps in 0:30 (ended early); loss 4.400, held-out loss 4.750
            [   0:42]   adversarial 5/10 (50%), 0:20 left, 125 tokens/s; total -0.500, gradient norm 1.500; pretraining loss 0.690 real 81% generated 75%; helpful loss 0.321 real 90% rejected 60% term 0.250
            [   0:46]   evaluation, adversarial step 6
              bleu-2 0.512    nll    12.35
              » the [red]cat[/] sat\u001b[2J
              » one\ntwo
              » three
            [   0:54]   adversarial 8/10 (80%), 0:08 left, 125 tokens/s; total -0.800, gradient norm 1.500; pretraining loss 0.690 real 81% generated 75%; helpful loss 0.321 real 90% rejected 60% term 0.250
            [   1:02]   adversarial: 10 steps in 0:32; total -1.000, gradient norm 1.500
            [   1:02] grammar, seed 1: finished after 1:02, runs/grammar/1

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void WritesALineAMinuteInLongPhases()
    {
        var (output, time) = (new StringWriter(), new ManualTime());
        var progress = new PlainProgress(output, TextWriter.Null, time);
        var run = progress.Of(new RunId("long", 1));
        run.Receive(new RunEvent.Started(RunStanding.New, 1, 1));
        run.Receive(new RunEvent.PhaseStarted(Phase.Pretraining, 100_000, 0));
        for (var step = 1; step <= 300; step++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            run.Receive(new RunEvent.Stepped(Phase.Pretraining, step, 0, new Dictionary<string, double>(), IsLogged: true));
        }
        Assert.That(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(6),
            "the title, and a line at 10, 70, 130, 190 and 250 seconds");
    }

    [Test]
    public void SaysWhyARunFailed()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        new PlainProgress(output, error, new ManualTime())
            .Of(new RunId("grammar", 1))
            .Receive(new RunEvent.Ended("failed", "The term 'helpful' is NaN.\u001b[2J", "runs/grammar/1", IsEarlier: false));
        Assert.That(output.ToString().TrimEnd(), Is.EqualTo("[   0:00] grammar, seed 1: failed after 0:00, runs/grammar/1"));
        Assert.That(error.ToString().TrimEnd(), Is.EqualTo(@"grammar, seed 1 failed: The term 'helpful' is NaN.\u001b[2J"));
    }

    [Test]
    public void AShortRunHasALineAPhaseAndItsLastEvaluation()
    {
        var (output, time) = (new StringWriter(), new ManualTime());
        var progress = new PlainProgress(output, TextWriter.Null, time);
        var run = progress.Of(new RunId("small", 1));
        run.Receive(new RunEvent.Started(RunStanding.New, 1, 1));
        foreach (var phase in Enum.GetValues<Phase>())
        {
            run.Receive(new RunEvent.PhaseStarted(phase, 3, 0));
            for (var step = 0; step <= 3; step++)
            {
                time.Advance(TimeSpan.FromSeconds(0.5));
                if (step > 0) run.Receive(new RunEvent.Stepped(phase, step, 10, new Dictionary<string, double>(), IsLogged: true));
                run.Receive(new RunEvent.Evaluated(phase, step, new Evaluation(new Dictionary<string, double> { ["nll"] = step },
                    [new SampleLine { Text = "a text", Tokens = 2, Ended = true }], [], new Dictionary<string, double>())));
            }
            run.Receive(new RunEvent.PhaseEnded(phase));
        }
        run.Receive(new RunEvent.Ended("finished", null, "runs/small/1", IsEarlier: false));
        Assert.That(output.ToString().ReplaceLineEndings("\n"), Is.EqualTo("""
            [   0:00] small, seed 1
            [   0:02]   pretraining: 3 steps in 0:02
            [   0:04]   discriminator pretraining: 3 steps in 0:02
            [   0:06]   adversarial: 3 steps in 0:02
            [   0:06]   evaluation, adversarial step 3
              nll 3.000
              » a text
            [   0:06] small, seed 1: finished after 0:06, runs/small/1

            """.ReplaceLineEndings("\n")));
    }
}
