using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Tokenization;
using TorchSharp;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

public sealed class CnnDiscriminatorTests
{
    [Test]
    public void HasTheseParameters()
    {
        using var model = Build(Cnn[0]);
        Assert.That(model.named_parameters().Select(parameter => $"{parameter.name} [{string.Join(',', parameter.parameter.shape)}]"),
            Is.EqualTo(new[]
        {
            "embedding.table.weight [7,8]",
            "convolutions.0.weight [5,8]", "convolutions.0.bias [5]",
            "convolutions.1.weight [6,16]", "convolutions.1.bias [6]",
            "convolutions.2.weight [7,24]", "convolutions.2.bias [7]",
            "highway.transform.weight [18,18]", "highway.transform.bias [18]",
            "highway.gate.weight [18,18]", "highway.gate.bias [18]",
            "head.weight [1,18]", "head.bias [1]",
        }));
    }

    [Test]
    public void EqualsItsFormula([Values(0, 1, 2)] int which)
    {
        using var scope = NewDisposeScope();
        var model = Build(Cnn[which]);
        var (widths, representations) = which switch { 0 => (new[] { 1, 2, 3 }, 1), 1 => ([2, 6], 4), _ => ([2, 3], 3) };
        var logits = model.call(Hard()).Logits;
        for (var row = 0; row < 4; row++)
            for (var part = 0; part < representations; part++)
                Assert.That(logits[row, part].item<float>(),
                    Is.EqualTo(Formula(model, Ids()[row].data<long>().ToArray(), widths, part, representations)).Within(1e-5));
    }

    /// <summary>The network of one text, number by number: ReLU before the maximum, as the paper writes it.</summary>
    static double Formula(Discriminator model, long[] ids, int[] widths, int part, int representations)
    {
        double[,] Matrix(string name)
        {
            var parameter = model.get_parameter(name)!;
            var values = Values(parameter);
            var (rows, columns) = ((int)parameter.shape[0], parameter.dim() == 2 ? (int)parameter.shape[1] : 1);
            var matrix = new double[rows, columns];
            for (var i = 0; i < values.Length; i++) matrix[i / columns, i % columns] = values[i];
            return matrix;
        }

        double Row(string layer, int output, IReadOnlyList<double> input)
        {
            var (weight, bias) = (Matrix($"{layer}.weight"), Matrix($"{layer}.bias"));
            return bias[output, 0] + input.Select((value, i) => value * weight[output, i]).Sum();
        }

        var table = Matrix("embedding.table.weight");
        var size = table.GetLength(1) / representations;
        var features = new List<double>();
        for (var c = 0; c < widths.Length; c++)
            for (var filter = 0; filter < Matrix($"convolutions.{c}.bias").GetLength(0); filter++)
            {
                var best = 0.0;
                for (var start = 0; start + widths[c] <= ids.Length; start++)
                {
                    var window = (from offset in Enumerable.Range(0, widths[c]) from e in Enumerable.Range(part * size, size) select table[
                        ids[start + offset], e]).ToList();
                    best = Math.Max(best, Row($"convolutions.{c}", filter, window));
                }
                features.Add(best);
            }
        var mixed = features.Select((feature, i) =>
        {
            var gate = 1 / (1 + Math.Exp(-Row("highway.gate", i, features)));
            return gate * Math.Max(0, Row("highway.transform", i, features)) + (1 - gate) * feature;
        }).ToList();
        if (model.named_parameters().Any(parameter => parameter.name == "fully_connected.weight"))
            mixed = [.. Enumerable.Range(0, Matrix("fully_connected.bias").GetLength(0)).Select(i => Row("fully_connected", i, mixed))];
        return Row("head", 0, mixed);
    }

    [Test]
    public void TheGateStartsNearlyClosed()
    {
        using var model = Build(Cnn[0]);
        Assert.That(Values(model.get_parameter("highway.gate.bias")!), Is.All.EqualTo(-2f));
        using var open = Build(Cnn[2]);
        Assert.That(Values(open.get_parameter("highway.gate.bias")!), Is.All.Zero);
    }

    /// <summary>
    /// RelGAN's losses, number by number: σ of the difference between the logits of one representation, over all pairs of texts. The score
    /// of a text is the mean of its logits.
    /// </summary>
    [Test]
    public void RelativisticLossesPairRepresentations()
    {
        using var scope = NewDisposeScope();
        var model = Build(Cnn[2]);
        var (real, generated) = (model.call(Hard()), model.call(Hard(Ids().flip(0))));
        var (mine, theirs) = (Values(real.Logits), Values(generated.Logits)); // [4·3]
        static double Surprise(double difference) => Math.Log(1 + Math.Exp(-difference)); // -log σ
        var loss = new RelativisticLoss();
        Assert.That(loss.DiscriminatorLoss(real, generated).item<float>(),
            Is.EqualTo(mine.Zip(theirs, (a, b) => Surprise(a - b)).Average()).Within(1e-6));
        Assert.That(Values(loss.GeneratorLoss(generated, real)),
            Is.EqualTo(theirs.Zip(mine, (a, b) => Surprise(a - b)).Chunk(3).Select(row => row.Average())).Within(1e-6));
        Assert.That(Values(real.SequenceLogits()), Is.EqualTo(mine.Chunk(3).Select(row => row.Average())).Within(1e-6));
    }

    /// <summary>The sizes of RelGAN's published code: 64 logits of one-dimensional representations, 1200 features.</summary>
    [Test]
    public void BuildsRelGansNetwork()
    {
        using var scope = NewDisposeScope();
        var options = Read("""
            {"kind":"cnn","name":"d","representations":64,"filters":[300],"fullyConnected":100,"gateBias":0}
            """);
        using var model = options.Build(Context(50, 20));
        Assert.That(model.get_parameter("convolutions.3.weight")!.shape, Is.EqualTo(new long[] { 300, 5 }));
        Assert.That(model.get_parameter("highway.gate.weight")!.shape, Is.EqualTo(new long[] { 1200, 1200 }));
        Assert.That(model.get_parameter("fully_connected.weight")!.shape, Is.EqualTo(new long[] { 100, 1200 }));
        Assert.That(model.get_parameter("head.weight")!.shape, Is.EqualTo(new long[] { 1, 100 }));
        Assert.That(model.call(new TextBatch(zeros([3, 20], int64), null)).Logits.shape, Is.EqualTo(new long[] { 3, 64 }));
    }

    [Test]
    public void HasDefaults()
    {
        var options = (CnnDiscriminatorOptions)Read("""{"kind":"cnn","name":"d"}""");
        Assert.That(options.Embedding, Is.EqualTo(64));
        Assert.That(options.Widths, Is.EqualTo(new[] { 2, 3, 4, 5 }));
        Assert.That(options.Filters, Is.EqualTo(new[] { 64 }));
        Assert.That(options.Dropout, Is.EqualTo(0.25));
        Assert.That(options.Validate("$"), Is.Empty);
        using var model = options.Build(Context());
        Assert.That(model.get_parameter("head.weight")!.shape, Is.EqualTo(new long[] { 1, 256 }));
    }

    /// <summary>The sizes of SeqGAN's published code: 1720 features.</summary>
    [Test]
    public void BuildsSeqGansNetwork()
    {
        using var scope = NewDisposeScope();
        var options = Read("""
            {"kind":"cnn","name":"d","embedding":64,"widths":[1,2,3,4,5,6,7,8,9,10,15,20],
             "filters":[100,200,200,200,200,100,100,100,100,100,160,160]}
            """);
        using var model = options.Build(Context(50, 20));
        Assert.That(model.get_parameter("highway.gate.weight")!.shape, Is.EqualTo(new long[] { 1720, 1720 }));
        Assert.That(model.get_parameter("convolutions.11.weight")!.shape, Is.EqualTo(new long[] { 160, 20 * 64 }));
        Assert.That(model.call(new TextBatch(zeros([3, 20], int64), null)).Logits.shape, Is.EqualTo(new long[] { 3, 1 }));
    }

    [Test]
    public void RefusesAWidthAboveTheLength()
    {
        var problem = Assert.Throws<InvalidInputException>(
            () => Read("""{"kind":"cnn","name":"style","widths":[2,9],"filters":[4]}""").Build(Context()));
        Assert.That(problem!.Message,
            Is.EqualTo("$.discriminators[style].widths: holds 9, which is wider than a text: the experiment's 'length' is 6, and no " +
                "width may exceed it."));
    }

    [TestCase("""{"kind":"cnn","name":"d","widths":[]}""", "$.d.widths: is empty; at least one width is needed.")]
    [TestCase("""{"kind":"cnn","name":"d","widths":[2,0]}""", "$.d.widths[1]: is 0; a width is at least 1.")]
    [TestCase("""{"kind":"cnn","name":"d","filters":[0]}""", "$.d.filters[0]: is 0; a convolution has at least 1 filter.")]
    [TestCase("""{"kind":"cnn","name":"d","filters":[8,8]}""",
        "$.d.filters: has 2 numbers for 4 widths; give one number for each width, or a single one for all.")]
    [TestCase("""{"kind":"cnn","name":"d","representations":5}""", "$.d.representations: is 5, which does not divide 'embedding' 64.")]
    public void RefusesWhatDoesNotFit(string json, string message) =>
        Assert.That(Read(json).Validate("$.d").Select(problem => problem.ToString()), Is.EqualTo(new[] { message }));
}
