using TextGan.Runs;
using TextGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Runs;

public class ExperimentRunnerTests
{
    internal static readonly (string Name, string[] Changes)[] Variants =
    [
        ("reinforce", []),
        ("rollouts, critic", [
            "estimator={\"kind\":\"reinforce\",\"credit\":{\"kind\":\"rollouts\",\"count\":2},\"reward\":\"probability\"," +
            "\"baseline\":{\"kind\":\"critic\"}}"]),
        ("moving average, normalised",
            ["estimator={\"kind\":\"reinforce\",\"baseline\":{\"kind\":\"moving-average\"}}", "normalization={}"]),
        ("straight-through, normalised", ["estimator={\"kind\":\"gumbel-softmax\"}", "normalization={}"]),
        ("relaxed, Wasserstein",
            ["estimator={\"kind\":\"gumbel-softmax\",\"relaxation\":\"relaxed\"," +
            "\"temperature\":{\"kind\":\"exponential\",\"from\":1,\"to\":0.5}}",
            "discriminators.real.loss={\"kind\":\"wasserstein\"}"]),
        ("regularizers, average",
            ["regularizers={\"entropy\":0.01,\"likelihood\":0.1,\"kl\":0.1}", "training.weightAverage=0.9", "training.generatorSteps=2"]),
        ("scheduled, frozen",
            ["combiner={\"kind\":\"scheduled\",\"weights\":{\"helpful\":{\"kind\":\"linear\",\"from\":0,\"to\":1}}}",
            "discriminators.helpful.freezeAfter=1"]),
        ("transformer, pairs",
            ["generator={\"kind\":\"transformer\"}", "estimator={\"kind\":\"gumbel-softmax\"}",
            "discriminators.helpful.loss={\"kind\":\"bradley-terry\"}",
            "discriminators.helpful.opponents={\"generated\":0,\"rejected\":1}", "discriminators.real.loss={\"kind\":\"relativistic\"}"]),
        ("per step", ["estimator={\"kind\":\"reinforce\",\"credit\":{\"kind\":\"per-step\"},\"reward\":\"signed-probability\"}",
            "discriminators=[{\"name\":\"steps\",\"kind\":\"lstm\",\"output\":\"per-step\",\"data\":\"text\",\"embedding\":8," +
            "\"hidden\":8}]"]),
        ("expert iteration", ["estimator={\"kind\":\"expert-iteration\",\"search\":{\"kind\":\"best-of-n\",\"n\":2}}",
            "training.accumulate=2", "regularizers={\"entropy\":0.01,\"kl\":0.1}"]),
        ("negative loss", ["estimator={\"kind\":\"reinforce\",\"reward\":\"negative-loss\"}",
            "discriminators.real.loss={\"kind\":\"relativistic\"}",
            "discriminators.helpful.loss={\"kind\":\"least-squares\",\"generatorTarget\":0.5}"]),
        ("controls", ["discriminators=[{\"name\":\"c\",\"kind\":\"constant\"},{\"name\":\"r\",\"kind\":\"random\"}]"]),
        ("constant, no gradient", ["discriminators=[{\"name\":\"c\",\"kind\":\"constant\"}]", "estimator={\"kind\":\"gumbel-softmax\"}"]),
    ];

    static IEnumerable<TestCaseData> VariantCases() => Variants.Select(v => new TestCaseData((object)v.Changes).SetArgDisplayNames(v.Name));

    [TestCaseSource(nameof(VariantCases))]
    public void Runs_and_logs_a_total_that_is_the_sum_of_the_weighted_terms(string[] changes)
    {
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default, changes).Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var steps = SmallRun.Lines(result).Where(line => line.Phase == "adversarial" && line.Values.ContainsKey("total")).ToArray();
        Assert.That(steps.Select(line => line.Step), Is.EqualTo(new[] { 1, 2, 3, 4 }));
        foreach (var line in steps)
        {
            string[] terms = [.. line.Values.Keys.Where(k => k.StartsWith("term/", StringComparison.Ordinal)
                && k.EndsWith("/weighted", StringComparison.Ordinal)).Select(k => k.Split('/')[1])];
            Assert.That(terms, Is.Not.Empty);
            Assert.That(terms.Sum(t => line.Values[$"term/{t}/weighted"]), Is.EqualTo(line.Values["total"]).Within(1e-9));
            foreach (var term in terms)
                Assert.That(line.Values.GetValueOrDefault($"term/{term}/normalized", line.Values[$"term/{term}/raw"]) * line.Values[
                    $"term/{term}/weight"], Is.EqualTo(line.Values[$"term/{term}/weighted"]).Within(1e-9));
        }
    }

    /// <summary>The log without what the clock decides.</summary>
    static string Log(RunResult result) => string.Join('\n', SmallRun.Lines(result).Select(line =>
        line.WithoutTimes().ToJson()));

    static double[] Totals(RunResult result) =>
        [.. SmallRun.Lines(result).Where(line => line.Values.ContainsKey("total")).Select(line => line.Values["total"])];

    [Test]
    public void The_same_seed_gives_the_same_bits_and_another_seed_does_not()
    {
        string Trained(int seed)
        {
            using var run = new SmallRun();
            return Log(run.Run(new SilentObserver(), default, $"seeds=[{seed}]", "regularizers={\"kl\":0.1}").Single());
        }
        var first = Trained(1);
        Assert.That(Trained(1), Is.EqualTo(first));
        Assert.That(Trained(2), Is.Not.EqualTo(first));
    }

    const string Refusal =
        "An operation failed in LibTorch: The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0";

    static void Refuse()
    {
        using var scope = NewDisposeScope();
        zeros(2).add_(zeros(3));
    }

    [Test]
    public void What_LibTorch_refuses_fails_its_run_alone()
    {
        using var run = new SmallRun();
        var refusals = 1;
        var observer = new SilentObserver { OnStep = (phase, step) =>
            { if (phase == Phase.Adversarial && step == 3 && refusals-- > 0) Refuse(); } };
        var results = run.Run([run.Read("name=first"), run.Read("name=second")], observer, default);
        Assert.That(results.Select(result => result.Outcome), Is.EqualTo(new[] { "failed", "finished" }));
        Assert.That(results[0].Message, Does.StartWith(Refusal + "; the last good checkpoint is ")
            .And.EndWith(". The same command resumes from there."));
    }

    [Test]
    public void Evaluations_do_not_change_the_training()
    {
        double[] Trained(int every)
        {
            using var run = new SmallRun();
            return Totals(run.Run(new SilentObserver(), default, $"evaluation.every={every}").Single());
        }
        Assert.That(Trained(1), Is.EqualTo(Trained(100)));
    }

    [Test]
    public void Experiments_that_share_a_pretraining_train_it_once_with_the_same_result()
    {
        using var run = new SmallRun();
        var observer = new SilentObserver();
        var results = run.Run([run.Read("name=first"), run.Read("name=second")], observer, default);
        Assert.That(observer.Messages, Has.Some.EqualTo("pretraining: taken from 'first' (same settings and seed)"));
        Assert.That(Totals(results[1]), Is.EqualTo(Totals(results[0])));
    }

    [Test]
    public void Stopping_ends_after_the_step_with_a_checkpoint_that_can_be_sampled()
    {
        using var run = new SmallRun();
        using var stop = new CancellationTokenSource();
        var observer = new SilentObserver { OnStep = (phase, step) => { if (phase == Phase.Adversarial && step == 3) stop.Cancel(); } };
        var result = run.Run(observer, stop.Token, "training.iterations=1000").Single();
        Assert.That(result.Outcome, Is.EqualTo("stopped"));
        using var stored = StoredRun.Load(result.Folder, CPU);
        Assert.That(stored.Checkpoint.Name, Is.EqualTo("adversarial-00000003"));
        var (start, end) = (stored.Encoder.Tokenizer.StartId, stored.Encoder.Tokenizer.EndId);
        using var scope = NewDisposeScope();
        var ids = TextGan.Generators.Sampling.Sampler.Sample(stored.Generator, new(), 2, 26, start, end).Tokens.Ids;
        Assert.That(stored.Encoder.Decode(ids), Has.Count.EqualTo(2));
    }

    [Test]
    public void A_stored_run_is_the_generator_that_was_measured()
    {
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default).Single();
        using var stored = StoredRun.Load(result.Folder, CPU);
        var data = stored.Options.Data.ToDictionary(d => d.Key, d => d.Value.Load(new(d.Key, run.Folder, 26)));
        var again = stored.Options.Evaluation.Metrics[0].Build(new(data, stored.Encoder, 64)).Evaluate(new(stored.Generator, [], []));
        Assert.That(again["nll-text"], Is.EqualTo(result.FinalMetrics["nll-text"]).Within(1e-9));
    }

    [Test]
    public void Not_a_number_stops_the_run_and_names_term_step_and_checkpoint()
    {
        using var run = new SmallRun();
        const string wild = "{\"kind\":\"sgd\",\"learningRate\":100}";
        var result = run.Run(new SilentObserver(), default, $"training.optimizer={wild}", "training.clipGradient=0",
            "training.iterations=200",
            $"discriminators.real.optimizer={wild}", "discriminators.real.loss={\"kind\":\"wasserstein\"}",
                "discriminators.real.stepsPerIteration=20").Single();
        Assert.That(result.Outcome, Is.EqualTo("failed"));
        Assert.That(result.Message,
            Does.Match(@"^(a weight in )?'.+' is (NaN|-?Infinity|-?∞) at (adversarial|discriminator-pretraining) step \d+; " +
                @"(the last good checkpoint is .+\.safetensors|there is no checkpoint before it)\.$"));
        var last = SmallRun.Lines(result)[^1];
        Assert.That((last.Event!.Guard, last.Event.Action), Is.EqualTo(("notANumber", "stop")));
        Assert.That(result.Message, Does.StartWith(last.Event.Message[..^1]), "what ended it is in the log");
    }

    [Test]
    public void No_tensor_is_left_alive_by_a_step()
    {
        var counts = new List<long>(); // of this thread, which the whole run is on
        using var run = new SmallRun();
        var observer = new SilentObserver
        {
            OnStep = (phase, _) => { if (phase == Phase.Adversarial) counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount); },
        };
        run.Run(observer, default, "training.iterations=40", "evaluation.every=1000",
            "regularizers={\"entropy\":0.01,\"likelihood\":0.1,\"kl\":0.1}",
            "normalization={}", "training.weightAverage=0.9");
        Assert.That(counts[^1], Is.LessThanOrEqualTo(counts[10]), string.Join(' ', counts));
    }
}
