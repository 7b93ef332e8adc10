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

    static Dictionary<string, double> Pairs(double gap, double low, int heldOut, int training = 400) => new()
    {
        ["discriminator/d/trainingAccuracyPairs"] = 0.9, ["discriminator/d/trainingPairs"] = training,
        ["discriminator/d/heldOutAccuracyPairs"] = 0.9 - gap, ["discriminator/d/heldOutPairs"] = heldOut,
        ["discriminator/d/gapPairs"] = gap, ["discriminator/d/gapPairsLow"] = low, ["discriminator/d/gapPairsHigh"] = 0.2,
    };

    const string Told = "discriminator 'd' is right on 0.900 of 400 pairs that it learns from and on ";

    /// <summary>Of 300 held-out pairs the gap decides, of 299 the lower end of its interval.</summary>
    [TestCase(0.05, -0.5, 300, "notice")]
    [TestCase(0.0499, 0.2, 300, "")]
    [TestCase(0.1, -0.5, 300, "warn")]
    [TestCase(0.0999, 0.2, 300, "notice")]
    [TestCase(0.3, 0.05, 299, "")]
    [TestCase(0.3, 0.0501, 299, "notice")]
    [TestCase(0.3, 0.1, 299, "notice")]
    [TestCase(0.3, 0.1001, 299, "warn")]
    public void A_gap_between_pairs_is_noticed_from_one_limit_and_acted_on_from_another(
        double gap, double low, int heldOut, string action)
    {
        var watch = Watch(new GuardsOptions());
        watch.CheckPairs(5, Pairs(gap, low, heldOut), ["other", "d"]);
        Assert.That(Events(), Is.EqualTo(action.Length == 0 ? [] : new[]
        {
            $"adversarial 5: overfittingDiscriminator {action}: {Told}{0.9 - gap:0.000} of {heldOut} held-out ones, a gap of {gap:0.000} " +
            $"(95% interval {low:0.000} to 0.200), which reaches {(action == "warn" ? "0.1" : "0.05")}, at adversarial step 5.",
        }));
    }

    [Test]
    public void Few_training_pairs_make_a_gap_by_chance_as_few_held_out_ones_do()
    {
        var watch = Watch(new GuardsOptions());
        watch.CheckPairs(5, Pairs(0.3, 0.05, 400, training: 299), ["d"]);
        watch.CheckPairs(6, Pairs(0.3, 0.05, 400, training: 300), ["d"]);
        Assert.That(Events().Single(), Does.StartWith("adversarial 6: "));
    }

    [Test]
    public void The_limits_of_a_gap_are_options()
    {
        var watch = Watch(new GuardsOptions { OverfittingDiscriminator = new() { Notice = 0.2, Limit = 0.3, Pairs = 40 } });
        double[] gaps = [0.19, 0.2, 0.3];
        for (var i = 0; i < gaps.Length; i++) watch.CheckPairs(i, Pairs(gaps[i], 0, 40), ["d"]);
        watch.CheckPairs(3, Pairs(0.35, 0.15, 39), ["d"]); // of 39 pairs the interval does not reach 0.2
        Assert.That(Events().Select(told => told[..told.IndexOf(": d", StringComparison.Ordinal)]), Is.EqualTo(new[]
        {
            "adversarial 1: overfittingDiscriminator notice", "adversarial 2: overfittingDiscriminator warn",
        }));
    }

    /// <summary>Also after an interruption. A gap that shrinks below the limit is no news; one that grows again is.</summary>
    [Test]
    public void A_gap_is_told_once_until_it_has_passed()
    {
        var (options, told) = (new GuardsOptions(), new List<string>());
        var (watch, bag) = (Watch(options), new StateBag());
        double[] gaps = [0.06, 0.07, 0.12, 0.13, 0.08, 0.12, 0.01, 0.06];
        for (var i = 0; i < gaps.Length; i++)
        {
            watch.CheckPairs(i, Pairs(gaps[i], 0, 300), ["d"]);
            watch.Save(bag);
            told.AddRange(Events().Select(one => one[..one.IndexOf(": d", StringComparison.Ordinal)]));
            File.Delete(files.PathOf("metrics.jsonl"));
            (watch = Watch(options)).Load(bag);
            bag = new StateBag();
        }
        Assert.That(told, Is.EqualTo(new[]
        {
            "adversarial 0: overfittingDiscriminator notice", "adversarial 2: overfittingDiscriminator warn",
            "adversarial 5: overfittingDiscriminator warn", "adversarial 7: overfittingDiscriminator notice",
        }));
    }

    [Test]
    public void A_gap_stops_the_run_or_goes_back_to_where_it_was_smaller()
    {
        var watch = Watch(new GuardsOptions { OverfittingDiscriminator = new() { Action = GuardAction.RollBack } });
        Assert.That(watch.MayRollBack, Is.True);
        watch.CheckPairs(10, Pairs(0.06, 0, 300), ["d"]);
        var found = Assert.Throws<RollBackException>(() => watch.CheckPairs(20, Pairs(0.1, 0, 300), ["d"]))!.Finding;
        Assert.That((found.Step, found.Since, found.Blamed), Is.EqualTo((20, 10, "discriminator/d")));
        log!.Dispose();
        watch = Watch(new GuardsOptions { OverfittingDiscriminator = new() { Action = GuardAction.Stop } });
        Assert.That(() => watch.CheckPairs(20, Pairs(0.1, 0, 300), ["d"]), Throws.TypeOf<RunFailedException>().With.Message.EqualTo(
            $"{Told}0.800 of 300 held-out ones, a gap of 0.100 (95% interval 0.000 to 0.200), which reaches 0.1, at adversarial step 20; " +
            "there is no checkpoint before it."));
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
            WinningDiscriminator = new() { Action = GuardAction.Off, Steps = 1 }, ModeCollapse = new() { Action = GuardAction.Off },
            OverfittingDiscriminator = new() { Action = GuardAction.Off } });
        watch.CheckPairs(1, Pairs(0.5, 0.4, 300), ["d"]);
        watch.Allow(Phase.Adversarial, 1, Values("generator/gradientNorm", 1e9));
        watch.CheckAccuracies(1, Accuracies(1, 1), ["d"]);
        watch.CheckTexts(Phase.Adversarial, 1, [[1, 1, 1, 1]]);
        Assert.That(Events(), Is.Empty);
        Assert.That(new NotANumberGuardOptions { Action = GuardAction.Off }.Validate("$.guards.notANumber").Single().ToString(),
            Is.EqualTo("$.guards.notANumber.action: 'off' found; training cannot continue with NaN: expected 'warn', 'stop' or " +
                "'roll-back'."));
    }
}
