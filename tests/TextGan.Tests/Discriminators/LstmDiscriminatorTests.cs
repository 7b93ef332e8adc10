using TextGan.Discriminators;
using TorchSharp;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

public sealed class LstmDiscriminatorTests
{
    static readonly string TwoLayers = Masked[0], BothWays = Masked[1], PerStep = Masked[2];

    [Test]
    public void HasTheseParameters()
    {
        using var deep = Build(TwoLayers);
        Assert.That(Names(deep), Is.EqualTo(new[]
        {
            "embedding.table.weight",
            "reader.layers.0.weight_ih_l0", "reader.layers.0.weight_hh_l0", "reader.layers.0.bias_ih_l0", "reader.layers.0.bias_hh_l0",
            "reader.layers.1.weight_ih_l0", "reader.layers.1.weight_hh_l0", "reader.layers.1.bias_ih_l0", "reader.layers.1.bias_hh_l0",
            "head.weight", "head.bias",
        }));
        using var both = Build(BothWays);
        Assert.That(Names(both), Is.EqualTo(new[]
        {
            "embedding.table.weight",
            "reader.layers.0.weight_ih_l0", "reader.layers.0.weight_hh_l0", "reader.layers.0.bias_ih_l0", "reader.layers.0.bias_hh_l0",
            "reverse_reader.layers.0.weight_ih_l0", "reverse_reader.layers.0.weight_hh_l0", "reverse_reader.layers.0.bias_ih_l0",
                "reverse_reader.layers.0.bias_hh_l0",
            "head.weight", "head.bias",
        }));
    }

    static IEnumerable<string> Names(Discriminator model) => model.named_parameters().Select(parameter => parameter.name);

    /// <summary>Each text is read alone, without padding, by a cell written out here.</summary>
    [Test]
    public void EqualsItsFormula()
    {
        using var scope = NewDisposeScope();
        var (both, steps) = (Build(BothWays), Build(PerStep));
        var (bothLogits, stepOutput) = (both.call(Hard()).Logits, steps.call(Hard()));
        var lengths = new[] { 1, 2, 4, 6 };
        for (var row = 0; row < 4; row++)
        {
            var text = Ids()[row].data<long>().Take(lengths[row]).ToArray();
            var summary = cat([Read(both, "reader", text)[^1], Read(both, "reverse_reader", [.. text.Reverse()])[^1]]);
            Assert.That(bothLogits[row, 0].item<float>(), Is.EqualTo(Head(both, summary)).Within(1e-5));

            var states = Read(steps, "reader", text);
            for (var t = 0; t < T; t++)
                Assert.That(stepOutput.Logits[row, t].item<float>(),
                    Is.EqualTo(t < lengths[row] ? Head(steps, states[t]) : 0).Within(1e-5));
        }
        Assert.That(Values(stepOutput.Mask!), Is.EqualTo(Values(Hard().Mask)));
    }

    /// <summary>
    /// Hidden state after each token (Hochreiter and Schmidhuber's cell with a forget gate; gates in the order input, forget, candidate,
    /// output).
    /// </summary>
    static Tensor[] Read(Discriminator model, string reader, long[] text)
    {
        Tensor P(string name) => model.get_parameter(name)!;
        var hidden = zeros(9);
        var cell = zeros(9);
        return [.. text.Select(id =>
        {
            var gates = P($"{reader}.layers.0.weight_ih_l0").mv(P("embedding.table.weight")[id]) + P($"{reader}.layers.0.bias_ih_l0")
                + P($"{reader}.layers.0.weight_hh_l0").mv(hidden) + P($"{reader}.layers.0.bias_hh_l0");
            cell = sigmoid(gates[9..18]) * cell + sigmoid(gates[0..9]) * tanh(gates[18..27]);
            return hidden = sigmoid(gates[27..36]) * tanh(cell);
        })];
    }

    static double Head(Discriminator model, Tensor state) =>
        (model.get_parameter("head.weight")![0].dot(state) + model.get_parameter("head.bias")![0]).item<float>();

    [Test]
    public void AStepsLogitKnowsOnlyWhatCameBefore()
    {
        using var scope = NewDisposeScope();
        var model = Build(PerStep);
        var (one, other) = (tensor(new long[,] { { 2, 3, 4, 5, 6, 0 } }), tensor(new long[,] { { 2, 3, 4, 0, 0, 2 } }));
        var (a, b) = (Values(model.call(Hard(one)).Logits), Values(model.call(Hard(other)).Logits));
        Assert.That(a[..3], Is.EqualTo(b[..3]));
        Assert.That(a[3], Is.Not.EqualTo(b[3]));
    }

    /// <summary>Cell by cell is what CUDA needs for a gradient penalty: values, gradients and second gradients are the layer's.</summary>
    [Test]
    public void CellByCellEqualsTheLayer()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var layers = new LstmLayers(4, 3, 2, 0);
        var input = randn(5, 7, 4, requires_grad: true);
        var results = new[] { false, true }.Select(cellByCell =>
        {
            layers.zero_grad();
            var states = layers.call(input, cellByCell);
            var gradient = autograd.grad([states.square().sum()], [input], retain_graph: true, create_graph: true)[0];
            gradient.square().sum().backward();
            return (States: states, Gradient: gradient, Second: layers.parameters().Select(parameter => parameter.grad!.clone()).ToArray());
        }).ToArray();
        Assert.That(MaxDifference(results[0].States, results[1].States), Is.LessThan(1e-6));
        Assert.That(MaxDifference(results[0].Gradient, results[1].Gradient), Is.LessThan(1e-6));
        Assert.That(results[0].Second.Any(second => second.abs().max().item<float>() > 1e-3));
        foreach (var (a, b) in results[0].Second.Zip(results[1].Second)) Assert.That(MaxDifference(a, b), Is.LessThan(1e-5));
    }

    [Test]
    public void HasDefaults()
    {
        var options = (LstmDiscriminatorOptions)DiscriminatorCases.Read("""{"kind":"lstm","name":"d"}""");
        Assert.That((options.Embedding, options.Hidden, options.Layers, options.Bidirectional, options.Output, options.Dropout),
            Is.EqualTo((64, 128, 1, false, LstmOutput.Sequence, 0.0)));
        Assert.That(options.Validate("$"), Is.Empty);
        using var model = options.Build(Context());
        Assert.That(model.get_parameter("reader.layers.0.weight_hh_l0")!.shape, Is.EqualTo(new long[] { 512, 128 }));
    }

    [Test]
    public void RefusesBothDirectionsPerStep() =>
        Assert.That(DiscriminatorCases.Read("""{"kind":"lstm","name":"d","bidirectional":true,"output":"per-step"}""")
            .Validate("$.d").Select(problem => problem.ToString()), Is.EqualTo(new[]
        {
            "$.d.bidirectional: is true with the output \"per-step\": a step's logit would see what follows it; set it to false, or the " +
            "output to \"sequence\".",
        }));
}
