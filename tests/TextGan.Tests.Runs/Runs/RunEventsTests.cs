namespace TextGan.Tests.Runs;

/// <summary>What a sink hears of a run.</summary>
public class RunEventsTests
{
    /// <summary>Events without sentences and steps, in a word or two each.</summary>
    static IEnumerable<string> Told(IEnumerable<RunEvent> events) => events.Select(happened => happened switch
    {
        RunEvent.Started started => $"started {started.Run!.Path} {started.Standing}",
        RunEvent.PhaseStarted started => $"{started.Phase} from {started.Done}",
        RunEvent.PhaseEnded ended => $"{ended.Phase} ended",
        RunEvent.Evaluated evaluated => $"evaluated {evaluated.Step}",
        RunEvent.SamplesWritten written => $"samples {Path.GetFileName(written.File)}",
        RunEvent.CheckpointSaved saved => $"checkpoint {Path.GetFileNameWithoutExtension(saved.File)}{(saved.IsInterim ? " interim" : "")}",
        RunEvent.Guarded guarded => guarded.Event.Action,
        RunEvent.Rewound rewound => $"{(rewound.IsResume ? "resumed" : "rolled back")} at {rewound.Phase} {rewound.Step}",
        RunEvent.Ended ended => $"ended {ended.Run!.Path} {ended.Outcome}{(ended.IsEarlier ? " earlier" : "")}",
        RunEvent.AllEnded ended => $"all ended {ended.Folders.Count}",
        _ => "",
    }).Where(text => text.Length > 0);

    [Test]
    public void AWholeRunIsToldInOrder()
    {
        using var run = new SmallRun();
        var sink = new SilentObserver();
        run.Run(sink, default);
        string[] whole =
        [
            "started small/1 New",
            "Pretraining from 0", "evaluated 13", "samples pretraining-00000013.jsonl", "evaluated 26",
                "samples pretraining-00000026.jsonl", "checkpoint pretraining-00000026", "Pretraining ended",
            "DiscriminatorPretraining from 0", "DiscriminatorPretraining ended",
            "Adversarial from 0",
            "evaluated 0", "samples adversarial-00000000.jsonl", "checkpoint adversarial-00000000",
            "evaluated 2", "samples adversarial-00000002.jsonl", "checkpoint adversarial-00000002",
            "evaluated 4", "samples adversarial-00000004.jsonl", "checkpoint adversarial-00000004",
            "Adversarial ended", "ended small/1 finished", "all ended 1",
        ];
        Assert.That(Told(sink.Events).Where(text => !text.Contains("13")), Is.EqualTo(whole.Where(text => !text.Contains("13"))));
        var again = new SilentObserver();
        run.Run(again, default);
        Assert.That(Told(again.Events), Is.EqualTo(new[] { "started small/1 Finished", "ended small/1 finished earlier", "all ended 1" }));
    }

    [Test]
    public void AResumeTellsWhereItGoesOn()
    {
        using var run = new SmallRun();
        using var stop = new CancellationTokenSource();
        run.Run(new SilentObserver { OnStep = (phase, step) => { if (phase == Phase.Adversarial && step == 3) stop.Cancel(); } },
            stop.Token);
        var sink = new SilentObserver();
        run.Run(sink, default);
        Assert.That(Told(sink.Events), Is.EqualTo(new[]
        {
            "started small/1 Begun", "resumed at Adversarial 3", "Adversarial from 3", "evaluated 4", "samples adversarial-00000004.jsonl",
            "checkpoint adversarial-00000004", "Adversarial ended", "ended small/1 finished", "all ended 1",
        }));
    }

    [Test]
    public void ARollBackTellsWhereTheRunStandsAgain()
    {
        using var run = new SmallRun();
        var sink = new SilentObserver();
        run.Run(sink, default, "training.iterations=3", "training.checkpointEvery=1",
            "guards={\"explodingGradient\":{\"action\":\"roll-back\",\"limit\":1e-9},\"rollBack\":{\"maximum\":1}}", "pretraining=null");
        string[] told = [.. Told(sink.Events)];
        var at = Array.IndexOf(told, "roll-back");
        Assert.That(told[(at - 1)..(at + 3)],
            Is.EqualTo(new[] { "Adversarial ended", "roll-back", "rolled back at Adversarial 0", "Adversarial from 0" }));
        Assert.That(told[^2..], Is.EqualTo(new[] { "ended small/1 failed", "all ended 0" }));
    }
}
