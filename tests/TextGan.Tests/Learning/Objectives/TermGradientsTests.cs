using TextGan.Learning.Updates.Losses;
using TextGan.Generators.Sampling;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Discriminators.Losses;
using TextGan.Discriminators;
using TextGan.Generators;
using TextGan.Schedules;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives;

/// <summary>
/// One gradient a term, which combiners may mix, against one backward pass of the weighted sum: on real terms, whose graphs share the
/// generator's texts.
/// </summary>
public class TermGradientsTests
{
    static UpdateRule Estimator(string kind) => kind switch
    {
        "relaxed" => new PathwiseUpdate(Relaxation.Relaxed, new ConstantScheduleOptions { Value = 0.7 }),
        "straight-through" => new PathwiseUpdate(Relaxation.StraightThrough, new ConstantScheduleOptions { Value = 0.7 }),
        _ => new PolicyGradientUpdate(new LogitReward(), new SequenceCredit(),
            new AdvantageCombination([new NoBaseline(), new NoBaseline(), new NoBaseline()]), new ReinforceLoss(),
            new RolloutCollector(new SamplingOptions(), null)),
    };

    [Test]
    public void Weighted_rows_are_the_gradient_of_the_weighted_sum(
        [Values("relaxed", "straight-through", "reinforce")] string kind, [Values(1, 2)] int layers)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        const int vocabulary = 40, length = 6;
        var generator = new LstmGenerator(vocabulary, 8, 12, layers, initialStandardDeviation: 0.4);
        var reference = new LstmGenerator(vocabulary, 8, 12);
        var context = new DiscriminatorContext(vocabulary, length, null, CPU, ids => "");
        Discriminator[] judges =
        [
            new CnnDiscriminatorOptions { Name = "a", Embedding = 8, Widths = [1, 3], Filters = [5, 6] }.Build(context),
            new LstmDiscriminatorOptions { Name = "b", Embedding = 8, Hidden = 7 }.Build(context),
            new CnnDiscriminatorOptions { Name = "c", Embedding = 6, Widths = [2], Filters = [5] }.Build(context),
        ];
        Judge[] adversaries =
            [.. judges.Select((judge, k) =>
            new Judge($"judge-{k}", judge, new NonSaturatingLoss(), CPU, normalizer: null, _ =>
            throw new InvalidOperationException()))];
        using var estimator = Estimator(kind);
        double[] weights = [0.5, 2, -1, 0.3];

        TermGradients Terms()
        {
            manual_seed(9);
            var estimate = estimator.Estimate(
                new RolloutRequest(generator, adversaries, 10, length, StartId: 0, EndId: 3, Step: 0, Steps: 1, NeedsLogits: false));
            return new TermGradients([.. estimate.Terms, new KlRegularizer(generator, reference, 0).TermOf(estimate.Generated)],
                [.. generator.parameters()]);
        }

        var matrix = Terms().Matrix(); // [K,P]
        generator.zero_grad();
        Terms().Backward(weights);
        var expected = cat([.. generator.parameters().Select(p => p.grad!.flatten())]);
        var mixed = (matrix * tensor(weights, float32).unsqueeze(1)).sum([0L]);
        Assert.That((mixed - expected).abs().max().item<float>(), Is.LessThan(1e-5 * Math.Max(1, expected.abs().max().item<float>())));
        Assert.That(matrix.abs().amax([1L]).data<float>().ToArray(), Is.All.GreaterThan(0), "every term has a gradient");
    }
}
