using TextGan.Generators;
using static TextGan.Tests.Generators.GeneratorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

/// <summary>The relational memory (Santoro et al., 1806.01822) beside a loop in doubles, written from the paper's equations.</summary>
public sealed class RelationalMemoryGeneratorTests
{
    [TestCaseSource(typeof(GeneratorCases), nameof(Memory))]
    public void ComputesTheEquations(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json, 5);
        Randomize(model);
        var logits = Doubles(model.call(Ids())); // [4,T,V]
        var loop = new Loop((RelationalMemoryGeneratorOptions)Read(json), Parameters(model));
        for (var text = 0; text < 4; text++)
        {
            var expected = loop.Logits(Tokens(text));
            for (var t = 0; t < T; t++)
                Assert.That(logits.AsSpan((text * T + t) * V, V).ToArray(), Is.EqualTo(expected[t]).Within(2e-5), $"text {text}, step {t}");
        }
    }

    /// <summary>The gradient of the likelihood against differences of the loop's, some numbers of each parameter.</summary>
    [TestCaseSource(typeof(GeneratorCases), nameof(Memory))]
    public void ItsGradientIsThatOfTheEquations(string json)
    {
        const double Step = 1e-5;
        using var scope = NewDisposeScope();
        using var model = Build(json, 6);
        Randomize(model);
        (-TeacherForcing.LogProbabilities(model, Ids(), Start).sum()).backward();
        var parameters = Parameters(model);
        var loop = new Loop((RelationalMemoryGeneratorOptions)Read(json), parameters);
        var random = new Random(1);
        foreach (var (name, values) in parameters)
        {
            var gradient = Doubles(model.get_parameter(name)!.grad!);
            for (var trial = 0; trial < 4; trial++)
            {
                var i = random.Next(values.Length);
                var before = values[i];
                values[i] = before + Step;
                var above = Surprise();
                values[i] = before - Step;
                var below = Surprise();
                values[i] = before;
                Assert.That(gradient[i], Is.EqualTo((above - below) / (2 * Step)).Within(2e-4), $"{name}[{i}]");
            }
        }

        double Surprise()
        {
            var sum = 0.0;
            for (var text = 0; text < 4; text++)
            {
                var tokens = Tokens(text);
                var logits = loop.Logits([Start, .. tokens[..^1]]);
                for (var t = 0; t < T; t++) sum += Math.Log(logits[t].Sum(Math.Exp)) - logits[t][tokens[t]];
            }
            return sum;
        }
    }

    [Test]
    public void HasTheseParameters()
    {
        using var model = Build(Memory[1]);
        Assert.That(model.named_parameters().Select(p => $"{p.name} [{string.Join(',', p.parameter.shape)}]"), Is.EquivalentTo(new[]
        {
            "embedding.weight [7,5]", "head.weight [7,12]", "head.bias [7]", "memory.input.weight [4,5]", "memory.input.bias [4]",
            "memory.attention.weight [12,4]", "memory.attention_norm.weight [12]", "memory.attention_norm.bias [12]",
            "memory.attended_norm.weight [4]", "memory.attended_norm.bias [4]", "memory.memory_norm.weight [4]",
            "memory.memory_norm.bias [4]", "memory.mlp.0.weight [4,4]", "memory.mlp.0.bias [4]", "memory.mlp.1.weight [4,4]",
            "memory.mlp.1.bias [4]", "memory.mlp.2.weight [4,4]", "memory.mlp.2.bias [4]", "memory.gate_input.weight [8,4]",
            "memory.gate_memory.weight [8,4]",
        }));
    }

    [Test]
    public void InitialValuesAreAsStated()
    {
        using var scope = NewDisposeScope();
        using var model = Build("""{"kind":"relational-memory","headSize":40}""", 2, 400);
        // The standard deviation of N(0,1) cut at two is 0.87963; 5 standard errors of a deviation are below 5% here.
        foreach (var (name, inputs) in ((string, int)[])[("embedding.weight", 400), ("head.weight", 80), ("memory.attention.weight", 80),
            ("memory.input.weight", 32), ("memory.mlp.1.weight", 80), ("memory.gate_memory.weight", 80)])
        {
            var values = model.get_parameter(name)!;
            Assert.That(values.std().item<float>() * Math.Sqrt(inputs), Is.EqualTo(0.87963).Within(0.05), name);
            Assert.That(values.abs().max().item<float>() * Math.Sqrt(inputs), Is.LessThanOrEqualTo(2.0001).And.GreaterThan(1.9), name);
        }
        Assert.That(Doubles(model.get_parameter("head.bias")!), Is.All.Zero);
        Assert.That(Doubles(model.get_parameter("memory.memory_norm.weight")!), Is.All.EqualTo(1));
    }

    [Test]
    public void IsBuiltFromJson()
    {
        Assert.That(Read("""{"kind":"relational-memory"}"""), Is.EqualTo(
            new RelationalMemoryGeneratorOptions { Embedding = 32, Slots = 1, Heads = 2, HeadSize = 256, MlpLayers = 2 }));
        using var model = Build("""{"kind":"relational-memory","slots":2,"heads":3,"headSize":4}""", vocabularySize: 11);
        Assert.That(model, Is.TypeOf<RelationalMemoryGenerator>()
            .With.Property("VocabularySize").EqualTo(11).And.Property("HiddenSize").EqualTo(24));
    }

    /// <summary>Norms and biases begin as if they were not there.</summary>
    static void Randomize(Generator model)
    {
        using var _ = no_grad();
        foreach (var parameter in model.parameters().Where(parameter => parameter.dim() == 1)) parameter.add_(randn_like(parameter) * 0.3);
    }

    static long[] Tokens(int text) => Ids()[text].data<long>().ToArray();

    static Dictionary<string, double[]> Parameters(Generator model) =>
        model.named_parameters().ToDictionary(p => p.name, p => Doubles(p.parameter));

    /// <summary>One text, number by number.</summary>
    sealed class Loop(RelationalMemoryGeneratorOptions options, Dictionary<string, double[]> p)
    {
        readonly int width = options.Heads * options.HeadSize;

        public double[][] Logits(long[] tokens)
        {
            var memory = Enumerable.Range(0, options.Slots)
                .Select(slot => Enumerable.Range(0, width).Select(i => i == slot ? 1.0 : 0).ToArray()).ToArray();
            return [.. tokens.Select(token =>
            {
                memory = Next(memory, p["embedding.weight"].AsSpan((int)token * options.Embedding, options.Embedding).ToArray());
                return Add(Times("head", [.. memory.SelectMany(slot => slot)]), p["head.bias"]);
            })];
        }

        double[][] Next(double[][] memory, double[] embedded)
        {
            var read = Add(Times("memory.input", embedded), p["memory.input.bias"]);
            double[][] all = [.. memory, read];
            var projected = all.Select(row => Norm("memory.attention_norm", Times("memory.attention", row))).ToArray();
            var inputGates = Times("memory.gate_input", read);
            return [.. memory.Select((slot, s) =>
            {
                var attended = new double[width];
                for (var head = 0; head < options.Heads; head++)
                {
                    var (begin, size) = (head * 3 * options.HeadSize, options.HeadSize);
                    var scores = projected.Select(other => Enumerable.Range(0, size)
                        .Sum(i => projected[s][begin + i] * other[begin + size + i]) / Math.Sqrt(3 * size)).ToArray();
                    var total = scores.Sum(Math.Exp);
                    for (var i = 0; i < size; i++)
                        attended[head * size + i] = projected.Select((other, j) =>
                            Math.Exp(scores[j]) / total * other[begin + 2 * size + i]).Sum();
                }
                var after = Norm("memory.attended_norm", Add(slot, attended));
                var inner = after;
                for (var layer = 0; layer < options.MlpLayers; layer++)
                {
                    if (layer > 0) inner = [.. inner.Select(x => Math.Max(0, x))];
                    inner = Add(Times($"memory.mlp.{layer}", inner), p[$"memory.mlp.{layer}.bias"]);
                }
                var candidate = Norm("memory.memory_norm", Add(after, inner));
                var gates = Add(Times("memory.gate_memory", [.. slot.Select(Math.Tanh)]), inputGates);
                return Enumerable.Range(0, width).Select(i =>
                    Sigmoid(gates[i]) * Math.Tanh(candidate[i]) + Sigmoid(gates[width + i] + 1) * slot[i]).ToArray();
            })];
        }

        double[] Times(string layer, double[] vector)
        {
            var matrix = p[$"{layer}.weight"];
            return [.. Enumerable.Range(0, matrix.Length / vector.Length)
                .Select(row => Enumerable.Range(0, vector.Length).Sum(i => matrix[row * vector.Length + i] * vector[i]))];
        }

        double[] Norm(string layer, double[] values)
        {
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Average(x => (x - mean) * (x - mean)) + 1e-5);
            return [.. values.Select((x, i) => (x - mean) / deviation * p[$"{layer}.weight"][i] + p[$"{layer}.bias"][i])];
        }

        static double[] Add(double[] one, double[] other) => [.. one.Zip(other, (a, b) => a + b)];

        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }
}
