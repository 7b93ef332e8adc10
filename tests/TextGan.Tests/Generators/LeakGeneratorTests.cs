using TextGan.Discriminators;
using TextGan.Generators;
using TextGan.Storage;
using TextGan.Tokenization;
using TorchSharp;
using TorchSharp.Modules;
using static TextGan.Tests.Generators.GeneratorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

/// <summary>LeakGAN's generator: values by hand on features that are sums, and a convolutional discriminator's features.</summary>
public sealed class LeakGeneratorTests : IDisposable
{
    const int Vocabulary = 4, Length = 4, Padding = 2;

    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    /// <summary>The features of the tokens 0 to 3.</summary>
    static readonly float[,] Rows = { { 0, 0 }, { 1, 0 }, { 0, 1 }, { 3, 4 } };

    static LeakGenerator OnSums(int horizon = 2, double temperature = 1)
    {
        manual_seed(3);
        return new LeakGenerator(new SummedFeatures(Rows), Vocabulary, Length, 3, 4, 5, 3, horizon, temperature, 0.5);
    }

    /// <summary>Whatever the manager reads, its goal is (3, 4)/5.</summary>
    static LeakGenerator WithConstantGoal(int horizon = 2, double temperature = 1)
    {
        var generator = OnSums(horizon, temperature);
        using var _ = no_grad();
        generator.get_parameter("goal.weight")!.zero_();
        generator.get_parameter("goal.bias")!.copy_(tensor(new float[] { 30, 40 }));
        return generator;
    }

    static Tensor Text => tensor(new long[,] { { 1, 2, 3, 0 } }); // its features: (0,0), (1,0), (1,1), (4,5), (4,5)

    static readonly double Diagonal = 7 / 5.0 / Math.Sqrt(2), Far = (3 * 3 + 5 * 4) / 5.0 / Math.Sqrt(34); // cosines of (1,1), (3,5)

    [Test]
    public void Progress_by_hand()
    {
        using var generator = WithConstantGoal();
        Assert.That(Doubles(generator.Progress(Text, ones(1, 4))).Take(4), Is.EqualTo(new[] { Diagonal, Far, 1, 0 }).Within(1e-5));
        var ended = tensor(new float[,] { { 1, 1, 0, 0 } }); // two tokens: the goal at 1 is reached by (0,1), its one step
        Assert.That(Doubles(generator.Progress(Text, ended)).Take(2), Is.EqualTo(new[] { Diagonal, 0.8 }).Within(1e-5));
    }

    [Test]
    public void Intrinsic_rewards_by_hand()
    {
        using var generator = WithConstantGoal();
        Assert.That(Doubles(generator.IntrinsicRewards(Text)),
            Is.EqualTo(new[] { 0.6, (0.8 + Diagonal) / 2, (1 + Far) / 2, (0 + 1) / 2.0 }).Within(1e-5));
        using var far = WithConstantGoal(horizon: 9); // never more goals than there were
        Assert.That(Doubles(far.IntrinsicRewards(Text))[1], Is.EqualTo((0.8 + Diagonal) / 2).Within(1e-5));
    }

    [Test]
    public void The_goals_loss_is_minus_the_mean_progress()
    {
        using var generator = WithConstantGoal();
        using var loss = GoalLoss.OfReal(generator, new TextBatch(Text, 0))!;
        Assert.That(loss.item<float>(), Is.EqualTo(-(Diagonal + Far + 1 + 0) / 4).Within(1e-5));
        using var other = Build(GeneratorCases.Lstm[0]);
        Assert.That(GoalLoss.OfReal(other, new TextBatch(Ids(), End)), Is.Null);
    }

    /// <summary>O_t w_t / α with O_t [V,k] written out, w_t = ψ of the goals so far, at most c.</summary>
    [Test]
    public void Logits_by_hand()
    {
        using var generator = WithConstantGoal(horizon: 2, temperature: 0.5);
        var inputs = TeacherForcing.Inputs(Text, 0);
        var (hidden, logits) = (generator.Hidden(inputs), generator.call(inputs)); // [1,4,4+3], [1,4,4]
        var weight = generator.get_parameter("head.weight")!.detach(); // [4,(4+1)·3]
        var psi = generator.get_parameter("direction.weight")!.detach(); // [3,2]
        var worker = ((LSTM)generator.named_children().Single(one => one.name == "worker").module)
            .call(((Embedding)generator.named_children().Single(one => one.name == "embedding").module).call(inputs)).Item1; // [1,4,4]
        for (var t = 0; t < 4; t++)
        {
            var goals = Math.Min(t + 1, 2);
            double[] direct = [.. Enumerable.Range(0, 3).Select(k =>
                goals * (0.6 * psi[k, 0].item<float>() + 0.8 * psi[k, 1].item<float>()))];
            Assert.That(Doubles(hidden[0, t]).Skip(4), Is.EqualTo(direct).Within(1e-5), $"w at {t}");
            for (var v = 0; v < Vocabulary; v++)
            {
                var sum = 0.0;
                for (var k = 0; k < 3; k++)
                {
                    var action = (double)weight[v, 4 * 3 + k].item<float>(); // the bias of O
                    for (var h = 0; h < 4; h++) action += weight[v, h * 3 + k].item<float>() * worker[0, t, h].item<float>();
                    sum += action * direct[k];
                }
                Assert.That(logits[0, t, v].item<float>(), Is.EqualTo(sum / 0.5).Within(1e-4), $"logit {v} at {t}");
            }
        }
    }

    [Test]
    public void Each_half_has_its_own_gradient()
    {
        using var generator = OnSums();
        string[] managers = ["manager.", "goal."];
        TeacherForcing.Loss(generator, Text, ones(1, 4), 0).backward();
        foreach (var (name, parameter) in generator.named_parameters())
            Assert.That(HasGradient(parameter), Is.EqualTo(!managers.Any(name.StartsWith)), $"likelihood, {name}");
        foreach (var parameter in generator.parameters()) parameter.grad = null;
        generator.Progress(Text, ones(1, 4)).sum().backward();
        foreach (var (name, parameter) in generator.named_parameters())
            Assert.That(HasGradient(parameter), Is.EqualTo(managers.Any(name.StartsWith)), $"goals, {name}");
        Assert.That(generator.IntrinsicRewards(Text).requires_grad, Is.False);

        static bool HasGradient(Parameter parameter) => parameter.grad is { } gradient && gradient.abs().max().item<float>() > 0;
    }

    static DiscriminatorFeatures OfCnn(int? endId, long seed = 5)
    {
        manual_seed(seed);
        return new DiscriminatorFeatures(new CnnDiscriminator(V, 6, [1, 3], [4, 5], 1, 0.3, 1), T, endId, Padding, CPU);
    }

    static LeakGenerator OnCnn(int? endId = End, long seed = 5)
    {
        var features = OfCnn(endId, seed);
        manual_seed(9);
        return new LeakGenerator(features, V, T, 4, 6, 5, 3, 2, 1.5, 0.7);
    }

    /// <summary>A beginning is read as a text that ends there.</summary>
    [Test]
    public void Features_are_those_of_a_text_that_ends_there()
    {
        using var features = OfCnn(End);
        var tokens = tensor(new long[,] { { 3, 4, 5 }, { 6, 0, 2 } });
        var all = features.OfAll(tokens); // [2,4,9]
        Assert.That(all.shape, Is.EqualTo(new long[] { 2, 4, 9 }));
        var cnn = (CnnDiscriminator)features.Model;
        long[][] read = [[End, Padding, Padding, Padding, Padding], [3, End, Padding, Padding, Padding], [3, 4, End, Padding, Padding],
            [3, 4, 5, End, Padding]];
        for (var t = 0; t < 4; t++)
        {
            var expected = Doubles(cnn.call(new TextBatch(tensor(read[t]).unsqueeze(0), End)).Features!);
            Assert.That(Doubles(all[0, t]), Is.EqualTo(expected).Within(1e-6), $"{t} tokens");
            Assert.That(Doubles(features.Of(tokens.narrow(1, 0, t))[0]), Is.EqualTo(expected).Within(1e-6), $"{t} tokens alone");
        }
        using var endless = OfCnn(null);
        Assert.That(Doubles(endless.Of(tokens.narrow(1, 0, 1))[0]), Is.EqualTo(Doubles(((CnnDiscriminator)endless.Model).call(
            new TextBatch(tensor(new long[,] { { 3, Padding, Padding, Padding, Padding } }), null)).Features!)).Within(1e-6));
    }

    [TestCase(End)]
    [TestCase(null)]
    public void Steps_agree_with_teacher_forcing(int? endId)
    {
        using var generator = OnCnn(endId);
        generator.eval();
        var inputs = TeacherForcing.Inputs(Ids(), Start);
        var whole = generator.call(inputs); // [4,T,V]
        using var state = generator.Start(4, T);
        using (no_grad())
        {
            for (var t = 0; t < 2; t++)
                Assert.That(MaxDifference(generator.Logits(generator.Step(inputs.select(1, t), state)), whole.select(1, t)),
                    Is.LessThan(1e-5), $"step {t}");
            var rows = tensor(new long[] { 2, 0, 2 });
            using var chosen = state.Select(rows);
            for (var t = 2; t < T; t++)
                Assert.That(MaxDifference(generator.Logits(generator.Step(inputs.select(1, t).index_select(0, rows), chosen)),
                    whole.select(1, t).index_select(0, rows)), Is.LessThan(1e-5), $"chosen rows, step {t}");
            using var filled = generator.Start(4, T);
            Assert.That(MaxDifference(generator.Logits(generator.Prefill(inputs, filled)), whole), Is.LessThan(1e-5));
            Assert.That(filled.Position, Is.EqualTo(T));
        }
        Assert.That(whole.std().item<float>(), Is.GreaterThan(0.1), "logits are not flat");
    }

    [Test]
    public void Drawn_texts_have_the_probabilities_that_they_are_scored_with()
    {
        using var generator = OnCnn(null);
        generator.eval();
        manual_seed(1);
        var drawn = TextGan.Generators.Sampling.Sampler.Sample(generator, new(), 16, T, Start, null, paddingId: Padding);
        var scored = TeacherForcing.LogProbabilities(generator, drawn.Tokens.Ids, Start);
        Assert.That(MaxDifference(scored, drawn.LogProbabilities), Is.LessThan(1e-5));
    }

    [Test]
    public void A_state_holds_the_features_model_and_no_optimiser_sees_it()
    {
        using var generator = OnCnn();
        Assert.That(generator.named_parameters().Select(one => one.name), Is.EquivalentTo(new[]
        {
            "embedding.weight", "worker.weight_ih_l0", "worker.weight_hh_l0", "worker.bias_ih_l0", "worker.bias_hh_l0",
            "manager.weight_ih_l0", "manager.weight_hh_l0", "manager.bias_ih_l0", "manager.bias_hh_l0", "goal.weight", "goal.bias",
            "direction.weight", "head.weight",
        }));
        using var other = OnCnn(seed: 6);
        var inputs = TeacherForcing.Inputs(Ids(), Start);
        var (own, its) = (generator.call(inputs).detach(), other.call(inputs).detach());
        Assert.That(MaxDifference(own, its), Is.GreaterThan(1e-3), "other features, other logits");
        ModuleState.Copy(generator, other);
        Assert.That(MaxDifference(own, other.call(inputs)), Is.Zero);
    }

    [Test]
    public void Renewed_weights_are_read_at_once()
    {
        using var generator = OnCnn();
        using var newer = OnCnn(seed: 6);
        var inputs = TeacherForcing.Inputs(Ids(), Start);
        ModuleState.Copy(newer.Leaked.Model, generator.Leaked.Model);
        Assert.That(MaxDifference(generator.call(inputs), newer.call(inputs)), Is.LessThan(1e-6));
    }

    [Test]
    public void Relaxed_tokens_are_rejected()
    {
        using var generator = OnSums();
        using var state = generator.Start(1, Length);
        Assert.That(() => generator.Step(zeros(1, Vocabulary), state), Throws.TypeOf<NotSupportedException>());
    }
}
