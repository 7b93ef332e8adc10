using System.Globalization;
using System.Text.Json;
using TextGan.Data;
using TextGan.Data.Oracle;
using TextGan.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Data.Oracle;

public class OracleLstmTests
{
    static readonly JsonSerializerOptions camelCase = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The cell's equations, number by number in double precision.</summary>
    static double LogProbability(OracleWeights weights, IReadOnlyList<int> ids, int startToken)
    {
        double[] Values(string name) => [.. weights[name].data<float>().ToArray().Select(x => (double)x)];
        var (vocabulary, width, size) = (weights.Vocabulary, weights.Embedding, weights.Hidden);
        var all = OracleWeights.Names.ToDictionary(name => name, Values);
        double[] Affine(double[] x, string matrix, int columns) =>
            [.. Enumerable.Range(0, columns).Select(j => x.Select((value, i) => value * all[matrix][i * columns + j]).Sum())];
        double[] Gate(double[] x, double[] h, string gate, Func<double, double> activation)
        {
            var (fromInput, fromState) = (Affine(x, "W" + gate, size), Affine(h, "U" + gate, size));
            return [.. Enumerable.Range(0, size).Select(j => activation(fromInput[j] + fromState[j] + all["b" + gate][j]))];
        }
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        var (h, c, token, total) = (new double[size], new double[size], startToken, 0.0);
        foreach (var next in ids)
        {
            var x = all["embedding"][(token * width)..((token + 1) * width)];
            var (i, f, o, g) = (Gate(x, h, "i", Sigmoid), Gate(x, h, "f", Sigmoid), Gate(x, h, "o", Sigmoid), Gate(x, h, "c", Math.Tanh));
            c = [.. c.Select((value, j) => f[j] * value + i[j] * g[j])];
            h = [.. c.Select((value, j) => o[j] * Math.Tanh(value))];
            var logits = Affine(h, "Wout", vocabulary).Zip(all["bout"], (a, b) => a + b).ToArray();
            var most = logits.Max();
            total += logits[next] - most - Math.Log(logits.Sum(logit => Math.Exp(logit - most)));
            token = next;
        }
        return total;
    }

    [Test]
    public void Log_probability_equals_a_step_by_step_evaluation()
    {
        using var oracle = new OracleLstm(OracleWeights.Random(vocabulary: 23, embedding: 5, hidden: 7, seed: 4), length: 9, startToken: 3);
        using var weights = OracleWeights.Random(23, 5, 7, 4);
        var texts = oracle.SampleTexts(20, 1, "test");
        var values = oracle.LogProbabilities(texts);
        for (var i = 0; i < texts.Count; i++)
            Assert.That(values[i], Is.EqualTo(LogProbability(weights, [.. texts[i].Split(' ').Select(int.Parse)], 3)).Within(1e-4));
    }

    [Test]
    public void Probabilities_of_all_texts_sum_to_one_and_samples_follow_them()
    {
        using var scope = NewDisposeScope();
        using var oracle = new OracleLstm(OracleWeights.Random(4, 3, 3, 9), length: 3);
        var all = (from a in Enumerable.Range(0, 4) from b in Enumerable.Range(0, 4) from c in Enumerable.Range(0, 4) select $"{a} {b} {c}")
            .ToList();
        var probabilities = oracle.LogProbabilities(all).Select(Math.Exp).ToList();
        Assert.That(probabilities.Sum(), Is.EqualTo(1).Within(1e-5));

        const int n = 20_000;
        var counts = oracle.SampleTexts(n, 2, "test").GroupBy(text => text).ToDictionary(g => g.Key, g => g.Count());
        // Rare texts share one bin, so that each bin expects 5 or more.
        var bins = all.Zip(probabilities).GroupBy(pair => pair.Second * n >= 5 ? pair.First : "rare")
            .Select(g => (Expected: n * g.Sum(p => p.Second), Found: g.Sum(p => counts.GetValueOrDefault(p.First))))
            .Where(b => b.Expected > 1).ToList();
        var chiSquare = bins.Sum(bin => Math.Pow(bin.Found - bin.Expected, 2) / bin.Expected);
        Assert.That(chiSquare, Is.LessThan(bins.Count - 1 + 4 * Math.Sqrt(2 * (bins.Count - 1))),
            "four deviations of chi-square above its mean");
    }

    [Test]
    public void Seed_and_stream_decide_and_the_global_random_state_stays()
    {
        using var scope = NewDisposeScope();
        using var oracle = new OracleLstm(OracleWeights.Random(50, 4, 4, 1), length: 6);
        manual_seed(11);
        var expected = rand(3);
        manual_seed(11);
        var first = oracle.Sample(1030, 1, "a");
        using (OracleWeights.Random(50, 4, 4, 2)) { }
        Assert.That(rand(3).eq(expected).all().item<bool>(), Is.True, "sampling drew from the global generator");
        Assert.That(first.shape, Is.EqualTo(new long[] { 1030, 6 }), "more rows than one batch");
        Assert.That(oracle.Sample(1030, 1, "a").eq(first).all().item<bool>(), Is.True);
        Assert.That(oracle.Sample(1030, 2, "a").eq(first).all().item<bool>(), Is.False);
        Assert.That(oracle.Sample(1030, 1, "b").eq(first).all().item<bool>(), Is.False);
        Assert.That(first.max().item<long>(), Is.LessThan(50));
        Assert.That(oracle.SampleTexts(0, 1, "a"), Is.Empty);
    }

    [TestCase("1 2 3")]
    [TestCase("1 2 3 4 5")]
    [TestCase("1 2 3 10")]
    [TestCase("1 2 3 -1")]
    [TestCase("1 2  3 4")]
    [TestCase("1 2 3 x")]
    [TestCase("")]
    public void What_it_cannot_make_has_no_probability(string text)
    {
        using var oracle = new OracleLstm(OracleWeights.Random(10, 3, 3, 1), length: 4);
        var values = oracle.LogProbabilities([text, "1 2 3 4"]);
        Assert.That(values[0], Is.EqualTo(double.NegativeInfinity));
        Assert.That(values[1], Is.InRange(-40, 0));
        Assert.That(oracle.Attributes, Is.Empty);
        Assert.That(() => oracle.Judge("helpful", [text]), Throws.ArgumentException);
    }

    [Test]
    public void Random_weights_are_standard_normal()
    {
        using var scope = NewDisposeScope();
        using var weights = OracleWeights.Random(5000, 32, 32, 1);
        Assert.That((weights.Vocabulary, weights.Embedding, weights.Hidden), Is.EqualTo((5000, 32, 32)));
        Assert.That(OracleWeights.Names, Has.Count.EqualTo(15));
        foreach (var name in OracleWeights.Names)
        {
            var error = 5 / Math.Sqrt(weights[name].numel());
            Assert.That(weights[name].mean().item<float>(), Is.EqualTo(0).Within(error), name);
            Assert.That(weights[name].std().item<float>(), Is.EqualTo(1).Within(error), name);
        }
        Assert.That(weights["Wi"].eq(weights["Wf"]).all().item<bool>(), Is.False);
    }

    [Test]
    public void Nothing_is_left_behind()
    {
        using var oracle = new OracleLstm(OracleWeights.Random(10, 3, 3, 1), length: 4);
        var texts = oracle.SampleTexts(3, 1, "a");
        oracle.LogProbabilities(texts);
        var before = Tensor.TotalCount;
        for (var i = 0; i < 3; i++) oracle.LogProbabilities(oracle.SampleTexts(3, 1, "a"));
        Assert.That(Tensor.TotalCount, Is.EqualTo(before));
    }

    [Test]
    public void Loads_from_json_by_its_kind()
    {
        var json = """{"kind":"oracle-lstm","vocabulary":40,"embedding":4,"hidden":6,"sentences":7,"heldOut":3,"seed":5,"startToken":2}""";
        var options = JsonSerializer.Deserialize<DataOptions>(json, camelCase)!;
        Assert.That(options, Is.EqualTo(
            new OracleLstmDataOptions { Vocabulary = 40, Embedding = 4, Hidden = 6, Sentences = 7, HeldOut = 3, Seed = 5,
            StartToken = 2 }));
        var data = options.Load(new DataContext("oracle", ".", 12));
        using var oracle = (OracleLstm)data.Source!;
        Assert.That((data.Train.Texts.Count, data.HeldOut.Texts.Count, oracle.Vocabulary, oracle.Length), Is.EqualTo((7, 3, 40, 12)));
        Assert.That(data.Train.Texts.Concat(data.HeldOut.Texts).Select(text => text.Split(' ').Length), Is.All.EqualTo(12));
        Assert.That(data.Train.Texts.Intersect(data.HeldOut.Texts), Is.Empty);
        Assert.That(oracle.LogProbabilities(data.Train.Texts), Is.All.LessThan(0).And.All.GreaterThan(-500));
        Assert.That(data.Summary, Is.EqualTo("oracle-lstm: 7 texts of 12 tokens and 3 held out, weights from seed 5, 40 token ids"));
        Assert.That(new OracleLstmDataOptions { Vocabulary = 5, StartToken = 5 }.Validate("$.data.x").Single().ToString(),
            Is.EqualTo("$.data.x.startToken: 5 is not a token of a vocabulary of 5; 0 to 4 are allowed."));
    }

    [Test]
    public void A_file_is_read_back_and_a_wrong_one_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("textgan-").FullName;
        try
        {
            using var scope = NewDisposeScope();
            using var weights = OracleWeights.Random(12, 3, 5, 1);
            var tensors = OracleWeights.Names.ToDictionary(name => name, name => weights[name]);
            var context = new DataContext("oracle", folder, 4);
            var options = new OracleLstmDataOptions { Path = "oracle.safetensors", Sentences = 5, HeldOut = 0 };
            var path = Path.Combine(folder, "oracle.safetensors");

            SafeTensors.Save(path, tensors);
            using var fromFile = (OracleLstm)options.Load(context).Source!;
            using var fromMemory = new OracleLstm(OracleWeights.Random(12, 3, 5, 1), 4);
            var text = new[] { "1 2 3 11" };
            Assert.That(fromFile.LogProbabilities(text), Is.EqualTo(fromMemory.LogProbabilities(text)));
            Assert.That(() => (options with { StartToken = 12 }).Load(context),
                Throws.TypeOf<InvalidInputException>()
                .With.Message.EqualTo($"{path}: The start token 12 is not a token of the oracle's vocabulary; 0 to 11 are allowed."));

            void Refused(string name, Tensor? wrong, string message)
            {
                var changed = new Dictionary<string, Tensor>(tensors);
                if (wrong is null) changed.Remove(name);
                else changed[name] = wrong;
                SafeTensors.Save(path, changed);
                Assert.That(() => options.Load(context),
                    Throws.TypeOf<InvalidInputException>().With.Message.StartsWith($"{path}: {message}"));
            }
            Refused("Uc", zeros(5, 4), "The tensor 'Uc' has the shape [5,4]; [5,5] is needed.");
            Refused("Wi", zeros(3, 5, float64), "The tensor 'Wi' has the type Float64; Float32 is needed.");
            Refused("bo", null, "There is no tensor 'bo'; there are ");
            Refused("embedding", null, "There is no tensor 'embedding'; an oracle has embedding, Wi, ");
            Refused("Wout", zeros(5), "The tensor 'Wout' has the shape [5]; a matrix is needed.");
            Refused("Wout", zeros(5, 13), "The tensor 'Wout' has the shape [5,13]; [5,12] is needed.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// A file whose bytes this test lays out itself: names, shapes and the order of rows are as the cell's equations say, to one who reads
    /// them from the file without this library.
    /// </summary>
    [Test]
    public void A_file_means_what_its_equations_say()
    {
        const int vocabulary = 5, width = 2, size = 3;
        using var files = new TemporaryFiles();
        var random = new Random(3);
        (string Name, int[] Shape)[] layout =
        [
            ("embedding", [vocabulary, width]),
            .. from gate in (string[])["i", "f", "o", "c"]
               from part in ((string, int[])[])[($"W{gate}", [width, size]), ($"U{gate}", [size, size]), ($"b{gate}", [size])] select part,
            ("Wout", [size, vocabulary]), ("bout", [vocabulary]),
        ];
        var values = layout.ToDictionary(one => one.Name,
            one => Enumerable.Range(0, one.Shape.Aggregate(1, (a, b) => a * b)).Select(_ => (float)(4 * random.NextDouble() - 2))
                .ToArray());
        var (header, bytes) = (new List<string>(), new List<byte>());
        foreach (var (name, shape) in layout)
        {
            var from = bytes.Count;
            foreach (var value in values[name]) bytes.AddRange(BitConverter.GetBytes(value));
            header.Add($"\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{from},{bytes.Count}]}}");
        }
        var head = System.Text.Encoding.UTF8.GetBytes("{" + string.Join(',', header) + "}");
        File.WriteAllBytes(files.PathOf("oracle.safetensors"), [.. BitConverter.GetBytes((long)head.Length), .. head, .. bytes]);

        var data = new OracleLstmDataOptions { Path = files.PathOf("oracle.safetensors"), Sentences = 50, HeldOut = 0, StartToken = 1 }
            .Load(new DataContext("oracle", ".", 6));
        using var oracle = (OracleLstm)data.Source!;
        var found = oracle.LogProbabilities(data.Train.Texts);
        for (var n = 0; n < 50; n++)
            Assert.That(found[n], Is.EqualTo(ByLoops([.. data.Train.Texts[n].Split(' ').Select(int.Parse)])).Within(1e-4));

        double ByLoops(int[] ids)
        {
            double At(string name, int row, int column, int columns) => values[name][row * columns + column];
            var (h, c, token, total) = (new double[size], new double[size], 1, 0.0);
            foreach (var next in ids)
            {
                var (hidden, cell) = (new double[size], new double[size]);
                for (var j = 0; j < size; j++)
                {
                    double Sum(string gate)
                    {
                        var sum = (double)values["b" + gate][j];
                        for (var e = 0; e < width; e++) sum += At("embedding", token, e, width) * At("W" + gate, e, j, size);
                        for (var k = 0; k < size; k++) sum += h[k] * At("U" + gate, k, j, size);
                        return sum;
                    }
                    static double σ(double x) => 1 / (1 + Math.Exp(-x));
                    cell[j] = σ(Sum("f")) * c[j] + σ(Sum("i")) * Math.Tanh(Sum("c"));
                    hidden[j] = σ(Sum("o")) * Math.Tanh(cell[j]);
                }
                (h, c) = (hidden, cell);
                var logits = new double[vocabulary];
                for (var v = 0; v < vocabulary; v++)
                {
                    logits[v] = values["bout"][v];
                    for (var k = 0; k < size; k++) logits[v] += h[k] * At("Wout", k, v, vocabulary);
                }
                total += logits[next] - Math.Log(logits.Sum(Math.Exp));
                token = next;
            }
            return total;
        }
    }

    [Test]
    public void Published_oracle_has_5_76_nats_a_token()
    {
        var path = SharedData.Find("data/seqgan-oracle/oracle.safetensors");
        if (path is null) Assert.Ignore("The folder shared/data/seqgan-oracle is missing: set TEXTGAN_SHARED.");
        var data = new OracleLstmDataOptions { Path = path, Sentences = 2_000, HeldOut = 0 }.Load(new DataContext("oracle", ".", 20));
        using var oracle = (OracleLstm)data.Source!;
        var values = oracle.LogProbabilities(data.Train.Texts);
        var nats = -values.Average() / 20;
        TestContext.Out.WriteLine($"Nats a token: {nats.ToString("f4", CultureInfo.InvariantCulture)}");
        Assert.That(nats, Is.EqualTo(5.76).Within(.05));

        using var weights = OracleWeights.Load(path!);
        for (var i = 0; i < 2; i++)
            Assert.That(values[i], Is.EqualTo(LogProbability(weights, [.. data.Train.Texts[i].Split(' ').Select(int.Parse)], 0))
                .Within(1e-4 * 20));
    }
}
