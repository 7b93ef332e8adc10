using TextGan.Generators;
using TextGan.Operations.Cpu;
using TextGan.Schedules;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

/// <summary>Relaxed texts in one call against the same texts step by step, each step by operations with gradients of their own.</summary>
public class RelaxedTextsTests
{
    const long Seed = 99;
    const int StartId = 1;

    static (Tensor Ids, Tensor Shown) StepByStep(LstmGenerator generator, RelaxedTexts texts)
    {
        using var state = generator.Start(texts.Batch, texts.Length);
        var input = full([texts.Batch], texts.StartId, int64);
        var alive = ones([texts.Batch], @bool);
        List<Tensor> ids = [], shown = [];
        for (var t = 0; t < texts.Length; t++)
        {
            var draw = GumbelSoftmaxFunction.Draw(texts, t, generator.Logits(generator.Step(input, state)), alive);
            ids.Add(draw.Tokens);
            shown.Add(draw.Shown);
            (input, alive) = (draw.Shown, draw.Alive);
        }
        return (stack(ids, 1), stack(shown, 1));
    }

    static Dictionary<string, Tensor> Gradients(LstmGenerator generator, Tensor shown, Tensor incoming)
    {
        generator.zero_grad();
        (shown * incoming).sum().backward();
        return generator.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.clone());
    }

    // Sizes that no vector and no tile divides, one text, one position, more texts than a thread takes at once.
    [TestCase(5, 4, 11, 3, 6)]
    [TestCase(1, 3, 40, 8, 16)]
    [TestCase(19, 1, 70, 16, 5)]
    [TestCase(37, 6, 603, 12, 33)]
    public void Equals_step_by_step_in_value_and_gradient(int batch, int length, int vocabulary, int embedding, int hidden)
    {
        if (!Processor.HasWideVectors) Assert.Ignore("These loops need AVX-512.");
        foreach (var tied in new[] { false, true })
            foreach (var straightThrough in new[] { false, true })
                foreach (int? end in new int?[] { null, 2 })
                {
                    using var scope = NewDisposeScope();
                    manual_seed(3);
                    var generator = new LstmGenerator(vocabulary, tied ? hidden
                        : embedding, hidden, tieEmbeddings: tied, initialStandardDeviation: 0.4);
                    // The end is likely enough for texts to end at many positions.
                    if (end is { } id) using (no_grad()) generator.Head(zeros(1, hidden))!.Value.Bias![id] = MathF.Log(vocabulary / 4f);
                    var texts = new RelaxedTexts(batch, length, 0.7f, straightThrough, StartId, end) { Seed = Seed };
                    var parts = generator.Parts!;
                    Assert.That(RelaxedLstmFunction.Supports(parts, batch, length), Is.Not.EqualTo(OperationMode.TensorsOnly));
                    var own = RelaxedLstmFunction.Draw(parts, texts);
                    var other = StepByStep(generator, texts);
                    var name = $"{(straightThrough ? "straight-through" : "relaxed")}, {(tied ? "tied" : "untied")}, end {end}";
                    Assert.That(own.Ids.equal(other.Ids).all().item<bool>(), Is.True, name);
                    Assert.That((own.Shown - other.Shown).abs().max().item<float>(), Is.LessThan(1e-5), name);

                    var incoming = randn(batch, length, vocabulary);
                    var expected = Gradients(generator, other.Shown, incoming);
                    foreach (var (parameter, gradient) in Gradients(generator, own.Shown, incoming))
                    {
                        var size = Math.Max(1e-3f, expected[parameter].abs().max().item<float>());
                        Assert.That((gradient - expected[parameter]).abs().max().item<float>() / size, Is.LessThan(2e-5),
                            $"{parameter}, {name}");
                    }
                    // with one position nothing is carried on
                    Assert.That(expected.Values.All(gradient => gradient.abs().max().item<float>() > 0), Is.EqualTo(length > 1), name);
                }
    }

    [TestCase(false, null)]
    [TestCase(true, 2)]
    public void Bits_do_not_depend_on_the_number_of_threads(bool straightThrough, int? end)
    {
        if (!Processor.HasWideVectors) Assert.Ignore("These loops need AVX-512.");
        using var scope = NewDisposeScope();
        manual_seed(3);
        var generator = new LstmGenerator(1100, 12, 20);
        var texts = new RelaxedTexts(50, 4, 1, straightThrough, StartId, end) { Seed = Seed };
        var incoming = randn(50, 4, 1100);
        var threads = get_num_threads();
        try
        {
            set_num_threads(1);
            var one = RelaxedLstmFunction.Draw(generator.Parts!, texts).Shown;
            var ofOne = Gradients(generator, one, incoming);
            set_num_threads(3);
            var three = RelaxedLstmFunction.Draw(generator.Parts!, texts).Shown;
            Assert.That(one.equal(three).all().item<bool>(), Is.True);
            foreach (var (name, gradient) in Gradients(generator, three, incoming))
                if (!name.Contains("bias", StringComparison.Ordinal)) // sums of LibTorch over rows may be split by threads
                    Assert.That(gradient.equal(ofOne[name]).all().item<bool>(), Is.True, name);
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    /// <summary>The seed of the noise is drawn once, before the threads begin.</summary>
    [Test]
    public void Noise_from_the_random_state_does_not_depend_on_threads()
    {
        if (!Processor.HasWideVectors || OperationMode.TensorsOnly) Assert.Ignore("The tensor operations have other noise.");
        using var scope = NewDisposeScope();
        manual_seed(3);
        var generator = new LstmGenerator(300, 12, 20);
        var threads = get_num_threads();
        (Tensor Shown, Tensor Next) Draw(int count)
        {
            set_num_threads(count);
            manual_seed(5);
            return (RelaxedLstmFunction.Draw(generator.Parts!, new RelaxedTexts(128, 2, 1, false, StartId, null)).Shown, rand(1));
        }
        try
        {
            var (shown, next) = Draw(1);
            for (var time = 0; time < 40; time++)
            {
                using var inner = NewDisposeScope();
                var (again, after) = Draw(4);
                Assert.That(again.equal(shown).all().item<bool>(), Is.True, $"draw {time}");
                Assert.That(after.equal(next).all().item<bool>(), Is.True, $"the random state after draw {time}");
            }
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    /// <summary>What the estimator gives is what the steps give from the seed that it draws.</summary>
    [Test]
    public void The_estimator_draws_what_the_steps_draw(
        [Values(Relaxation.Relaxed, Relaxation.StraightThrough)] Relaxation relaxation)
    {
        if (!Processor.HasWideVectors || OperationMode.TensorsOnly) Assert.Ignore("The tensor operations have other noise.");
        using var scope = NewDisposeScope();
        manual_seed(3);
        var generator = new LstmGenerator(40, 8, 12, initialStandardDeviation: 0.4);
        manual_seed(7);
        var texts = new RelaxedTexts(6, 5, 0.5f, relaxation == Relaxation.StraightThrough, StartId, 3);
        var expected = StepByStep(generator, texts);
        manual_seed(7);
        var estimator = new PathwiseUpdate(relaxation, new ConstantScheduleOptions { Value = 0.5 });
        var drawn = estimator.Estimate(new RolloutRequest(generator, [], 6, 5, StartId, EndId: 3, Step: 0, Steps: 1, NeedsLogits: false))
            .Generated.Tokens;
        Assert.That(drawn.Ids.equal(expected.Ids).all().item<bool>(), Is.True);
        Assert.That((drawn.Relaxed! - expected.Shown).abs().max().item<float>(), Is.LessThan(1e-5));
        Assert.That(drawn.Mask.equal(TextGan.Tokenization.TextBatch.MaskOf(expected.Ids, 3)).all().item<bool>(), Is.True);
    }

    /// <summary>A table of memory that no span reaches is as good a reason as one of relaxed tokens.</summary>
    [Test]
    public void Tables_beyond_a_span_are_left_to_the_steps()
    {
        using var scope = NewDisposeScope();
        var parts = new LstmGenerator(5, 4, 700).Parts!;
        Assert.That(RelaxedLstmFunction.Supports(parts, 300, 400), Is.EqualTo(Processor.HasWideVectors && !OperationMode.TensorsOnly));
        Assert.That(RelaxedLstmFunction.Supports(parts, 320, 400), Is.False);
    }

    [Test]
    public void A_parameter_that_is_frozen_gets_no_gradient()
    {
        if (!Processor.HasWideVectors) Assert.Ignore("These loops need AVX-512.");
        using var scope = NewDisposeScope();
        var generator = new LstmGenerator(30, 4, 8);
        generator.named_parameters().First(p => p.name == "embedding.weight").parameter.requires_grad_(false);
        var drawn = RelaxedLstmFunction.Draw(generator.Parts!,
            new RelaxedTexts(3, 4, 1, straightThrough: false, StartId, null) { Seed = Seed });
        (drawn.Shown * randn(3, 4, 30)).sum().backward();
        foreach (var (name, parameter) in generator.named_parameters()) Assert.That(
            parameter.grad is null, Is.EqualTo(name == "embedding.weight"), name);
    }

    [Test]
    public void What_is_more_than_one_plain_layer_is_not_taken_apart()
    {
        using var scope = NewDisposeScope();
        Assert.That(new LstmGenerator(9, 4, 4, layers: 2).Parts, Is.Null);
        Assert.That(new LstmGenerator(9, 4, 6, tieEmbeddings: true).Parts, Is.Null);
        var dropping = new LstmGenerator(9, 4, 4, dropout: 0.5);
        Assert.That(dropping.Parts, Is.Null);
        dropping.eval();
        Assert.That(dropping.Parts, Is.Not.Null);
    }
}
