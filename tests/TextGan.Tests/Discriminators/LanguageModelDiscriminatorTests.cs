using TextGan.Discriminators;
using TextGan.Generators;
using TextGan.Problems;
using TextGan.Runs;
using TextGan.Tests.Generators.Pretrained;
using TextGan.Tests.Metrics;
using TextGan.Tests.Runs;
using TextGan.Tokenization;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

public sealed class LanguageModelDiscriminatorTests
{
    const int Start = 2;

    static readonly string[] Variants =
        ["", ""","lengthPower":0""", ""","per":"token" """, ""","temperature":0.5""", ""","per":"token","cap":-1""", ""","cap":-1.9"""];

    static Generator Frozen(string kind)
    {
        manual_seed(5);
        Generator model = kind == "lstm" ? new LstmGenerator(V, 5, 6, initialStandardDeviation: 1)
            : kind == "gpt2" ? new Gpt2Generator(new Gpt2Shape(V, 8, 2, 2, 12, T + 1))
            : new TransformerGenerator(new TransformerShape(V, 8, 2, 2, 1, 12), initialStandardDeviation: 0.5);
        FrozenModels.Freeze(model);
        return model;
    }

    static Discriminator Build(Generator model, string more) => Read($$"""{"kind":"language-model","name":"d"{{more}}}""")
        .Build(Context() with { StartId = Start, Frozen = _ => model });

    /// <summary>
    /// p(next | last) of three tokens; 0 is start and end. "1 2 end" after no prompt, and "2 2", cut, after the prompt "1 1".
    /// </summary>
    [Test]
    public void Values_by_hand()
    {
        using var scope = NewDisposeScope();
        double[,] probabilities = { { .5, .25, .25 }, { .1, .6, .3 }, { .2, .2, .6 } };
        var logs = new float[3, 3];
        for (var i = 0; i < 9; i++) logs[i / 3, i % 3] = (float)Math.Log(probabilities[i / 3, i % 3]);
        using var model = new BigramGenerator(logs);
        var texts = new TextBatch(tensor(new long[,] { { 1, 2, 0, 0 }, { 1, 1, 2, 2 } }), 0, promptLengths: tensor(new long[] { 0, 2 }));
        double[] sums = [Math.Log(.25 * .3 * .2), Math.Log(.3 * .6)];
        double[] Of(double? power, double? cap = null) =>
            [.. Values(new LanguageModelDiscriminator(3, new FrozenLikelihood(model, 0), power, cap).Judge(texts).Logits)
                .Select(value => (double)value)];
        Assert.That(Of(1), Is.EqualTo(new[] { sums[0] / 3, sums[1] / 2 }).Within(1e-6));
        Assert.That(Of(0), Is.EqualTo(sums).Within(1e-6));
        Assert.That(Of(0.5), Is.EqualTo(new[] { sums[0] / Math.Sqrt(3), sums[1] / Math.Sqrt(2) }).Within(1e-6));
        Assert.That(Of(1, cap: -1), Is.EqualTo(new[] { sums[0] / 3, -1 }).Within(1e-6));
        Assert.That(Of(null), Is.EqualTo(new[]
        {
            Math.Log(.25), Math.Log(.3), Math.Log(.2), 0, 0, 0, Math.Log(.3), Math.Log(.6), // 0 in the prompt and after the end
        }).Within(1e-6));
    }

    [Test]
    public void One_hot_tokens_are_judged_like_ids(
        [Values("lstm", "transformer", "gpt2")] string kind, [ValueSource(nameof(Variants))] string variant)
    {
        using var scope = NewDisposeScope();
        using var model = Frozen(kind);
        using var judge = Build(model, variant);
        var (hard, relaxed) = (judge.Judge(Hard()), judge.Judge(OneHot()));
        Assert.That(MaxDifference(hard.Logits, relaxed.Logits), Is.LessThan(1e-5));
        Assert.That(hard.Mask is null, Is.EqualTo(!variant.Contains("token")));
        Assert.That(hard.Logits.abs().max().item<float>(), Is.GreaterThan(0.5));
        Assert.That(judge.parameters(), Is.Empty);
        var other = Ids(); // after the ends
        other[0, 3] = 4;
        other[2, 5] = 5;
        Assert.That(Values(judge.Judge(Hard(other)).Logits), Is.EqualTo(Values(hard.Logits)));
    }

    /// <summary>Between tokens too, the gradient is what finite differences show; the frozen weights get none.</summary>
    [Test]
    public void Gradients_reach_relaxed_tokens(
        [Values("lstm", "transformer", "gpt2")] string kind, [ValueSource(nameof(Variants))] string variant)
    {
        using var scope = NewDisposeScope();
        using var model = Frozen(kind);
        using var judge = Build(model, variant);
        Tensor Mixed() => (0.6 * OneHot().Relaxed! + 0.4 / V).detach();
        TextBatch Batch(Tensor relaxed) => new(Ids(), EndId, relaxed);
        var relaxed = Mixed().requires_grad_(true);
        judge.Judge(Batch(relaxed)).Logits.sum().backward();
        foreach (var (text, position, id) in ((int, int, int)[])[(3, 0, 4), (2, 1, 3), (3, 5, 6), (1, 0, 3)])
        {
            double At(double shift)
            {
                var moved = Mixed();
                moved[text, position, id] += shift;
                return judge.Judge(Batch(moved)).Logits.to_type(float64).sum().item<double>();
            }
            Assert.That(relaxed.grad![text, position, id].item<float>(), Is.EqualTo((At(5e-3) - At(-5e-3)) / 1e-2).Within(1e-2));
        }
        if (!variant.Contains("cap")) Assert.That(relaxed.grad![3].abs().sum(1).gt(0).all().item<bool>(), "every token of a whole text");
        Assert.That(model.parameters().Select(parameter => parameter.grad), Is.All.Null);
    }

    [Test]
    public void The_sum_over_the_tokens_is_the_text_s()
    {
        using var scope = NewDisposeScope();
        using var model = Frozen("lstm");
        using var tokens = Build(model, ""","per":"token" """);
        using var sums = Build(model, ""","lengthPower":0""");
        Assert.That(MaxDifference(tokens.Judge(Hard()).Logits.sum(1, keepdim: true), sums.Judge(Hard()).Logits), Is.LessThan(1e-5));
    }

    [TestCase(""","per":"token","lengthPower":0.5""",
        "$.d.lengthPower: is 0.5, but with \"per\": \"token\" no sum over a text is divided by its length; leave it out.")]
    [TestCase(""","model":"" """, "$.d.model: is empty; name the folder of a model, or leave it out to read the generator.")]
    [TestCase(""","members":2""", "$.d.members: is 2, but this kind does not learn, so that one is enough.")]
    [TestCase(""","teacherPreference":{"teacher":{"kind":"rule","rule":{"kind":"length"}}}""",
        "$.d.teacherPreference: this kind of discriminator does not learn; leave it out.")]
    public void Contradictions_are_rejected(string more, string message) => Assert.That(
        Read($$"""{"kind":"language-model","name":"d"{{more}}}""").Validate("$.d").Select(problem => problem.ToString()),
        Is.EqualTo(new[] { message }));

    [Test]
    public void Models_that_do_not_fit_are_rejected()
    {
        using var model = Frozen("gpt2"); // of T + 1 positions
        string Said(string more, DiscriminatorContext context) => Assert.Throws<InvalidInputException>(() => Read(
            $$"""{"kind":"language-model","name":"d"{{more}}}""")
            .Build(context with { Frozen = _ => model }))!.Problems.Single().ToString();
        Assert.That(Said(""","model":"m" """, Context(vocabularySize: 9)), Is.EqualTo("$.discriminators[d].model: the model in 'm' has 7 " +
            "tokens, the experiment's tokenizer 9; a model can read the ids of its own tokenizer only."));
        Assert.That(Said("", Context(length: T + 2)), Is.EqualTo(
            "$.discriminators[d].model: the generator reads at most 7 tokens; 'length' is 8."));
    }

    /// <summary>
    /// By policy gradient, per text and per token, and by Gumbel-softmax; stored and read back, scores are the evaluation's.
    /// </summary>
    [TestCase("""{"kind":"reinforce"}""", "")]
    [TestCase("""{"kind":"reinforce","credit":{"kind":"per-step","discount":0.9}}""", ""","per":"token" """)]
    [TestCase("""{"kind":"gumbel-softmax"}""", "")]
    [TestCase("""{"kind":"gumbel-softmax","relaxation":"relaxed"}""", ""","model":"model" """)]
    public void A_run_from_JSON(string estimator, string more)
    {
        using var run = new SmallRun();
        TinyModel.Write(Path.Combine(run.Folder, "model"), TinyModel.Llama);
        var result = run.Run(new SilentObserver(), default, $"estimator={estimator}",
            more.Contains("model") ? "tokenizer.vocabulary=11" : "generator.hidden=12",
            $$"""discriminators=[{"name":"t","kind":"language-model","loss":{"kind":"hinge"}{{more}}}]""").Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var lines = SmallRun.Lines(result);
        Assert.That(lines.Where(line => line.Values.ContainsKey("term/t/raw")).Select(line => line.Values["term/t/raw"]),
            Is.Not.Empty.And.All.GreaterThan(0), "minus a log-likelihood");
        using var stored = StoredRun.Load(result.Folder, CPU, withJudges: true);
        var samples = File.ReadAllLines(Path.Combine(new RunFolder(result.Folder).Samples, "adversarial-00000004.jsonl"))
            .Select(SampleLine.Parse).ToArray();
        var scored = TextScoring.Of(stored, samples.Select(sample => (sample.Text, sample.Prompt, "")), CPU).ToArray();
        var compared = samples.Zip(scored).Where(pair => pair.First.Tokens == pair.Second.Tokens).ToArray();
        Assert.That(compared, Is.Not.Empty);
        foreach (var (wanted, found) in compared)
            Assert.That(found.Scores["t"], Is.EqualTo(wanted.Scores["t"]).Within(1e-5));
    }

    /// <summary>As the only reward it raises the likelihood under the model; the negative control, a constant, does not.</summary>
    [Test]
    public void The_generator_climbs_it([Values("reinforce", "gumbel-softmax")] string estimator)
    {
        double Gain(string judge)
        {
            using var run = new SmallRun();
            var result = run.Run(new SilentObserver(), default, $$"""estimator={"kind":"{{estimator}}"}""", "training.iterations=30",
                "training.batch=32", "training.optimizer={\"kind\":\"adam\",\"learningRate\":0.01}", "evaluation.every=30",
                "evaluation.samples=100", "evaluation.metrics=[{\"kind\":\"model-nll\"}]", $"discriminators=[{judge}]").Single();
            Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
            var values = SmallRun.Lines(result).Where(line => line.Phase == "adversarial" && line.Values.ContainsKey("metric/model-nll"))
                .Select(line => line.Values["metric/model-nll"]).ToArray();
            return values[0] - values[^1];
        }
        Assert.That(Gain("""{"name":"t","kind":"language-model","loss":{"kind":"hinge"}}"""), Is.GreaterThan(0.1));
        Assert.That(Gain("""{"name":"t","kind":"constant"}"""), Is.LessThan(0.05));
    }
}
