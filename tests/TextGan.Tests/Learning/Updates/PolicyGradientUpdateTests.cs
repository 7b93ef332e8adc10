using TextGan.Discriminators.Losses;
using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Learning.Updates.Losses;
using TextGan.Tests.Learning;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Updates;

/// <summary>Several updates from one batch, on the bigram model.</summary>
public sealed class PolicyGradientUpdateTests
{
    const int V = 4, T = 3, Batch = 8;

    static PolicyGradientUpdate Update(PolicyLoss loss, int epochs, int minibatches) => new(
        new LogitReward(), new SequenceCredit(), new AdvantageCombination([new LeaveOneOutBaseline()]), loss,
        new RolloutCollector(new SamplingOptions(), null), epochs, minibatches);

    static RolloutRequest Request(BigramGenerator generator, TableDiscriminator judge) => new(
        generator, [new Judge("judge", judge, new NonSaturatingLoss(), CPU, null, _ => throw new InvalidOperationException())],
        Batch, T, 0, 0, 0, 1, NeedsLogits: false);

    /// <summary>
    /// With one pass every ratio is 1, so that all losses have the bits of REINFORCE's gradient, -(1/B) Σ A log p of the same draws.
    /// </summary>
    [Test]
    public void One_epoch_and_one_minibatch_are_reinforce()
    {
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        double[] Gradient(PolicyLoss loss)
        {
            using var scope = NewDisposeScope();
            using var update = Update(loss, 1, 1);
            manual_seed(3);
            return Enumeration.GradientOf(update.Estimate(Request(generator, judge)).Terms[0].Surrogate(), generator);
        }
        double[] Plain()
        {
            using var scope = NewDisposeScope();
            manual_seed(3);
            var texts = Sampler.Sample(generator, new SamplingOptions(), Batch, T, 0, 0).Tokens;
            var rewards = judge.forward(texts).SequenceLogits().unsqueeze(1).expand(Batch, T);
            var advantages = (rewards - (rewards.sum(0, keepdim: true) - rewards) / (Batch - 1)) * texts.Mask;
            var logs = generator.forward(TeacherForcing.Inputs(texts.Ids, 0)).log_softmax(-1).gather(-1, texts.Ids.unsqueeze(-1))
                .squeeze(-1);
            return Enumeration.GradientOf(-(advantages * logs).sum() / Batch, generator);
        }
        var reinforce = Gradient(new ReinforceLoss());
        Assert.That(reinforce, Is.EqualTo(Plain()).Within(1e-6), "the mean of the others is summed in another order");
        Assert.That(Gradient(new ImportanceWeightedLoss()), Is.EqualTo(reinforce));
        Assert.That(Gradient(new ClippedLoss(0.2)), Is.EqualTo(reinforce),
            "where both sides of the minimum are equal each has half the gradient");
    }

    /// <summary>The update's log-probabilities against those of the kernel that drew the texts.</summary>
    [Test]
    public void The_first_pass_agrees_with_the_drawing()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        using var update = Update(new ClippedLoss(0.2), 1, 1);
        manual_seed(3);
        var rollout = update.Collect(Request(generator, judge));
        manual_seed(3);
        var drawn = Sampler.Sample(generator, new SamplingOptions(), Batch, T, 0, 0);
        Assert.That(drawn.Tokens.Ids.eq(rollout.Texts.Ids).all().item<bool>(), Is.True);
        Assert.That((rollout.LogProbabilities! * rollout.Texts.Mask - drawn.LogProbabilities).abs().max().item<float>(), Is.LessThan(1e-5));
    }

    /// <summary>
    /// Each of the 2 × 2 gradients against d/dθ of min(ρA, clamp(ρ)A), written out in doubles over table rows, while the table moves.
    /// </summary>
    [Test]
    public void Clipped_gradients_over_two_epochs_of_two_minibatches()
    {
        const double clip = 0.1, step = 3;
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        using var update = Update(new ClippedLoss(clip), 2, 2);
        var request = Request(generator, judge);
        manual_seed(3);
        var rollout = update.Collect(request);
        var ids = rollout.Texts.Ids.data<long>().ToArray();
        var mask = rollout.Texts.Mask.data<float>().ToArray();
        var rewards = judge.forward(rollout.Texts).SequenceLogits().data<float>().ToArray();
        double[][] Probabilities() =>
            [.. Enumerable.Range(0, V).Select(row => generator.Table[row].softmax(0).to_type(float64).data<double>().ToArray())];
        var old = Probabilities();
        var clippedAway = 0;
        for (var pass = 0; pass < 4; pass++)
        {
            var (now, expected) = (Probabilities(), new double[V * V]);
            for (var i = pass % 2 * 4; i < pass % 2 * 4 + 4; i++)
            {
                var advantage = rewards[i] - (rewards.Sum() - rewards[i]) / (Batch - 1);
                for (var t = 0; t < T && mask[i * T + t] > 0; t++)
                {
                    var (row, token) = (t == 0 ? 0 : (int)ids[i * T + t - 1], (int)ids[i * T + t]);
                    var ratio = now[row][token] / old[row][token];
                    if (advantage > 0 ? ratio > 1 + clip : ratio < 1 - clip)
                    {
                        clippedAway++;
                        continue;
                    }
                    // dρ/dlogit_v = ρ (1[v = token] - p_v)
                    for (var v = 0; v < V; v++) expected[row * V + v] -= advantage * ratio * ((v == token ? 1 : 0) - now[row][v]) / 4;
                }
            }
            var estimate = update.Estimate(request, rollout, pass);
            var gradient = Enumeration.GradientOf(estimate.Together!([1]), generator);
            Assert.That(gradient, Is.EqualTo(expected).Within(1e-5), $"pass {pass}");
            using var _ = no_grad();
            generator.Table.sub_(tensor(gradient, float32).view(V, V) * (float)(step / 10));
        }
        Assert.That(clippedAway, Is.GreaterThan(0), "some ratios must have left the range");
    }
}
