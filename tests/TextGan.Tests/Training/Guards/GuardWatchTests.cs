using TextGan.Storage;
using TextGan.Tests.Runs;
using TextGan.Training;
using TextGan.Training.Guards;
using TorchSharp;

namespace TextGan.Tests.Training.Guards;

public sealed class GuardWatchTests : IDisposable
{
    readonly TemporaryFiles files = new();
    MetricLog? log;

    GuardWatch Watch(GuardsOptions options)
    {
        log = new MetricLog(files.PathOf("metrics.jsonl"));
        return new GuardWatch(options, new Recorder(files.PathOf("samples"), files.PathOf("checkpoints"), 2, log, new SilentObserver()));
    }

    string[] Events()
    {
        log!.Dispose();
        return [.. File.ReadAllLines(files.PathOf("metrics.jsonl")).Select(MetricLine.Parse)
            .Select(line => $"{line.Phase} {line.Step}: {line.Event!.Guard} {line.Event.Action}: {line.Event.Message}")];
    }

    [TearDown]
    public void Dispose()
    {
        log?.Dispose();
        if (Directory.Exists(files.Folder)) files.Dispose();
    }

    static Dictionary<string, double> Values(string name, double value) => new() { ["total"] = 1, [name] = value };

    static Dictionary<string, double> Accuracies(double real, double generated) =>
        new() { ["discriminator/d/accuracyReal"] = real, ["discriminator/d/accuracyGenerated"] = generated };

    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "Infinity")]
    public void What_is_no_number_stops_by_default(double value, string shown)
    {
        var watch = Watch(new GuardsOptions());
        Assert.That(watch.Allow(Phase.Adversarial, 6, Values("term/d/raw", 1)), Is.True);
        Assert.That(() => watch.Allow(Phase.Adversarial, 7, Values("term/d/raw", value)), Throws.TypeOf<RunFailedException>().With.Message
            .EqualTo($"'term/d/raw' is {shown} at adversarial step 7; there is no checkpoint before it."));
        Assert.That(Events(), Is.EqualTo(new[] { $"adversarial 7: notANumber stop: 'term/d/raw' is {shown} at adversarial step 7." }));
    }

    [Test]
    public void A_warning_comes_once_until_the_condition_has_passed()
    {
        var watch = Watch(new GuardsOptions { NotANumber = new() { Action = GuardAction.Warn }, ExplodingGradient = new() { Limit = 10 } });
        Assert.That(watch.Allow(Phase.Adversarial, 1, Values("x", double.NaN)), Is.False, "the step is left out");
        Assert.That(watch.Allow(Phase.Adversarial, 2, Values("x", double.NaN)), Is.False);
        double[] norms = [11, 12, 3, 13];
        for (var i = 0; i < norms.Length; i++) Assert.That(
            watch.Allow(Phase.Adversarial, i + 3, Values("generator/gradientNorm", norms[i])), Is.True);
        Assert.That(Events(), Is.EqualTo(new[]
        {
            "adversarial 1: notANumber warn: 'x' is NaN at adversarial step 1.",
            "adversarial 3: explodingGradient warn: the gradient's norm is 11, over 10, at adversarial step 3.",
            "adversarial 6: explodingGradient warn: the gradient's norm is 13, over 10, at adversarial step 6.",
        }));
    }

    [Test]
    public void A_discriminator_wins_when_it_was_right_so_many_times_in_a_row()
    {
        var watch = Watch(new GuardsOptions { WinningDiscriminator = new() { Action = GuardAction.RollBack, Steps = 3 } });
        (double Real, double Generated)[] course = [(1, 1), (1, 1), (1, 0.99), (1, 1), (1, 1)];
        for (var i = 0; i < course.Length; i++) watch.CheckAccuracies(i + 1, Accuracies(course[i].Real, course[i].Generated), ["d"]);
        watch.CheckAccuracies(6, new Dictionary<string, double>(), ["d"]); // it did not learn in this iteration
        var found = Assert.Throws<RollBackException>(() => watch.CheckAccuracies(7, Accuracies(1, 1), ["d"]))!.Finding;
        Assert.That(found, Is.EqualTo(
            new GuardFinding("winningDiscriminator", Phase.Adversarial, 7, 3, "discriminator/d",
            "discriminator 'd' has judged every text right for 3 iterations")));
    }

    [Test]
    public void Its_count_survives_an_interruption()
    {
        var options = new GuardsOptions { WinningDiscriminator = new() { Action = GuardAction.Stop, Steps = 3 } };
        var watch = Watch(options);
        watch.CheckAccuracies(1, Accuracies(0.5, 1), ["d"]);
        watch.CheckAccuracies(2, Accuracies(1, 1), ["d"]);
        watch.CheckAccuracies(3, Accuracies(1, 1), ["d"]);
        var bag = new StateBag();
        watch.Save(bag);
        log!.Dispose();
        var resumed = Watch(options);
        resumed.Load(bag);
        Assert.That(() => resumed.CheckAccuracies(4, Accuracies(1, 1), ["d"]), Throws.TypeOf<RunFailedException>().With.Message
            .EqualTo("discriminator 'd' has judged every text right for 3 iterations at adversarial step 4; there is no checkpoint " +
                "before it."));
    }

    [Test]
    public void Texts_that_repeat_each_other_are_a_collapse()
    {
        // Twenty texts of four tokens: 60 bigrams. All alike: 3 different ones, 1/20.
        int[][] Texts(int different) => [.. Enumerable.Range(0, 20).Select(i => (int[])[i % different, 2, 3, 4])];
        var watch = Watch(new GuardsOptions { ModeCollapse = new() { Action = GuardAction.Stop, Minimum = 0.1 } });
        watch.CheckTexts(Phase.Adversarial, 1, Texts(20));
        watch.CheckTexts(Phase.Adversarial, 2, [.. Texts(1).Take(19)]);
        Assert.That(() => watch.CheckTexts(Phase.Adversarial, 3, Texts(1)), Throws.TypeOf<RunFailedException>().With.Message.EqualTo(
            "one text makes up 100% of 20 samples (the commonest of as many real texts 5%), over 25%; 95% of 20 samples repeat an " +
            "earlier one (of as many real texts 0%), over 30%; " +
            "distinct-2 of the evaluation's texts is 0.05, under 0.1, at adversarial step 3; there is no checkpoint before it."));
    }

    [Test]
    public void Weights_that_are_no_numbers_never_reach_a_checkpoint()
    {
        var watch = Watch(new GuardsOptions { NotANumber = new() { Action = GuardAction.Warn } });
        var bag = new StateBag();
        using var weights = torch.tensor(new[] { 1f, float.NaN });
        bag.Put("generator/weight", weights);
        Assert.That(() => watch.CheckWeights(Phase.Pretraining, 5, bag),
            Throws.TypeOf<RunFailedException>().With.Message.StartsWith("a weight in 'generator/weight' is NaN at pretraining step 5"));
        bag.Clear();
    }

    [Test]
    public void Off_looks_at_nothing_and_is_no_choice_for_numbers()
    {
        var watch = Watch(new GuardsOptions { ExplodingGradient = new() { Action = GuardAction.Off },
            WinningDiscriminator = new() { Action = GuardAction.Off, Steps = 1 }, ModeCollapse = new() { Action = GuardAction.Off } });
        watch.Allow(Phase.Adversarial, 1, Values("generator/gradientNorm", 1e9));
        watch.CheckAccuracies(1, Accuracies(1, 1), ["d"]);
        watch.CheckTexts(Phase.Adversarial, 1, [[1, 1, 1, 1]]);
        Assert.That(Events(), Is.Empty);
        Assert.That(new NotANumberGuardOptions { Action = GuardAction.Off }.Validate("$.guards.notANumber").Single().ToString(),
            Is.EqualTo("$.guards.notANumber.action: 'off' found; training cannot continue with NaN: expected 'warn', 'stop' or " +
                "'roll-back'."));
    }
}
