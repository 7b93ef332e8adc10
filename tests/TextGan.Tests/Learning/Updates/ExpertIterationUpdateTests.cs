using TextGan.Discriminators.Losses;
using TextGan.Generators;
using TextGan.Generators.Search;
using TextGan.Storage;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Updates;

/// <summary>Expert iteration on the bigram model, whose gradients can be written out.</summary>
public sealed class ExpertIterationUpdateTests
{
    const int V = 4, T = 3;

    static ExpertIterationUpdate Update(int n, double keep) => new(
        new BestOfN(n), keep, 1, new ValueOptions { Steps = 2, Hidden = 4 }, V, CPU, new Dictionary<string, double> { ["judge"] = 2 });

    static RolloutRequest Request(BigramGenerator generator, TableDiscriminator judge, int batch) => new(
        generator, [new Judge("judge", judge, new NonSaturatingLoss(), CPU, null, _ => throw new InvalidOperationException())],
        batch, T, 0, 0, 0, 1, NeedsLogits: false);

    /// <summary>-Σ (1[v = x_t] - p_v) / tokens over the table's rows, whatever the term's weight.</summary>
    [Test]
    public void The_gradient_is_that_of_the_likelihood_of_the_kept_texts()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        using var update = Update(2, 0.5);
        manual_seed(3);
        var rollout = update.Collect(Request(generator, judge, 8));
        Assert.That(rollout.Texts.Batch, Is.EqualTo(4));
        var (ids, mask) = (rollout.Texts.Ids.data<long>().ToArray(), rollout.Texts.Mask.data<float>().ToArray());
        var expected = new double[V * V];
        for (var i = 0; i < ids.Length; i++)
        {
            if (mask[i] == 0) continue;
            var row = i % T == 0 ? 0 : (int)ids[i - 1];
            var p = generator.Table[row].softmax(0).data<float>().ToArray();
            for (var v = 0; v < V; v++) expected[row * V + v] -= ((v == ids[i] ? 1 : 0) - p[v]) / mask.Sum();
        }
        foreach (var weight in (double[])[1, 5])
        {
            var estimate = update.Estimate(Request(generator, judge, 8), rollout, 0);
            Assert.That(Enumeration.GradientOf(estimate.Together!([weight]), generator), Is.EqualTo(expected).Within(1e-6));
            Assert.That(estimate.Terms.Single().Value.item<float>(),
                Is.EqualTo(-judge.forward(rollout.Texts).SequenceLogits().mean().item<float>()).Within(1e-6));
        }
    }

    /// <summary>The prompts' tokens are read, not learnt: the update's gradient leaves out their rows of the table.</summary>
    [Test]
    public void Only_the_response_is_learnt()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        using var update = Update(1, 1);
        manual_seed(3);
        var request = Request(generator, judge, 2) with { EndId = null, Prompts = PromptBatch.Of([[1, 2], [1, 2]]) };
        var rollout = update.Collect(request);
        var gradient = Enumeration.GradientOf(update.Estimate(request, rollout, 0).Together!([1]), generator);
        var last = rollout.Texts.Ids.select(1, T - 1).data<long>().ToArray();
        var p = generator.Table[2].softmax(0).data<float>().ToArray();
        for (var i = 0; i < V * V; i++)
            Assert.That(gradient[i], Is.EqualTo(i / V != 2 ? 0 : p[i % V] - last.Count(id => id == i % V) / 2.0).Within(1e-6), $"{i}");
    }

    /// <summary>The one text that is found has one reward, of which no variance could be explained.</summary>
    [Test]
    public void The_value_learns_from_all_texts_that_were_judged()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        using var update = Update(8, 1);
        manual_seed(3);
        update.Collect(Request(generator, judge, 1));
        Assert.That(update.Figures.Single(figure => figure.Key == "value/explainedVariance").Value.item<float>(), Is.Not.Zero);
    }

    /// <summary>4 draws of 3 tokens for each of 2 texts, one pass over 2 texts of 3, and 2 steps of the value on 8 texts of 3.</summary>
    [Test]
    public void What_is_spent_by_hand()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        using var update = Update(4, 1);
        var request = Request(generator, judge, 2) with { EndId = null };
        double Spent()
        {
            update.Collect(request);
            return update.Figures.Single(figure => figure.Key == "search/spent").Value.item<double>();
        }
        Assert.That(Spent(), Is.EqualTo(24 + 6 + 48));
        Assert.That(Spent(), Is.EqualTo(2 * 78), "all steps so far");
    }

    /// <summary>The kept half of plain draws are the better ones of the same draws.</summary>
    [Test]
    public void The_best_are_kept()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        double[] Rewards(double keep)
        {
            using var update = Update(1, keep);
            manual_seed(3);
            return SearchSession.Numbers(judge.forward(update.Collect(Request(generator, judge, 8)).Texts).SequenceLogits());
        }
        Assert.That(Rewards(0.5).Order(), Is.EqualTo(Rewards(1).Order().Skip(4)).Within(1e-6));
    }

    /// <summary>Steps up the likelihood of searched texts raise the exact expected reward; of unsearched ones they do not.</summary>
    [TestCase(4, 0.3, 10.0)]
    [TestCase(1, -0.15, 0.15)]
    public void Searched_texts_raise_the_expected_reward(int n, double least, double most)
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        using var update = Update(n, 1);
        double Expected()
        {
            using var inner = NewDisposeScope();
            var texts = new TextGan.Tokenization.TextBatch(Enumeration.AllTexts(V, T, 0), 0);
            var probability = (TeacherForcing.LogProbabilities(generator, texts.Ids, 0) * texts.Mask).sum(1).exp();
            return (probability * judge.forward(texts).SequenceLogits()).sum().item<float>();
        }
        var before = Expected();
        manual_seed(3);
        for (var step = 0; step < 20; step++)
        {
            using var inner = NewDisposeScope();
            var request = Request(generator, judge, 64);
            var gradient = Enumeration.GradientOf(update.Estimate(request, update.Collect(request), 0).Together!([2]), generator);
            using var _ = no_grad();
            generator.Table.sub_(tensor(gradient, float32).view(V, V));
        }
        Assert.That(Expected() - before, Is.InRange(least, most));
    }

    [Test]
    public void Its_state_is_saved()
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(V, 1);
        using var judge = new TableDiscriminator(T, V, 2);
        using var update = Update(2, 1);
        manual_seed(3);
        var hidden = update.Collect(Request(generator, judge, 8)).Texts.Ids.narrow(1, 0, 1).to_type(float32).expand(8, V);
        var bag = new StateBag();
        update.Save(bag);
        using var other = Update(2, 1);
        Tensor Value(ExpertIterationUpdate one) => one.Value!(new Prefixes(hidden, hidden, hidden));
        Assert.That(Value(other).eq(Value(update)).all().item<bool>(), Is.False);
        other.Load(bag);
        Assert.That(Value(other).eq(Value(update)).all().item<bool>(), Is.True);
        bag.Clear();
    }
}
