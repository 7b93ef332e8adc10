using TextGan.Generators;
using TextGan.Tests.Generators;
using TorchSharp;
using static TextGan.Tests.Generators.GeneratorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

public sealed class RecomputedTests
{
    static Generator Build(string json, bool recomputed)
    {
        manual_seed(1);
        var model = ((TransformerGeneratorOptions)Read(json) with { CheckpointActivations = recomputed })
            .Build(new GeneratorContext(V, T, CPU));
        model.train(); // with dropout, where it has some
        return model;
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(Transformer))]
    public void Values_gradients_and_what_is_drawn_afterwards_are_the_same_to_the_bit(string json)
    {
        double[] Of(bool recomputed)
        {
            using var scope = NewDisposeScope();
            using var model = Build(json, recomputed);
            manual_seed(2);
            var loss = TeacherForcing.Loss(model, Ids(), ones(4, T), Start);
            var drawn = rand(1);
            loss.backward();
            return [.. Doubles(loss.unsqueeze(0)), .. Doubles(drawn), .. Doubles(rand(1)),
                .. model.parameters().SelectMany(p => Doubles(p.grad!))];
        }
        Assert.That(Of(recomputed: true), Is.EqualTo(Of(recomputed: false)));
    }

    /// <summary>One gradient per term, as combiners of gradients ask for them.</summary>
    [Test]
    public void Several_backward_passes_may_read_one_graph()
    {
        Tensor[] Of(bool recomputed, TorchSharp.Modules.Parameter[] parameters, Generator model)
        {
            var logits = model.call(Ids());
            var first = autograd.grad([logits.square().sum()], parameters, retain_graph: true);
            return [.. first, .. autograd.grad([logits.log_softmax(-1)[0, 2, 3]], parameters)];
        }
        using var scope = NewDisposeScope();
        using var plain = Build(Transformer[1], recomputed: false);
        using var other = Build(Transformer[1], recomputed: true);
        foreach (var (expected, found) in Of(false, [.. plain.parameters()], plain).Zip(Of(true, [.. other.parameters()], other)))
            Assert.That(found.eq(expected).all().item<bool>());
    }

    [Test]
    public void Rows_are_divided_into_parts_that_differ_by_one_at_most()
    {
        Assert.That(Recomputed.Parts(8, 3), Is.EqualTo(new[] { (0L, 2L), (2L, 3L), (5L, 3L) }));
        Assert.That(Recomputed.Parts(2, 5), Is.EqualTo(new[] { (0L, 1L), (1L, 1L) }));
    }
}
