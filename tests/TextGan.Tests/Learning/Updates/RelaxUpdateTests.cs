using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Learning;
using TextGan.Optimizers;
using TextGan.Schedules;
using TextGan.Storage;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Updates;

/// <summary>RELAX, Gumbel-Rao, ReinMax and constant prefixes against the exact gradient, by enumeration of all texts (V=4, T=3).</summary>
public sealed class RelaxUpdateTests
{
    const int V = 4, T = 3, Start = 0, End = 0, Batch = 16;

    static RolloutRequest Request(BigramGenerator generator, Judge judge, int? end = End) =>
        new(generator, [judge], Batch, T, Start, end, 0, 1, NeedsLogits: false);

    static Judge JudgeOf(Discriminator judge) =>
        new("judge", judge, new NonSaturatingLoss(), CPU, null, _ => throw new InvalidOperationException());

    static RelaxUpdate Relax(double learningRate = 0.01) => new(new LogitReward(),
        new ControlVariate(V, V, 16, 1, 1, new AdamOptions { LearningRate = learningRate }, CPU));

    static GradientStatistics Measure(UpdateRule update, BigramGenerator generator, Judge judge, int estimates, int? end = End,
        int from = 0)
    {
        var statistics = new GradientStatistics(V * V);
        for (var i = 0; i < estimates; i++)
        {
            using var scope = NewDisposeScope();
            manual_seed(1000 + from + i);
            statistics.Add(Enumeration.GradientOf(update.Estimate(Request(generator, judge, end)).Terms.Single().Surrogate(), generator));
        }
        return statistics;
    }

    [TestCase(0)]
    [TestCase(400)]
    public void Relax_is_unbiased_as_it_learns(int learnt)
    {
        using var generator = new BigramGenerator(V, 1);
        using var table = new TableDiscriminator(T, V, 2);
        using var update = Relax();
        manual_seed(7);
        Measure(update, generator, JudgeOf(table), learnt, from: 10_000);
        var exact = Enumeration.ExactGradient(generator, T, Start, End, texts => -table.forward(texts).SequenceLogits());
        var found = Measure(update, generator, JudgeOf(table), 2000);
        TestContext.Out.WriteLine($"mean square z {found.MeanSquareError(exact):F2}, variance {found.TotalVariance:G3}");
        // The limits of EstimatorBiasTests.
        Assert.That(found.MeanSquareError(exact), Is.LessThan(2.4));
        Assert.That(found.LargestDeviation(exact), Is.LessThan(3.5));
    }

    [Test]
    public void Its_network_and_temperature_learn_to_lower_the_variance()
    {
        using var generator = new BigramGenerator(V, 1);
        using var table = new TableDiscriminator(T, V, 2);
        using var update = Relax();
        var before = Measure(update, generator, JudgeOf(table), 100).TotalVariance;
        Measure(update, generator, JudgeOf(table), 1500, from: 10_000);
        var after = Measure(update, generator, JudgeOf(table), 400).TotalVariance;
        using var reinforce = new PolicyGradientUpdate(new LogitReward(), new SequenceCredit(),
            new AdvantageCombination([new LeaveOneOutBaseline()]), new TextGan.Learning.Updates.Losses.ReinforceLoss(),
            new RolloutCollector(new TextGan.Generators.Sampling.SamplingOptions(), null));
        var other = Measure(reinforce, generator, JudgeOf(table), 400).TotalVariance;
        TestContext.Out.WriteLine($"variance {before:G3} at first, {after:G3} learnt; REINFORCE with leave-one-out {other:G3}");
        Assert.That(after, Is.LessThan(0.9 * before));
        Assert.That(after, Is.LessThan(other));
        Assert.That(update.Figures.Single(figure => figure.Key == "relax/temperature").Value.item<float>(), Is.Not.EqualTo(1).Within(1e-3));
    }

    [Test]
    public void Its_state_comes_back_bit_for_bit()
    {
        using var generator = new BigramGenerator(V, 1);
        using var table = new TableDiscriminator(T, V, 2);
        using var first = Relax();
        using var second = Relax();
        Measure(first, generator, JudgeOf(table), 5);
        var bag = new StateBag();
        first.Save(bag);
        second.Load(bag);
        var (one, other) = (Measure(first, generator, JudgeOf(table), 3), Measure(second, generator, JudgeOf(table), 3));
        Assert.That(one.Mean, Is.EqualTo(other.Mean));
        using var third = Relax();
        Assert.That(one.Mean, Is.Not.EqualTo(Measure(third, generator, JudgeOf(table), 3).Mean), "the state matters");
    }

    static PathwiseUpdate Pathwise(Relaxation relaxation, double temperature, int draws = 1, PrefixGradient prefix = PrefixGradient.Through,
        PathwiseObjective objective = PathwiseObjective.Loss) =>
        new(relaxation, new ConstantScheduleOptions { Value = temperature }, null, draws, objective, prefix);

    [TestCase(PrefixGradient.Through)]
    [TestCase(PrefixGradient.Constant)]
    public void Gumbel_Rao_has_the_mean_of_straight_through_and_less_variance(PrefixGradient prefix)
    {
        using var generator = new BigramGenerator(V, 1);
        using var table = new TableDiscriminator(T, V, 2);
        using var plain = Pathwise(Relaxation.StraightThrough, 0.5, prefix: prefix);
        using var rao = Pathwise(Relaxation.GumbelRao, 0.5, 16, prefix);
        var one = Measure(plain, generator, JudgeOf(table), 1500);
        var many = Measure(rao, generator, JudgeOf(table), 1500, from: 50_000);
        var z = one.Mean.Zip(many.Mean).Zip(one.StandardError.Zip(many.StandardError), (means, errors) =>
            (means.First - means.Second) / Math.Sqrt(errors.First * errors.First + errors.Second * errors.Second)).ToArray();
        TestContext.Out.WriteLine($"mean square z {z.Average(x => x * x):F2}; variance {one.TotalVariance:G3} and {many.TotalVariance:G3}");
        Assert.That(z.Average(x => x * x), Is.LessThan(2.4));
        Assert.That(many.TotalVariance, Is.LessThan(0.8 * one.TotalVariance));
    }

    /// <summary>Straight-through with constant prefixes by the conditional noise, and by drawing step by step with prefixes held.</summary>
    [Test]
    public void A_constant_prefix_leaves_out_what_is_written_after_a_token()
    {
        using var generator = new BigramGenerator(V, 1);
        using var table = new AdditiveDiscriminator();
        // The loss is a sum over positions, so the softmax's gradient is exact for each token by itself: with constant prefixes it is
        // Σ_prefix p(prefix) ∇ Σ_v π(v | prefix) s_t(v), p(prefix) held. Its estimate is unbiased for that, not for the whole gradient.
        double[] own, whole;
        using (NewDisposeScope())
        {
            var texts = new TextBatch(Enumeration.AllTexts(V, T, null), null);
            var scores = table.Scores(texts); // [N,T]
            Tensor Logs() => TextGan.Generators.TeacherForcing.LogProbabilities(generator, texts.Ids, Start); // [N,T]
            var p = Logs().detach().sum(1).exp();
            own = Enumeration.GradientOf(-(p.unsqueeze(1) * scores * Logs()).sum(), generator);
            whole = Enumeration.GradientOf(-(Logs().sum(1).exp() * scores.sum(1)).sum(), generator);
        }
        using var constant = Pathwise(Relaxation.Softmax, 1, prefix: PrefixGradient.Constant, objective: PathwiseObjective.Logit);
        var found = Measure(constant, generator, JudgeOf(table), 2000, end: null);
        Assert.That(found.MeanSquareError(own), Is.LessThan(2.4));
        Assert.That(found.LargestDeviation(own), Is.LessThan(3.5));
        Assert.That(found.MeanSquareError(whole), Is.GreaterThan(5), "what is written after a token is missing");
    }

    sealed class AdditiveDiscriminator() : Discriminator(nameof(AdditiveDiscriminator))
    {
        readonly Tensor scores = tensor([1f, -1f, 0.5f, 0f, -0.5f, 2f, 0f, 1f, 0.3f, -2f, 1f, 0.7f]).view(T, V);

        public Tensor Scores(TextBatch texts) =>
            ((texts.Relaxed ?? nn.functional.one_hot(texts.Ids, V).to_type(float32)) * scores).sum(-1); // [B,T]

        public override DiscriminatorOutput forward(TextBatch tokens) => new(Scores(tokens).sum(1, keepdim: true));
    }

    [Test]
    public void The_objective_may_be_the_logit()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var table = new TableDiscriminator(T, V, 2);
        double Value(PathwiseObjective objective, out TextBatch texts)
        {
            manual_seed(4);
            using var update = Pathwise(Relaxation.StraightThrough, 1, objective: objective);
            var estimate = update.Estimate(Request(generator, JudgeOf(table)));
            texts = estimate.Generated.Tokens;
            return estimate.Terms[0].Value.item<float>();
        }
        var loss = Value(PathwiseObjective.Loss, out var texts);
        var logits = table.forward(texts).SequenceLogits();
        Assert.That(loss, Is.EqualTo((-logits).exp().log1p().mean().item<float>()).Within(1e-5));
        Assert.That(Value(PathwiseObjective.Logit, out _), Is.EqualTo(-logits.mean().item<float>()).Within(1e-5));
    }
}
