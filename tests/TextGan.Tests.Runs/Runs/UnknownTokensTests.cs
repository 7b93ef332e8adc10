using TextGan.Runs;
using TextGan.Tests.Runs;
using TextGan.Tests.Training;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Runs;

public class UnknownTokensTests
{
    [Test]
    public void The_share_is_one_of_tokens()
    {
        Assert.That(UnknownTokens.Share([[1, 2], [], [1, 1, 3, 4, 5, 6]], 1), Is.EqualTo(3.0 / 8));
        Assert.That(UnknownTokens.Share([[], []], 1), Is.NaN);
    }

    [Test]
    public void Tables_leave_it_out_where_there_is_none()
    {
        Assert.That(UnknownTokens.IsShown("unknown", [0, 0.0009, double.NaN]), Is.False);
        Assert.That(UnknownTokens.IsShown("unknown", [0, 0.001]), Is.True);
        Assert.That(UnknownTokens.IsShown("nll", [0]), Is.True);
    }

    [Test]
    public void An_evaluation_measures_it()
    {
        using var rig = new TrainingRig();
        using var generator = new RunAssembly(TrainingRig.Experiment, rig.Materials, CPU, 1).BuildGenerator();
        var lines = rig.Pretrain(TrainingRig.Experiment, generator);
        var share = lines.Last(line => line.Values.ContainsKey("metric/unknown")).Values["metric/unknown"];
        Assert.That(share, Is.InRange(0, 0.3), "one of eight tokens, less what it has learnt");
    }

    [Test]
    public void A_run_warns_once_and_a_resumed_one_not_again()
    {
        using var files = new TemporaryFiles();
        var observer = new SilentObserver();
        using var log = new MetricLog(files.PathOf("metrics.jsonl"));
        Recorder New() => new(files.PathOf("samples"), files.PathOf("checkpoints"), 3, log, observer);
        static Evaluation Found(double share) =>
            new(new Dictionary<string, double> { ["unknown"] = share }, [], [], new Dictionary<string, double>());
        string[] Warnings() => [.. observer.Messages.Where(message => message.StartsWith("warning: ", StringComparison.Ordinal))];

        var recorder = New();
        recorder.Evaluated(Phase.Pretraining, 1, Found(0.0499));
        recorder.Evaluated(Phase.Pretraining, 2, Found(double.NaN));
        Assert.That(Warnings(), Is.Empty);
        recorder.Save(Phase.Pretraining, 2, bag => bag.Put("x", zeros(1)));
        recorder.Evaluated(Phase.Pretraining, 3, Found(0.424));
        recorder.Evaluated(Phase.Adversarial, 1, Found(0.6));
        Assert.That(Warnings(),
            Is.EqualTo(new[] { "warning: 42.4% of the tokens of the samples are unknown at pretraining step 3; BLEU, self-BLEU and NLL " +
                "count them like words." }));
        recorder.Save(Phase.Adversarial, 1, bag => bag.Put("x", zeros(1)));
        var events = MetricLog.ReadLines(files.PathOf("metrics.jsonl")).Select(MetricLine.Parse).Select(line => line.Event)
            .OfType<GuardEvent>().ToList();
        Assert.That(events.Select(one => (one.Guard, one.Action)), Is.EqualTo(new[] { ("unknownTokens", "warn") }));

        // Resumed where it had warned, and where it had not.
        foreach (var (name, times) in ((string, int)[])[("adversarial-00000001", 0), ("pretraining-00000002", 1)])
        {
            observer.Messages.Clear();
            recorder = New();
            var bag = Checkpoint.In(files.PathOf("checkpoints")).Single(checkpoint => checkpoint.Name == name).Read();
            recorder.Load(bag);
            bag.Clear();
            recorder.Evaluated(Phase.Adversarial, 2, Found(0.5));
            Assert.That(Warnings(), Has.Length.EqualTo(times), name);
        }
    }

    [Test]
    public void A_pretraining_that_is_taken_over_has_warned()
    {
        using var files = new TemporaryFiles();
        var observer = new SilentObserver();
        using var log = new MetricLog(files.PathOf("metrics.jsonl"));
        var recorder = new Recorder(files.PathOf("samples"), files.PathOf("checkpoints"), 3, log, observer);
        var told = new GuardEvent("unknownTokens", "warn", "so it is");
        recorder.TakeLines([new MetricLine { Phase = "pretraining", Step = 1, Seconds = 0, Values = new Dictionary<string, double>(),
            Event = told }]);
        recorder.Evaluated(Phase.Adversarial, 1,
            new(new Dictionary<string, double> { ["unknown"] = 1 }, [], [], new Dictionary<string, double>()));
        Assert.That(observer.Messages, Has.None.StartsWith("warning"));
    }
}
