using TextGan.Benchmarks.Plain;
using TextGan.Discriminators;
using TextGan.Generators.Sampling;
using TextGan.Generators;
using TextGan.Optimizers;
using TextGan.Schedules;
using TextGan.Tokenization;
using TextGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Plain;

/// <summary>
/// The plain versions beside which the benchmarks time the library do the same: equal values, or equal distributions where they draw.
/// </summary>
public class PlainVersionTests
{
    /// <summary>One generator as the library has it and the same written plainly.</summary>
    static (LstmGenerator Fast, PlainGenerator Plain) Generators(int vocabulary, double deviation)
    {
        manual_seed(1);
        var fast = new LstmGenerator(vocabulary, 16, 24, initialStandardDeviation: deviation);
        var plain = new PlainGenerator(vocabulary, 16, 24);
        using var gradients = no_grad();
        var source = fast.named_parameters().ToDictionary(
            p => p.name.Replace("embedding.", "embed.", StringComparison.Ordinal), p => p.parameter);
        foreach (var (name, parameter) in plain.named_parameters()) parameter.copy_(source[name]);
        return (fast, plain);
    }

    [Test]
    public void Likelihood_steps_lead_to_the_same_weights()
    {
        using var scope = NewDisposeScope();
        var (fast, plain) = Generators(300, 0.3);
        var ids = randint(0, 300, [8, 12], int64);
        var optimizer = new AdamOptions { LearningRate = 0.01 }.Build(new OptimizerContext(fast.parameters()));
        var plainOptimizer = optim.Adam(plain.parameters(), 0.01);
        for (var step = 0; step < 3; step++)
        {
            var loss = TeacherForcing.Loss(fast, ids, ones(8, 12), startId: 0);
            var plainLoss = nn.functional.nll_loss(plain.LogProbabilities(TeacherForcing.Inputs(ids, 0)).reshape(-1, 300), ids.reshape(-1));
            Assert.That(loss.item<float>(), Is.EqualTo(plainLoss.item<float>()).Within(1e-5));
            optimizer.zero_grad();
            loss.backward();
            GradientNorm.Clip(fast.parameters(), 0.5);
            optimizer.step();
            plainOptimizer.zero_grad();
            plainLoss.backward();
            nn.utils.clip_grad_norm_(plain.parameters(), 0.5);
            plainOptimizer.step();
        }
        foreach (var (one, other) in fast.parameters().Zip(plain.parameters())) Assert.That(
            (one - other).abs().max().item<float>(), Is.LessThan(2e-4));
    }

    [Test]
    public void Discriminators_give_the_same_logits_to_ids_and_relaxed_tokens()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        int[] widths = [1, 2, 5], filters = [10, 70, 4];
        var plain = new PlainCnnDiscriminator(50, 8, widths, filters);
        var options = new CnnDiscriminatorOptions { Name = "cnn", Embedding = 8, Widths = widths, Filters = filters };
        var fast = options.Build(new DiscriminatorContext(50, 6, null, CPU, ids => ""));
        var source = plain.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        using (no_grad())
            foreach (var (name, parameter) in fast.named_parameters())
            {
                // The plain one has one highway matrix for gate and transform, and two classes whose logits' difference is the logit.
                var end = name.Split('.')[^1];
                var from = name.StartsWith("embedding", StringComparison.Ordinal) ? source["embed.weight"]
                    : name.StartsWith("convolutions", StringComparison.Ordinal)
                        ? source[name.Replace("convolutions", "convs", StringComparison.Ordinal)]
                    : name.StartsWith("highway", StringComparison.Ordinal) ? source["highway." + end]
                    : source["head." + end].select(0, 1) - source["head." + end].select(0, 0);
                parameter.copy_(from.reshape(parameter.shape));
            }
        fast.eval();
        plain.eval();
        var ids = randint(0, 50, [9, 6], int64);
        var relaxed = randn(9, 6, 50).softmax(-1);
        Assert.That((fast.forward(new TextBatch(ids, null)).SequenceLogits() - Logit(plain.OfIds(ids))).abs().max().item<float>(),
            Is.LessThan(1e-5));
        Assert.That((fast.forward(new TextBatch(ids, null, relaxed)).SequenceLogits() - Logit(plain.OfRelaxed(relaxed))).abs().max()
            .item<float>(), Is.LessThan(1e-5));

        static Tensor Logit(Tensor classes) => classes.select(1, 1) - classes.select(1, 0);
    }

    /// <summary>
    /// Pairs of the last two of three tokens, 100 cells: the chi-square of two samples has 99 degrees of freedom, and 1 of 1,000 passes
    /// 148.2.
    /// </summary>
    [Test]
    public void Drawn_texts_have_the_same_distribution()
    {
        using var scope = NewDisposeScope();
        const int texts = 20_000, vocabulary = 10;
        var (fast, plain) = Generators(vocabulary, 0.7);
        manual_seed(5);
        Tensor Cells(Tensor ids) => (ids.select(1, 1) * vocabulary + ids.select(1, 2)).bincount(null, vocabulary * vocabulary)
            .to_type(float64);
        using var gradients = no_grad();
        var own = Cells(Sampler.Sample(fast, new SamplingOptions(), texts, 3, startId: 0, endId: null).Tokens.Ids);
        var other = Cells(plain.Complete(empty([texts, 0], int64), 3));
        Assert.That(((own - other).square() / (own + other).clamp_min(1)).sum().item<double>(), Is.LessThan(148.2));
    }

    /// <summary>
    /// The mean share of each token, and of each pair of shares, at the second position: within 4.5 standard errors of their difference (72
    /// numbers).
    /// </summary>
    [Test]
    public void Relaxed_texts_have_the_same_moments()
    {
        using var scope = NewDisposeScope();
        const int texts = 20_000, vocabulary = 8;
        var (fast, plain) = Generators(vocabulary, 0.7);
        manual_seed(6);
        using var gradients = no_grad();
        var estimator = new PathwiseUpdate(Relaxation.Relaxed, new ConstantScheduleOptions { Value = 0.5 });
        var own = Moments(estimator.Generate(new RolloutRequest(fast, [], texts, 2, 0, EndId: null, Step: 0, Steps: 1, NeedsLogits: false))
            .Relaxed!);
        var other = Moments(plain.Relaxed(texts, 2, inverseTemperature: 2));
        var error = ((own.Variance + other.Variance) / texts).sqrt();
        Assert.That(((own.Mean - other.Mean).abs() / error).max().item<float>(), Is.LessThan(4.5));

        static (Tensor Mean, Tensor Variance) Moments(Tensor relaxed)
        {
            var second = relaxed.select(1, 1); // [N,V]
            var all = cat([second, (second.unsqueeze(2) * second.unsqueeze(1)).flatten(1)], 1); // [N,V+V²]
            return (all.mean([0L]), all.var(0));
        }
    }
}
