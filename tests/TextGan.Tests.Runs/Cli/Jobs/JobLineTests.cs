using TextGan.Cli.Jobs;
using TextGan.Problems;
using TextGan.Runs;
using TextGan.Training;

namespace TextGan.Tests.Cli.Jobs;

/// <summary>What one process tells another of a run.</summary>
public class JobLineTests
{
    static readonly RunId Run = new("small", 3);

    static readonly Evaluation Found = new(
        new Dictionary<string, double> { ["nll"] = double.NaN, ["bleu-2"] = 0.25 },
        [.. Enumerable.Range(0, 9).Select(
            i => new SampleLine { Text = $"text \u001b {i}", Tokens = 2, Ended = i > 0, Prompt = "who ?", Group = i })],
        [[1, 2], [3]], new Dictionary<string, double> { ["discriminator/real/score"] = double.PositiveInfinity })
    {
        Samples = new Dictionary<string, int> { ["nll"] = 7 }, Missing = new Dictionary<string, string> { ["nll"] = "no texts" },
    };

    static readonly RunEvent[] All =
    [
        new RunEvent.Started(RunStanding.Begun, 2, 5) { Run = Run },
        new RunEvent.Said("a \"word\"") { IsWarning = true },
        new RunEvent.PhaseStarted(Phase.DiscriminatorPretraining, 100, 7) { Run = Run },
        new RunEvent.Stepped(Phase.Adversarial, 7, 99, new Dictionary<string, double> { ["total"] = double.NegativeInfinity },
            IsLogged: true),
        new RunEvent.Evaluated(Phase.Pretraining, 8, Found),
        new RunEvent.SamplesWritten(Phase.Pretraining, 8, "samples/x.jsonl"),
        new RunEvent.CheckpointSaved(Phase.Adversarial, 8, "x.safetensors", IsInterim: true),
        new RunEvent.Guarded(Phase.Adversarial, 9, new GuardEvent("mode-collapse", "warn", "It repeats itself."),
            new Dictionary<string, double> { ["distinct"] = 0.1 }),
        new RunEvent.Rewound(Phase.Adversarial, 4, IsResume: false),
        new RunEvent.PhaseEnded(Phase.Adversarial),
        new RunEvent.Ended("failed", "It is NaN.", "runs/small/3", IsEarlier: true) { Run = Run },
        new RunEvent.AllEnded(["a", "b"]),
    ];

    /// <summary>One line, in which nothing is lost: written again it is the same.</summary>
    [TestCaseSource(nameof(All))]
    public void An_event_comes_through(RunEvent happened)
    {
        var line = new JobLine(happened, null).ToJson();
        Assert.That(line, Does.Not.Contain("\n"));
        var read = JobLine.Parse(line)!.Event!;
        Assert.That(read.GetType(), Is.EqualTo(happened.GetType()));
        Assert.That(read.Run, Is.EqualTo(happened.Run));
        Assert.That(new JobLine(read, null).ToJson(), Is.EqualTo(line));
    }

    /// <summary>A kind of event that is forgotten in the list of kinds would end the process that tells of it.</summary>
    [Test]
    public void Every_kind_of_event_is_among_them() => Assert.That(
        typeof(RunEvent).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(RunEvent))),
        Is.EquivalentTo(All.Select(happened => happened.GetType())));

    [Test]
    public void A_result_comes_through()
    {
        var result = new RunResult("small", 3, "failed", "why", "runs/small/3", new Dictionary<string, double> { ["nll"] = double.NaN })
        {
            Refused = [new Problem("$.data", "is missing")], Missing = new Dictionary<string, string> { ["nll"] = "no texts" },
            IsEarlier = true,
        };
        var read = JobLine.Parse(new JobLine(null, result).ToJson())!.Result!;
        Assert.That(read.Refused, Is.EqualTo(result.Refused));
        Assert.That(read.FinalMetrics["nll"], Is.NaN);
        Assert.That((read.Name, read.Seed, read.Outcome, read.Message, read.Folder, read.Missing["nll"], read.IsEarlier),
            Is.EqualTo(("small", 3, "failed", "why", "runs/small/3", "no texts", true)));
    }

    [TestCase("what a plug-in prints"), TestCase("{ not JSON"), TestCase("{\"event\":{\"kind\":\"other\"}}"), TestCase("")]
    public void Another_line_is_none(string line) => Assert.That(JobLine.Parse(line), Is.Null);

    [Test]
    public void Steps_in_quick_succession_become_one_and_texts_that_nobody_sees_are_left_out()
    {
        var (pipe, time) = (new StringWriter(), new ManualTime());
        var sink = new PipeSink(pipe, time);
        void Step(int step, string name, double value, bool logged) =>
            sink.Receive(new RunEvent.Stepped(Phase.Adversarial, step, 10, new Dictionary<string, double> { [name] = value }, logged));
        Step(1, "total", 1, true);
        Step(2, "term/a", 2, false);
        Step(3, "total", 3, false);
        sink.Receive(new RunEvent.Evaluated(Phase.Adversarial, 3, Found));
        Step(4, "total", 4, false);
        time.Advance(TimeSpan.FromSeconds(0.2));
        Step(5, "total", 5, false);
        RunEvent[] told = [.. pipe.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JobLine.Parse(line)!.Event!)];
        Assert.That(told.Select(happened => happened.GetType().Name), Is.EqualTo(new[] { "Stepped", "Evaluated", "Stepped" }));
        var first = (RunEvent.Stepped)told[0];
        Assert.That((first.Step, first.Tokens, first.IsLogged), Is.EqualTo((3, 30, true)));
        Assert.That(first.Values, Is.EquivalentTo(new Dictionary<string, double> { ["total"] = 3, ["term/a"] = 2 }));
        var found = ((RunEvent.Evaluated)told[1]).Found;
        Assert.That((found.Texts.Count, found.Rows.Count, found.Values["bleu-2"]), Is.EqualTo((3, 0, 0.25)));
        Assert.That(((RunEvent.Stepped)told[2]).Tokens, Is.EqualTo(20));
    }
}
