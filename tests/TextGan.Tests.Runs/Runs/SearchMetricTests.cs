using TextGan.Metrics;
using TextGan.Reporting;
using TextGan.Tests.Generators.Pretrained;

namespace TextGan.Tests.Runs;

/// <summary>The metric "search" in whole runs, and what is said where parts cannot go together.</summary>
public sealed class SearchMetricTests
{
    const string Judge = "\"data\":\"text\",\"judge\":{\"kind\":\"attribute\",\"attribute\":\"helpful\"}";

    static string Metric(string search, string more = "") =>
        $"evaluation.metrics=[{{\"kind\":\"search\",\"name\":\"s\",{Judge},\"search\":{search},\"texts\":7,\"budgets\":[1,3]{more}}}]";

    [TestCase("{\"kind\":\"best-of-n\"}", ",\"pursues\":\"truth\",\"threshold\":1")]
    [TestCase("{\"kind\":\"beam\",\"opening\":1}", "")]
    [TestCase("{\"kind\":\"guided\"}", ",\"fitOn\":20,\"value\":{\"steps\":2}")]
    [TestCase("{\"kind\":\"tree\",\"rollout\":0.5}", "")]
    public void It_is_measured_before_and_after(string search, string more)
    {
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default, Metric(search, more),
            "estimator={\"kind\":\"expert-iteration\",\"search\":{\"kind\":\"best-of-n\",\"n\":2}}").Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var lines = SmallRun.Lines(result);
        var measured = lines.Where(line => line.Values.ContainsKey("metric/search-s-3-true")).ToArray();
        Assert.That(measured.Select(line => (line.Phase, line.Step)),
            Is.EqualTo(new[] { ("adversarial", 0L), ("adversarial", 2L), ("adversarial", 4L) }));
        foreach (var line in measured)
            foreach (var budget in (int[])[1, 3])
            {
                double Of(string value) => line.Values[$"metric/search-s-{budget}-{value}"];
                Assert.That(Of("true"), Is.InRange(0, 1));
                Assert.That(Of("tokens"), Is.GreaterThan(1));
                Assert.That(Of("judged"), Is.GreaterThanOrEqualTo(1));
                if (search.Contains("best-of-n", StringComparison.Ordinal))
                    Assert.That((Of("judged"), Of("nodes")), Is.EqualTo(((double)budget, (double)budget)));
                if (search.Contains("beam", StringComparison.Ordinal) && budget == 1)
                    Assert.That((Of("judged"), Of("nodes") > 1), Is.EqualTo((1.0, true)), "one text, a node for each of its tokens");
                if (more.Contains("threshold", StringComparison.Ordinal))
                {
                    Assert.That(Of("reward"), Is.EqualTo(Of("true")).Within(1e-9), "the truth is pursued");
                    Assert.That(Of("reached"), Is.EqualTo(Of("true")).Within(1e-9));
                    Assert.That(Of("nodes-to-reach"), Is.InRange(1, budget));
                }
            }
        var spent = lines.Where(line => line.Values.ContainsKey("search/spent")).Select(line => line.Values["search/spent"]).ToArray();
        Assert.That(spent, Has.Length.GreaterThan(1).And.Ordered.Ascending.And.Unique);
        Assert.That(ComparisonPlots.Draw([result.Folder], Path.Combine(run.Folder, "compared"), "small").Select(Path.GetFileName),
            Has.Some.EqualTo("comparison-search.png"));
    }

    /// <summary>Another search before it draws numbers of its own.</summary>
    [Test]
    public void What_it_finds_does_not_depend_on_the_metrics_before_it()
    {
        const string Search = "{\"kind\":\"best-of-n\"}";
        var alone = Values(Metric(Search));
        Assert.That(alone, Is.Not.Empty);
        var first = $"{{\"kind\":\"search\",\"name\":\"first\",{Judge},\"search\":{Search},\"texts\":5,\"budgets\":[2]}}";
        Assert.That(Values(Metric(Search).Replace("metrics=[", $"metrics=[{first},", StringComparison.Ordinal)), Is.EqualTo(alone));

        static double[] Values(string metrics)
        {
            using var run = new SmallRun();
            return [.. SmallRun.Lines(run.Run(new SilentObserver(), default, metrics).Single()).SelectMany(line => line.Values)
                .Where(value => value.Key.StartsWith("metric/search-s", StringComparison.Ordinal)).Select(value => value.Value)];
        }
    }

    [Test]
    public void With_a_value_of_its_own_it_goes_with_any_estimator()
    {
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default,
            Metric("{\"kind\":\"tree\",\"rollout\":0}", ",\"fitOn\":20,\"value\":{\"steps\":2}")).Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        Assert.That(SmallRun.Lines(result).Count(line => line.Values.ContainsKey("metric/search-s-3-true")), Is.EqualTo(3));
    }

    [TestCase("{\"kind\":\"tree\",\"rollout\":0}", "", "$.evaluation.metrics[0].search: needs a learnt value of beginnings")]
    [TestCase("{\"kind\":\"beam\"}", ",\"budgets\":[0]", "$.evaluation.metrics[0].budgets: [0] found; at least one budget is needed")]
    [TestCase("{\"kind\":\"beam\"}", ",\"judge\":{\"kind\":\"n-gram\"}", "$.evaluation.metrics[0].judge: learns, and is not the truth")]
    public void Wrong_metrics_are_rejected(string search, string more, string says)
    {
        using var run = new SmallRun();
        var judge = more.Contains("judge", StringComparison.Ordinal) ? "" : "," + Judge;
        var edit = $"evaluation.metrics=[{{\"kind\":\"search\",\"name\":\"s\",\"search\":{search}{more}{judge}}}]";
        Assert.That(() => run.Read(edit), Throws.TypeOf<InvalidInputException>().With.Message.Contain(says));
    }

    const string NoReward = "looks for texts that the discriminators score high, but none of them has a weight above 0";

    const string Learner = "estimator={\"kind\":\"expert-iteration\"}";

    /// <summary>Without a reward every text would be as good as any other. One discriminator with a weight is enough.</summary>
    [TestCase(0.0, Learner, "$.estimator: 'expert-iteration' " + NoReward)]
    [TestCase(0.0, null, "$.evaluation.metrics[0].pursues: " + NoReward)]
    [TestCase(0.5, Learner, null)]
    [TestCase(0.5, null, null)]
    public void A_search_needs_a_reward(double weight, string? learner, string? says)
    {
        using var run = new SmallRun();
        void Read() => run.Read("discriminators[0].weight=0", $"discriminators[1].weight={weight}",
            learner ?? Metric("{\"kind\":\"beam\"}"));
        Assert.That(Read, says is null ? Throws.Nothing : Throws.TypeOf<InvalidInputException>().With.Message.Contain(says));
    }

    /// <summary>With a teacher the adversarial phase needs no discriminators, but a search needs them, unless it knows the truth.</summary>
    [TestCase(Learner, "$.estimator: 'expert-iteration' " + NoReward)]
    [TestCase("", "$.evaluation.metrics[0].pursues: " + NoReward)]
    [TestCase(",\"pursues\":\"truth\"", null)]
    public void Without_discriminators_there_is_no_reward(string edit, string? says)
    {
        using var run = new SmallRun();
        TinyModel.Write(Path.Combine(run.Folder, "model"), TinyModel.Llama);
        void Read() => run.Read("discriminators=[]", "regularizers={\"distillation\":{\"model\":\"model\"}}",
            edit == Learner ? edit : Metric("{\"kind\":\"beam\"}", edit));
        Assert.That(Read, says is null ? Throws.Nothing : Throws.TypeOf<InvalidInputException>().With.Message.Contain(says));
    }

    /// <summary>A value in logits is no estimate of whether a text is right.</summary>
    [TestCase("", false)]
    [TestCase(",\"fitOn\":20", true)]
    public void A_search_for_the_truth_needs_a_value_of_its_own(string more, bool isRight)
    {
        using var run = new SmallRun();
        void Read() => run.Read(Metric("{\"kind\":\"tree\",\"rollout\":0.5}", ",\"pursues\":\"truth\"" + more), Learner);
        Assert.That(Read, isRight ? Throws.Nothing : Throws.TypeOf<InvalidInputException>().With.Message.Contain(
            "$.evaluation.metrics[0].search: needs a learnt value of beginnings, and that of the estimator 'expert-iteration'"));
    }

    [TestCase("normalization={}", "$.normalization: the estimator 'expert-iteration' chooses texts by rewards")]
    [TestCase("combiner={\"kind\":\"pcgrad\"}", "$.combiner: mixes one gradient for each discriminator")]
    [TestCase("combiner={\"kind\":\"gman\"}", "$.combiner: weighs the discriminators by their losses")]
    [TestCase("combiner={\"kind\":\"scheduled\",\"weights\":{\"real\":1}}", "$.combiner.weights.real: the estimator 'expert-iteration'")]
    [TestCase("regularizers={\"kl\":{\"kind\":\"reward\",\"weight\":1}}", "$.regularizers.kl.kind: only the estimator 'reinforce'")]
    public void What_cannot_go_with_expert_iteration_is_rejected(string edit, string says)
    {
        using var run = new SmallRun();
        Assert.That(() => run.Read("estimator={\"kind\":\"expert-iteration\"}", edit),
            Throws.TypeOf<InvalidInputException>().With.Message.Contain(says));
    }

    [Test]
    public void Names_of_search_values_are_known()
    {
        Assert.That(SearchMetric.ValueNames("a-b", 16, hasThreshold: true).All(SearchFigures.IsOfSearch));
        Assert.That(SearchFigures.IsOfSearch("search-a"), Is.False);
    }
}
