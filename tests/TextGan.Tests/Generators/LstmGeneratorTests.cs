using TextGan.Generators;
using static TextGan.Tests.Generators.GeneratorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

public sealed class LstmGeneratorTests
{
    static string[] Names(Generator model) =>
        [.. model.named_parameters().Select(p => $"{p.name} [{string.Join(',', p.parameter.shape)}]")];

    /// <summary>They are the keys of checkpoints: another name loses every stored run.</summary>
    [Test]
    public void ItsParametersBearTheseNames()
    {
        using var plain = new LstmGenerator(V, 4, 6, layers: 2);
        Assert.That(Names(plain), Is.EquivalentTo(new[]
        {
            "embedding.weight [7,4]",
            "lstm.weight_ih_l0 [24,4]", "lstm.weight_hh_l0 [24,6]", "lstm.bias_ih_l0 [24]", "lstm.bias_hh_l0 [24]",
            "lstm.weight_ih_l1 [24,6]", "lstm.weight_hh_l1 [24,6]", "lstm.bias_ih_l1 [24]", "lstm.bias_hh_l1 [24]",
            "head.weight [7,6]", "head.bias [7]",
        }));
        string[] layer = ["lstm.weight_ih_l0 [24,4]", "lstm.weight_hh_l0 [24,6]", "lstm.bias_ih_l0 [24]", "lstm.bias_hh_l0 [24]"];
        using var tied = new LstmGenerator(V, 4, 6, tieEmbeddings: true);
        Assert.That(Names(tied), Is.EquivalentTo((string[])["embedding.weight [7,4]", .. layer, "projection.weight [4,6]", "bias [7]"]));
        using var square = new LstmGenerator(V, 6, 6, tieEmbeddings: true);
        Assert.That(Names(square).Select(name => name.Split(' ')[0]), Has.None.StartsWith("projection").And.None.StartsWith("head"));
    }

    /// <summary>What the adversarial phase has on CUDA in the place of a generator whose inner dropout would stay on.</summary>
    [Test]
    public void WithoutFusedDropoutItIsTheSameModel()
    {
        using var scope = NewDisposeScope();
        using var rig = new Training.TrainingRig();
        TextGan.Runs.RunAssembly Assembly(GeneratorOptions options) =>
            new(Training.TrainingRig.Experiment with { Generator = options }, rig.Materials, CPU, 1);
        var stacked = Assembly(new LstmGeneratorOptions { Embedding = 4, Hidden = 6, Layers = 2, Dropout = 0.5 });
        var generator = stacked.BuildGenerator();
        var (names, weights) = (Names(generator), Training.TrainingRig.Weights(generator));
        using (no_grad())
        {
            Tensor Say(Generator model) => model.call(ones([3, Training.TrainingRig.Length], int64));
            generator.eval();
            var expected = Say(generator);
            generator.train();
            Assert.That(Doubles(Say(generator)), Is.Not.EqualTo(Doubles(expected)),
                "its dropout is on in training mode, as CUDA's kernels need it");
            using var same = stacked.WithoutFusedDropout(generator);
            same.train();
            Assert.That((Names(same), Training.TrainingRig.Weights(same)), Is.EqualTo((names, weights)));
            Assert.That(Doubles(Say(same)), Is.EqualTo(Doubles(expected)));
        }
        foreach (var options in (GeneratorOptions[])[
            new LstmGeneratorOptions { Layers = 1, Dropout = 0.5 }, new LstmGeneratorOptions { Layers = 2 },
            new TransformerGeneratorOptions { Hidden = 8, Heads = 2, Dropout = 0.5 }])
        {
            using var model = Assembly(options).BuildGenerator();
            Assert.That(Assembly(options).WithoutFusedDropout(model), Is.SameAs(model), options.ToString());
        }
    }

    /// <summary>
    /// The recurrence written out in doubles (Hochreiter and Schmidhuber, 1997, with forget gates; gates in PyTorch's order i, f, g, o).
    /// </summary>
    [TestCaseSource(typeof(GeneratorCases), nameof(GeneratorCases.Lstm))]
    public void ComputesTheEquations(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json, 5);
        var p = model.named_parameters().ToDictionary(x => x.name, x => Doubles(x.parameter));
        var options = (LstmGeneratorOptions)Read(json);
        var (embedding, hidden) = (options.Embedding, options.Hidden);
        var logits = Doubles(model.call(Ids())); // [4,T,V]
        for (var text = 0; text < 4; text++)
        {
            var (h, c) = (new double[options.Layers][], new double[options.Layers][]);
            for (var layer = 0; layer < options.Layers; layer++) (h[layer], c[layer]) = (new double[hidden], new double[hidden]);
            for (var t = 0; t < T; t++)
            {
                var x = p["embedding.weight"].AsSpan((int)Ids()[text, t].item<long>() * embedding, embedding).ToArray();
                for (var layer = 0; layer < options.Layers; layer++)
                {
                    var gates = Add(Times(p[$"lstm.weight_ih_l{layer}"], x), p[$"lstm.bias_ih_l{layer}"],
                        Times(p[$"lstm.weight_hh_l{layer}"], h[layer]), p[$"lstm.bias_hh_l{layer}"]);
                    for (var i = 0; i < hidden; i++)
                    {
                        var (input, forget, candidate, output) =
                            (Sigmoid(gates[i]), Sigmoid(gates[hidden + i]), Math.Tanh(gates[2 * hidden + i]),
                            Sigmoid(gates[3 * hidden + i]));
                        c[layer][i] = forget * c[layer][i] + input * candidate;
                        h[layer][i] = output * Math.Tanh(c[layer][i]);
                    }
                    x = [.. h[layer]];
                }
                if (p.TryGetValue("projection.weight", out var projection)) x = Times(projection, x);
                var expected = options.TieEmbeddings ? Add(Times(p["embedding.weight"], x), p["bias"])
                    : Add(Times(p["head.weight"], x), p["head.bias"]);
                Assert.That(logits.AsSpan((text * T + t) * V, V).ToArray(), Is.EqualTo(expected).Within(1e-5), $"text {text}, step {t}");
            }
        }
    }

    static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    static double[] Times(double[] matrix, double[] vector) =>
        [.. Enumerable.Range(0, matrix.Length / vector.Length)
            .Select(row => Enumerable.Range(0, vector.Length).Sum(column => matrix[row * vector.Length + column] * vector[column]))];

    static double[] Add(params double[][] vectors) =>
        [.. Enumerable.Range(0, vectors[0].Length).Select(i => vectors.Sum(vector => vector[i]))];

    [Test]
    public void InitialValuesAreAsStated()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var normal = new LstmGenerator(200, 50, 60, initialStandardDeviation: 0.1);
        foreach (var (name, parameter) in normal.named_parameters())
        {
            // 5 standard errors: σ/√n for the mean, σ/√(2n) for the deviation.
            var n = Math.Sqrt(parameter.numel());
            Assert.That(parameter.mean().item<float>(), Is.Zero.Within(0.5 / n), name);
            Assert.That(parameter.std().item<float>(), Is.EqualTo(0.1).Within(0.5 / n), name);
        }
        using var usual = new LstmGenerator(200, 50, 64);
        var parameters = usual.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        Assert.That(parameters["embedding.weight"].std().item<float>(), Is.EqualTo(1).Within(0.05), "PyTorch draws embeddings from N(0,1)");
        Assert.That(parameters["lstm.weight_hh_l0"].abs().max().item<float>(), Is.EqualTo(1 / Math.Sqrt(64)).Within(1e-3),
            "and recurrent weights from U(-1/√H, 1/√H)");
        using var tied = new LstmGenerator(200, 50, 64, tieEmbeddings: true);
        var own = tied.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        Assert.That(own["embedding.weight"].std().item<float>(), Is.EqualTo(1 / Math.Sqrt(50)).Within(0.01));
        Assert.That(own["bias"].abs().max().item<float>(), Is.Zero);
    }

    [Test]
    public void IsBuiltFromJson()
    {
        var usual = (LstmGeneratorOptions)Read("""{"kind":"lstm"}""");
        Assert.That(usual, Is.EqualTo(
            new LstmGeneratorOptions { Embedding = 64, Hidden = 128, Layers = 1, Dropout = 0, TieEmbeddings = false,
            InitialStandardDeviation = null }));
        using var model = Build("""{"kind":"lstm"}""", vocabularySize: 11);
        Assert.That(model, Is.TypeOf<LstmGenerator>().With.Property("VocabularySize").EqualTo(11).And.Property("HiddenSize").EqualTo(128));
        Assert.That(Names(model), Has.Some.EqualTo("embedding.weight [11,64]").And.Some.EqualTo("head.weight [11,128]")
            .And.None.Contains("_l1"));
        using var deep = Build("""{"kind":"lstm","embedding":3,"hidden":5,"layers":2,"tieEmbeddings":true}""");
        Assert.That(Names(deep), Has.Some.EqualTo("projection.weight [3,5]").And.Some.EqualTo("lstm.weight_hh_l1 [20,5]"));
    }
}
