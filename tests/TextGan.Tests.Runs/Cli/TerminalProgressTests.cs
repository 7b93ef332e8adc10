using Spectre.Console;
using TextGan.Cli.Display;
using TextGan.Training;

namespace TextGan.Tests.Cli;

public class TerminalProgressTests
{
    static (TerminalProgress Progress, StringWriter Output, ManualTime Time) Create(int width = 100, bool many = false)
    {
        var (output, time) = (new StringWriter { NewLine = "\n" }, new ManualTime());
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        (console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode) = (width, 40, true);
        return (new TerminalProgress(console, time) { IsOfMany = many }, output, time);
    }

    [Test]
    public void ShowsBarsAndLossesBelowWhatWasSaid()
    {
        var (progress, output, time) = Create();
        IReadOnlyList<string> middle = [];
        progress.While(() =>
        {
            ScriptedRun.Play(progress, time, inTheMiddle: () =>
            {
                time.Advance(TimeSpan.FromSeconds(0.2));
                middle = Screen.After(output.ToString()).Lines;
            });
            return 0;
        });
        Assert.That(middle, Is.EqualTo(new[]
        {
            "grammar, seed 1 (run 1 of 2)",
            "4,000 sentences of pretraining data",
            "pretraining: 60 of 100 steps in 0:30 (ended early); loss 4.400, held-out loss 4.750",
            "evaluation, adversarial step 6",
            "  bleu-2 0.512    nll    12.35",
            "  » the [red]cat[/] sat\\u001b[2J",
            "  » one\\ntwo",
            "  » three",
            "grammar, seed 1 (run 1 of 2)  0:46",
            "  pretraining ━━━━━━━━━━━━━━━━━━────────────  60%  60/100  0:30",
            "  adversarial ━━━━━━━━━━━━━━━━━━────────────  60%  6/10  0:16 left",
            "  total -0.600, gradient norm 1.500, 125 tokens/s",
            "                loss  real  generated  rejected   term",
            "  pretraining  0.690   81%        75%",
            "  helpful      0.321   90%                  60%  0.250",
        }));
    }

    [Test]
    public void ShowsABarForEachOfManyRuns()
    {
        var (progress, output, time) = Create(width: 140, many: true);
        progress.While(() =>
        {
            var (first, second) = (progress.Of(new RunId("first", 1)), progress.Of(new RunId("second", 12)));
            first.Receive(new RunEvent.Started(RunStanding.New, 1, 5));
            second.Receive(new RunEvent.Started(RunStanding.New, 2, 5));
            second.Receive(new RunEvent.PhaseStarted(Phase.Adversarial, 10, 0));
            time.Advance(TimeSpan.FromSeconds(4));
            second.Receive(new RunEvent.Stepped(Phase.Adversarial, 5, 500, new Dictionary<string, double> { ["total"] = -0.5 }, true));
            second.Say("a word");
            time.Advance(TimeSpan.FromSeconds(0.1));
            Assert.That(Screen.After(output.ToString()).Lines, Is.EqualTo(new[]
            {
                "first, seed 1 (run 1 of 5)",
                "second, seed 12 (run 2 of 5)",
                "second/12: a word",
                "2 runs at work",
                "  first/1   ────────────────────────────── 0:04",
                "  second/12 ━━━━━━━━━━━━━━━───────────────  50%  5/10  0:04 left  adversarial; total -0.500, 125 tokens/s",
            }));
            first.Receive(new RunEvent.Ended("finished", null, "runs/first/1", IsEarlier: false));
            time.Advance(TimeSpan.FromSeconds(0.1));
            Assert.That(Screen.After(output.ToString()).Lines.TakeLast(2), Is.EqualTo(new[]
            {
                "1 run at work",
                "  second/12 ━━━━━━━━━━━━━━━───────────────  50%  5/10  0:04 left  adversarial; total -0.500, 125 tokens/s",
            }));
            return 0;
        });
    }

    [Test]
    public void LeavesTheLinesThatWereSaidAndACleanTerminal()
    {
        var (progress, output, time) = Create(200);
        progress.While(() =>
        {
            ScriptedRun.Play(progress, time);
            return 0;
        });
        var screen = Screen.After(output.ToString());
        Assert.That(screen.CursorHidden, Is.False);
        Assert.That(screen.Lines.Skip(8), Is.EqualTo(new[]
        {
            "adversarial: 10 steps in 0:32; total -1.000, gradient norm 1.500",
            "grammar, seed 1: finished after 1:02, runs/grammar/1",
        }));
    }

    [Test]
    public void NeverWritesOnTheThreadThatTrains()
    {
        var (progress, output, _) = Create();
        progress.While(() =>
        {
            var before = output.ToString().Length;
            ScriptedRun.Play(progress, new ManualTime()); // a clock that no timer hangs on
            Assert.That(output.ToString(), Has.Length.EqualTo(before));
            return 0;
        });
        Assert.That(Screen.After(output.ToString()).Lines[^1], Does.StartWith("grammar, seed 1: finished"),
            "what was noted is written at the end");
    }

    [Test]
    public void AnUnchangedViewIsNotDrawnAgain()
    {
        var (progress, output, time) = Create();
        progress.While(() =>
        {
            var run = progress.Of(new RunId("grammar", 1));
            run.Receive(new RunEvent.Started(RunStanding.New, 1, 1));
            time.Advance(TimeSpan.FromSeconds(0.1));
            var before = output.ToString().Length;
            time.Advance(TimeSpan.FromSeconds(0.8));
            Assert.That(output.ToString(), Has.Length.EqualTo(before));
            time.Advance(TimeSpan.FromSeconds(0.2));
            Assert.That(output.ToString(), Has.Length.GreaterThan(before), "a second has passed");
            return 0;
        });
    }

    [Test]
    public void FitsANarrowTerminal([Values(20, 40, 60)] int width)
    {
        var (progress, output, time) = Create(width);
        progress.While(() =>
        {
            var run = progress.Of(new RunId("a-rather-long-name-of-an-experiment", 12345));
            run.Receive(new RunEvent.Started(RunStanding.New, 1, 2));
            run.Receive(new RunEvent.PhaseStarted(Phase.DiscriminatorPretraining, 1_000_000, 0));
            run.Receive(new RunEvent.Stepped(Phase.DiscriminatorPretraining, 500_000, 1000, new Dictionary<string,
                double> { ["discriminator/" + new string('x', 60) + "/loss"] = 1 }, IsLogged: true));
            time.Advance(TimeSpan.FromSeconds(1));
            var lines = Screen.After(output.ToString()).Lines;
            var view = lines.TakeLast(4).ToList();
            Assert.That(view.Select(line => line.Length), Is.All.LessThanOrEqualTo(width - 4));
            Assert.That(view[0], Does.StartWith("a-rather-long-na"));
            Assert.That(view[1], Does.StartWith(width < 60 ? "  …" : "  discriminator").And.Contain("50%"));
            Assert.That(view[3], Does.StartWith("  xxxxxxxxxxxxxx"));
            return 0;
        });
    }

    [Test]
    public void ANoticeFromAnotherThreadIsShownAtOnce()
    {
        var (progress, output, time) = Create();
        progress.While(() =>
        {
            var run = progress.Of(new RunId("grammar", 1));
            run.Receive(new RunEvent.Started(RunStanding.New, 1, 1));
            var other = new Thread(() => progress.Notice("stopping"));
            other.Start();
            other.Join();
            time.Advance(TimeSpan.FromSeconds(0.1));
            Assert.That(Screen.After(output.ToString()).Lines,
                Is.EqualTo(new[] { "grammar, seed 1", "stopping", "grammar, seed 1  0:00" }));
            return 0;
        });
    }

    [Test]
    public void AbandoningShowsTheCursorBelowTheView()
    {
        var (progress, output, time) = Create();
        progress.While(() =>
        {
            var run = progress.Of(new RunId("grammar", 1));
            run.Receive(new RunEvent.Started(RunStanding.New, 1, 1));
            time.Advance(TimeSpan.FromSeconds(0.1));
            Assert.That(Screen.After(output.ToString()).CursorHidden, Is.True);
            progress.Abandon("Aborted.");
            time.Advance(TimeSpan.FromSeconds(2));
            var screen = Screen.After(output.ToString());
            Assert.That(screen.CursorHidden, Is.False);
            Assert.That(screen.Lines, Is.EqualTo(new[] { "grammar, seed 1", "grammar, seed 1  0:00", "Aborted." }));
            return 0;
        });
    }

    [Test]
    public void TheResultAndAnExceptionComeThrough()
    {
        var (progress, output, _) = Create();
        Assert.That(progress.While(() => 42), Is.EqualTo(42));
        Assert.That(() => progress.While<int>(() => throw new InvalidOperationException("no")),
            Throws.InvalidOperationException.With.Message.EqualTo("no"));
        Assert.That(Screen.After(output.ToString()).CursorHidden, Is.False);
    }

    /// <summary>Real time and threads: drawing goes on beside a thread that trains at full speed, and slows it little.</summary>
    [Test]
    public void KeepsUpWithFastSteps()
    {
        var (_, output, _) = Create();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(output) });
        var progress = new TerminalProgress(console, TimeProvider.System);
        var values = Enumerable.Range(0, 30).ToDictionary(i => $"discriminator/{i}/loss", i => (double)i);
        var took = progress.While(() =>
        {
            var run = progress.Of(new RunId("fast", 1));
            run.Receive(new RunEvent.Started(RunStanding.New, 1, 1));
            run.Receive(new RunEvent.PhaseStarted(Phase.Adversarial, 20_000, 0));
            var clock = new ProcessorClock();
            for (var step = 1; step <= 20_000; step++)
                run.Receive(new RunEvent.Stepped(Phase.Adversarial, step, 1, values, IsLogged: true));
            run.Receive(new RunEvent.PhaseEnded(Phase.Adversarial));
            run.Receive(new RunEvent.Ended("finished", null, "runs/fast/1", IsEarlier: false));
            return clock.Elapsed;
        });
        Assert.That(output.ToString(), Does.Contain("20,000 steps"));
        Assert.That(took / 20_000, Is.LessThan(TimeSpan.FromMilliseconds(0.2)), "time for a step");
    }
}
