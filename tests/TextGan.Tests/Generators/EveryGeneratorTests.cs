using TextGan.Generators;
using TextGan.Storage;
using TorchSharp;
using TorchSharp.Modules;
using static TextGan.Tests.Generators.GeneratorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

/// <summary>What holds for generators of every kind.</summary>
public sealed class EveryGeneratorTests
{
    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void GivesHiddenStatesAndLogitsOfTheStatedShapes(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        Assert.That(model.VocabularySize, Is.EqualTo(V));
        Assert.That(model.Hidden(Ids()).shape, Is.EqualTo(new long[] { 4, T, model.HiddenSize }));
        var logits = model.call(Ids());
        Assert.That(logits.shape, Is.EqualTo(new long[] { 4, T, V }));
        Assert.That(logits.dtype, Is.EqualTo(float32));
        using var state = model.Start(4, T);
        Assert.That(model.Prefill(Ids().narrow(1, 0, 3), state).shape, Is.EqualTo(new long[] { 4, 3, model.HiddenSize }));
        Assert.That(model.Step(Ids().select(1, 3), state).shape, Is.EqualTo(new long[] { 4, model.HiddenSize }));
        Assert.That(state.Position, Is.EqualTo(4));
    }

    /// <summary>Ids and one-hot tokens, with gradients (concatenated keys) and without (a buffer written in place).</summary>
    [Test]
    public void TeacherForcingEqualsSteps([ValueSource(typeof(GeneratorCases), nameof(All))] string json, [Values] bool relaxed,
        [Values] bool gradients)
    {
        using var scope = NewDisposeScope();
        using var mode = set_grad_enabled(gradients);
        using var model = Build(json);
        var ids = Ids();
        var whole = model.Hidden(ids); // [4,T,H]
        using var state = model.Start(4, T);
        for (var t = 0; t < T; t++)
        {
            var token = ids.select(1, t);
            var hidden = model.Step(relaxed ? OneHot(token) : token, state);
            Assert.That(MaxDifference(hidden, whole.select(1, t)), Is.LessThan(1e-5), $"step {t}");
            Assert.That(state.Position, Is.EqualTo(t + 1));
        }
    }

    /// <summary>
    /// LibTorch takes other kernels where no gradient is kept; what is sampled and what is trained must be one distribution all the same.
    /// </summary>
    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void GradientsOnOrOffMakeNoDifference(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        var with = model.call(Ids());
        using (no_grad()) Assert.That(MaxDifference(model.call(Ids()), with), Is.LessThan(1e-5));
        using (no_grad()) Assert.That(MaxDifference(model.call(Ids().narrow(0, 1, 1)), with.narrow(0, 1, 1)), Is.LessThan(1e-5));
        using (no_grad()) Assert.That(MaxDifference(model.call(Ids().narrow(1, 0, 1)), with.narrow(1, 0, 1)), Is.LessThan(1e-5));
        foreach (var parameter in model.parameters()) parameter.requires_grad_(false);
        Assert.That(MaxDifference(model.call(Ids()), with), Is.LessThan(1e-5), "frozen, gradients on");
        using (no_grad()) Assert.That(MaxDifference(model.call(Ids()), with), Is.LessThan(1e-5), "frozen, gradients off");
        model.train();
        if (!json.Contains("dropout", StringComparison.Ordinal))
            using (no_grad()) Assert.That(MaxDifference(model.call(Ids()), with), Is.LessThan(1e-5));
    }

    [Test]
    public void PromptsMayBeReadInPartsOfAnySize([ValueSource(typeof(GeneratorCases), nameof(All))] string json, [Values] bool gradients)
    {
        using var scope = NewDisposeScope();
        using var mode = set_grad_enabled(gradients);
        using var model = Build(json);
        var ids = Ids();
        var whole = model.Hidden(ids);
        foreach (var parts in (int[][])[[5], [2, 3], [1, 1, 3], [3, 1, 1], [1, 4]])
        {
            using var state = model.Start(4, T);
            var (position, read) = (0, new List<Tensor>());
            foreach (var size in parts)
            {
                read.Add(model.Prefill(ids.narrow(1, position, size), state));
                position += size;
            }
            Assert.That(MaxDifference(cat(read, 1), whole), Is.LessThan(1e-5), string.Join('+', parts));
        }
    }

    /// <summary>A state may pass from steps with gradients to steps without, and back.</summary>
    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void StatesServeStepsWithAndWithoutGradients(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        var ids = Ids();
        var whole = model.Hidden(ids);
        foreach (var pattern in (string[])["gnngn", "ngnng", "ggggn", "nnnng"])
        {
            using var state = model.Start(4, T);
            for (var t = 0; t < T; t++)
            {
                using var mode = set_grad_enabled(pattern[t] == 'g');
                Assert.That(MaxDifference(model.Step(ids.select(1, t), state), whole.select(1, t)), Is.LessThan(1e-5),
                    $"{pattern}, step {t}");
            }
        }
    }

    /// <summary>
    /// What is remembered must be what would be computed anew: a token that is not remembered right shows in the next one.
    /// </summary>
    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void NoTokenSeesWhatComesAfterIt(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        var ids = Ids();
        var whole = model.call(ids);
        for (var given = 1; given < T; given++)
        {
            var begun = model.call(ids.narrow(1, 0, given));
            Assert.That(MaxDifference(begun, whole.narrow(1, 0, given)), Is.LessThan(1e-5));
            var other = ids.clone();
            other.narrow(1, given, T - given).fill_(3);
            Assert.That(MaxDifference(model.call(other).narrow(1, 0, given), begun), Is.LessThan(1e-5));
            Assert.That(MaxDifference(model.call(other).select(1, given)[0], whole.select(1, given)[0]), given == 2 ? Is.Zero.Within(1e-5)
                : Is.GreaterThan(1e-3),
                "but its own token counts (text 0 has token 3 at place 2 already)");
        }
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void StepsCarryTheGradientOfTeacherForcing(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        var ids = Ids();
        Dictionary<string, Tensor> Gradients(Func<Tensor> logits)
        {
            model.zero_grad();
            logits().log_softmax(-1).select(2, 3).sum().backward();
            return model.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.clone());
        }
        Tensor Stepped(Tensor tokens) // [B,T] or [B,T,V]
        {
            using var state = model.Start(4, T);
            return stack([.. Enumerable.Range(0, T).Select(t => model.Logits(model.Step(tokens.select(1, t), state)))], 1);
        }
        var expected = Gradients(() => model.call(ids));
        foreach (var found in (Dictionary<string, Tensor>[])[Gradients(() => Stepped(ids)), Gradients(() => Stepped(OneHot(ids)))])
            foreach (var (name, gradient) in expected)
                Assert.That(MaxDifference(found[name], gradient), Is.LessThan(2e-5 * Math.Max(1, gradient.abs().max().item<float>())),
                    name);
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void TheGradientOfALaterStepReachesEveryEarlierRelaxedToken(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        var tokens = OneHot(Ids()).requires_grad_();
        using var state = model.Start(4, T);
        Tensor last = null!;
        for (var t = 0; t < T; t++) last = model.Logits(model.Step(tokens.select(1, t), state));
        last.square().sum().backward();
        Assert.That(tokens.grad!.abs().sum([2]).gt(0).all().item<bool>());

        // Against a difference quotient in doubles' place: the loss is smooth, the step is small.
        double Loss(Tensor relaxed)
        {
            using var fresh = model.Start(4, T);
            Tensor logits = null!;
            for (var t = 0; t < T; t++) logits = model.Logits(model.Step(relaxed.select(1, t), fresh));
            return logits.square().sum().to_type(float64).item<double>();
        }
        using var none = no_grad();
        const float h = 0.01f;
        foreach (var (b, t, v) in new[] { (0, 0, 2), (1, 2, 5), (3, 4, 6) })
        {
            var (up, down) = (tokens.detach().clone(), tokens.detach().clone());
            up[b, t, v] += h;
            down[b, t, v] -= h;
            var slope = tokens.grad[b, t, v].item<float>();
            Assert.That((Loss(up) - Loss(down)) / (2 * h), Is.EqualTo(slope).Within(0.02 * Math.Abs(slope) + 0.02), $"{b},{t},{v}");
        }
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void SelectedStatesAreRowsOfTheirOwn(string json)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = Build(json);
        var ids = Ids();
        using var state = model.Start(4, T);
        model.Prefill(ids.narrow(1, 0, 3), state);
        using var selected = state.Select(tensor(new long[] { 3, 0, 0 }));
        Assert.That(selected.Position, Is.EqualTo(3));

        var expected = model.Hidden(ids).select(1, 3); // [4,H]
        var next = ids.select(1, 3); // [4]
        var continued = model.Step(next.index_select(0, tensor(new long[] { 3, 0, 0 })), selected);
        foreach (var (row, of) in new[] { (0, 3), (1, 0), (2, 0) }) Assert.That(
            MaxDifference(continued[row], expected[of]), Is.LessThan(1e-5));
        Assert.That(state.Position, Is.EqualTo(3), "the first state does not move with it");
        Assert.That(MaxDifference(model.Step(next, state), expected), Is.LessThan(1e-5), "nor are its values written over");

        using var again = selected.Select(tensor(new long[] { 2, 1, 0, 0 }));
        state.Dispose();
        selected.Dispose();
        var last = ids.select(1, 4);
        var end = model.Step(last.index_select(0, tensor(new long[] { 0, 0, 3, 3 })), again);
        var whole = model.Hidden(ids).select(1, 4);
        foreach (var (row, of) in new[] { (0, 0), (1, 0), (2, 3), (3, 3) }) Assert.That(
            MaxDifference(end[row], whole[of]), Is.LessThan(1e-5), "a state outlives what it was taken from");
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void SelectedStatesCarryGradients(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        var tokens = OneHot(Ids()).requires_grad_();
        using var state = model.Start(4, T);
        model.Step(tokens.select(1, 0), state);
        using var selected = state.Select(tensor(new long[] { 2, 2 }));
        model.Step(tokens.select(1, 1).narrow(0, 0, 2), selected).square().sum().backward();
        Assert.That(Doubles(tokens.grad!.select(1, 0).abs().sum(1)),
            Is.EqualTo(new double[] { 0, 0, 1, 0 }).Using<double>((a, b) => (a > 0) == (b > 0) ? 0 : 1));
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void GradientReachesEveryParameter(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        model.train();
        TeacherForcing.Loss(model, Ids(), ones(4, T), Start).backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            Assert.That(parameter.requires_grad, name);
            Assert.That(parameter.grad?.abs().sum().item<float>() ?? 0, Is.GreaterThan(0), name);
        }
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(WithDropout))]
    public void DropsOutOnlyWhileItLearns(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        Assert.That(Doubles(model.call(Ids())), Is.EqualTo(Doubles(model.call(Ids()))));
        model.train();
        Assert.That(Doubles(model.call(Ids())), Is.Not.EqualTo(Doubles(model.call(Ids()))));
        using var state = model.Start(4, T);
        using var other = model.Start(4, T);
        Assert.That(Doubles(model.Step(Ids().select(1, 1), state)), Is.Not.EqualTo(Doubles(model.Step(Ids().select(1, 1), other))),
            "in steps, too");
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void FollowsTheSeed(string json)
    {
        using var scope = NewDisposeScope();
        using var one = Build(json, 3);
        using var same = Build(json, 3);
        using var other = Build(json, 4);
        foreach (var (a, b) in one.parameters().Zip(same.parameters())) Assert.That(Doubles(a), Is.EqualTo(Doubles(b)));
        Assert.That(Doubles(one.call(Ids())), Is.Not.EqualTo(Doubles(other.call(Ids()))));
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void WrittenAndReadItIsTheSame(string json)
    {
        using var scope = NewDisposeScope();
        using var files = new TemporaryFiles();
        using var model = Build(json, 3);
        using var other = Build(json, 4);
        var bag = new StateBag();
        ModuleState.Save(model, bag);
        SafeTensors.Save(files.PathOf("weights.safetensors"), bag.Tensors, new Dictionary<string, string>());
        Assert.That(bag.Tensors.Keys, Is.EquivalentTo(model.named_parameters().Select(p => p.name)), "weights, and no buffer");
        bag.Clear();
        using var read = SafeTensors.Load(files.PathOf("weights.safetensors"));
        ModuleState.Load(other, new StateBag(read.Tensors, []));
        Assert.That(Doubles(other.call(Ids())), Is.EqualTo(Doubles(model.call(Ids()))));
    }

    /// <summary>One matrix with two uses: one parameter, one entry in files, and an update reaches both uses, also after a move.</summary>
    [TestCaseSource(typeof(GeneratorCases), nameof(Tied))]
    public void TiedEmbeddingsAreOneParameter(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        var matrix = Embedding(model);
        Assert.That(model.parameters().Count(p => p.shape[0] == V && p.dim() == 2), Is.EqualTo(1));

        // The gradient of both uses: each alone, then together.
        var ids = tensor(new long[,] { { 2, 4 } });
        Tensor Gradient(Func<Tensor> value) => autograd.grad([value()], [Embedding(model)])[0];
        var reading = Gradient(() => model.Hidden(ids).sum());
        Assert.That(Doubles(reading.abs().sum(1).gt(0)), Is.EqualTo(new double[] { 0, 0, 1, 0, 1, 0, 0 }), "what was read");
        var writing = Gradient(() => model.Logits(model.Hidden(ids).detach()).square().sum());
        Assert.That(writing.abs().sum(1).gt(0).all().item<bool>(), "every token that could be written");
        var weights = 2 * model.Logits(model.Hidden(ids)).detach();
        var through = Gradient(() => (model.Logits(model.Hidden(ids)) * weights).sum());
        Assert.That(MaxDifference(Gradient(() => model.call(ids).square().sum()), through), Is.LessThan(1e-3));
        Assert.That(MaxDifference(through, writing), Is.GreaterThan(1e-3), "both uses add up");

        model.to(float64);
        model.to(float32);
        Assert.That(model.named_parameters().Count(), Is.EqualTo(model.parameters().Select(p => p.Handle).Distinct().Count()));
        var (hidden, before) = (model.Hidden(ids).detach(), model.Logits(model.Hidden(ids)).detach());
        using (no_grad()) Embedding(model)[4].add_(0.5);
        Assert.That(MaxDifference(model.Hidden(ids), hidden), Is.GreaterThan(1e-3), "the embedding is read by both");
        Assert.That(MaxDifference(model.Logits(hidden).select(2, 4), before.select(2, 4)), Is.GreaterThan(1e-4));
        Assert.That(MaxDifference(model.Logits(hidden).select(2, 3), before.select(2, 3)), Is.Zero);
    }

    static Parameter Embedding(Generator model) =>
        model.named_parameters().Single(p => p.name is "embedding.weight" or "model.embed_tokens.weight").parameter;

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void OutlivesTheScopeItWasBuiltIn(string json)
    {
        Generator model;
        using (NewDisposeScope()) model = Build(json);
        using (model)
        using (NewDisposeScope())
            Assert.That(model.call(Ids()).isfinite().all().item<bool>());
    }

    [Test]
    public void KeepsNoTensorAlive([ValueSource(typeof(GeneratorCases), nameof(All))] string json, [Values] bool gradients)
    {
        using var model = Build(json);
        using var ids = Ids();
        using var mode = set_grad_enabled(gradients);
        long after = 0;
        for (var turn = 0; turn < 12; turn++)
        {
            using (NewDisposeScope())
            {
                using var state = model.Start(4, T);
                model.Prefill(ids.narrow(1, 0, 2), state);
                using var selected = state.Select(ids.select(0, 2).remainder(4)[TensorIndex.Slice(0, 4)]);
                for (var t = 2; t < T; t++) model.Logits(model.Step(OneHot(ids.select(1, t)), selected));
                var loss = TeacherForcing.Loss(model, ids, ones(4, T), Start);
                if (gradients) loss.backward();
                TeacherForcing.LogProbabilities(model, ids, Start);
            }
            if (turn == 3) after = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(after));
    }
}
