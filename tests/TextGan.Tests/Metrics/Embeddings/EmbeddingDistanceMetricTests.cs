using TextGan.Metrics;
using TextGan.Metrics.Embeddings;
using TextGan.Tests.Generators.Pretrained;
using TorchSharp;
using static TextGan.Tests.Metrics.MetricFakes;
using static TorchSharp.torch;

namespace TextGan.Tests.Metrics.Embeddings;

/// <summary>The metric "embedding-distance" and its encoders.</summary>
public sealed class EmbeddingDistanceMetricTests
{
    static string[] Texts(int count, int first = 0) =>
        [.. Enumerable.Range(first, count).Select(i => $"{1 + i % 4} {1 + i % 3} {5 + i % 2}")];

    /// <summary>A text's numbers, the first two.</summary>
    sealed class Plain : SentenceEncoder
    {
        public override Tensor Encode(IReadOnlyList<string> texts, IReadOnlyList<int[]> tokens) =>
            tensor(tokens.SelectMany(text => new float[] { text[0], text[1] }).ToArray(), [tokens.Count, 2]);
    }

    static EmbeddingDistanceMetric Metric(string[] heldOut, string[] training, int limit = 1000)
    {
        static (IReadOnlyList<string>, IReadOnlyList<int[]>) Of(string[] texts) => (texts, Evaluation(texts).Tokens);
        return new("x", new Plain(), Of(heldOut), Of(training), limit, seed: 1);
    }

    [Test]
    public void The_values_are_those_of_the_vectors()
    {
        using var metric = Metric(["1 1", "3 1", "1 5", "3 5"], ["1 1", "3 1", "1 5", "3 5", "9 9"]);
        var found = metric.Evaluate(Evaluation("2 1", "4 1", "2 5", "4 5"));
        // The same shape, moved by 1: the covariances are equal.
        Assert.That(found["frechet-x"], Is.EqualTo(1).Within(1e-9));
        Assert.That(found.Keys, Is.EqualTo(new[] { "frechet-x", "mmd-x", "mauve-x", "frechet-x-real", "mmd-x-real", "mauve-x-real" }));
        // Distances 2, 2, 4, 4, √20, √20: the median of six is the third. Within a set k = (2a + 2b + 2c)/6 of a, b, c for 2², 4², 20.
        double K(double square) => Math.Exp(-square / 32);
        var within = (K(4) + K(16) + K(20)) / 3;
        // Across, from 1 or 3 to 2 or 4: (1, 3, 1, 1)² and 0 or 4 upwards.
        var across = ((3 * K(1) + K(9)) + (3 * K(17) + K(25))) / 8;
        Assert.That(found["mmd-x"], Is.EqualTo(2 * within - 2 * across).Within(1e-6));
        Assert.That(found["frechet-x-real"], Is.Zero.Within(1e-9), "the first four of five training texts, spread: 1 1, 3 1, 1 5, 3 5");
    }

    [Test]
    public void Missing_values_say_why()
    {
        using var metric = Metric(["1 1", "1 1", "1 1"], ["2 2"]);
        var found = metric.Evaluate(Evaluation("1 2", "3 4"));
        Assert.That(found["mmd-x"], Is.NaN);
        Assert.That(metric.WhyMissing("mmd-x"), Is.EqualTo("most held-out texts have the same vector"));
        Assert.That(found["frechet-x"], Is.Not.NaN);
        Assert.That(found["frechet-x-real"], Is.NaN);
        Assert.That(metric.WhyMissing("frechet-x-real"), Is.EqualTo("there are fewer training texts than samples"));
        Assert.That(metric.Evaluate(Evaluation("1 2"))["mauve-x"], Is.NaN);
        Assert.That(metric.WhyMissing("mauve-x"), Is.EqualTo("there are fewer than two samples"));
    }

    [Test]
    public void The_sample_size_is_the_limit()
    {
        using var metric = Metric(["1 1", "2 2"], [], limit: 3);
        Assert.That((metric.Samples(10), metric.Samples(2)), Is.EqualTo((3, 2)));
        var all = metric.Evaluate(Evaluation("1 1", "2 1", "4 4", "9 9", "9 9"));
        Assert.That(all["frechet-x"], Is.EqualTo(metric.Evaluate(Evaluation("1 1", "2 1", "4 4"))["frechet-x"]));
    }

    /// <summary>Real texts are nearer to real texts than others, by a model that has learnt from the corpus; the same each time.</summary>
    [Test]
    public void The_corpus_encoder_tells_other_texts_from_real_ones()
    {
        var context = Context(4, Set("text", Texts(120), Texts(60, 7)));
        double[] Values(string[] texts)
        {
            using var metric = (EmbeddingDistanceMetric)Options("""{ "kind": "embedding-distance", "data": "text" }""").Build(context);
            using var scope = NewDisposeScope(); // as in an evaluation: what the metric keeps must outlive it
            return [.. metric.Evaluate(Evaluation(texts)).Values];
        }
        var (like, unlike) = (Values(Texts(60, 3)), Values([.. Texts(60).Select(text => "9 9 9 9")]));
        Assert.That(like[0], Is.LessThan(unlike[0] / 10));
        Assert.That(like[1], Is.LessThan(unlike[1] / 10));
        Assert.That(like[2], Is.GreaterThan(unlike[2] + 0.5));
        Assert.That(Values(Texts(60, 3)), Is.EqualTo(like));
    }

    /// <summary>An encoder in an evaluation's scope lives on.</summary>
    [Test]
    public void What_it_keeps_outlives_an_evaluation()
    {
        var context = Context(4, Set("text", Texts(40), Texts(20, 7)));
        using var metric = (EmbeddingDistanceMetric)Options("""{ "kind": "embedding-distance", "data": "text" }""").Build(context);
        IReadOnlyDictionary<string, double> Once()
        {
            using var scope = NewDisposeScope();
            return metric.Evaluate(Evaluation(Texts(20, 1)));
        }
        var first = Once();
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.That(Once(), Is.EqualTo(first));
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(live));
    }

    /// <summary>Texts of several lengths in one batch, and one by one; of 16 tokens that the model reads the start is the first.</summary>
    [Test]
    public void The_pretrained_encoder_gives_the_mean_of_the_last_states()
    {
        var folder = Directory.CreateTempSubdirectory("textgan-encoder-").FullName;
        try
        {
            TinyModel.Write(folder, TinyModel.Gpt2);
            using var model = TextGan.Generators.Pretrained.PretrainedModel.ReadFrozen(folder, CPU);
            using var encoder = new PretrainedEncoder(model, new NumberTokenizer(11));
            string[] texts = ["3 1 4", "", string.Join(' ', Enumerable.Range(0, 20).Select(i => i % 10))];
            using var found = encoder.Encode(texts, []);
            foreach (var (i, text) in texts.Index())
            {
                long[] read = [0, .. new NumberTokenizer(11).Encode(text).Take(15)];
                using var own = model.Hidden(tensor(read).unsqueeze(0)).mean([1]);
                Assert.That(found[i].data<float>().ToArray(), Is.EqualTo(own[0].data<float>().ToArray()).Within(1e-5), text);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The plug-in of experiments/minilm, where it was built.</summary>
    [Test]
    public void MiniLm_tells_sentences_by_their_meaning()
    {
        var plugin = Path.Combine(Repository.Root, "experiments", "minilm", "bin", "MiniLm.dll");
        if (!File.Exists(plugin)) Assert.Ignore("experiments/minilm was not built: dotnet build -c Release experiments/minilm");
        var kind = TextGan.Experiments.Reading.PluginLoader.Load(plugin).Single();
        Assert.That(kind.Name, Is.EqualTo("minilm"));
        var options = (SentenceEncoderOptions)Activator.CreateInstance(kind.Type)!;
        var encoder = options.BuildChecked(new(new(new NumberTokenizer(10), 4), CPU, "", _ => []));
        using (encoder as IDisposable)
        {
            string[] texts = ["A cat sleeps on the sofa.", "The kitten is napping on the couch.", "Shares fell sharply on Monday.", ""];
            using var found = encoder.Encode(texts, []).to_type(float64);
            Assert.That((options.NameEnd, found.shape), Is.EqualTo(("minilm", new long[] { 4, 384 })));
            double Cosine(int one, int other) => (found[one] * found[other]).sum().item<double>();
            Assert.That(Cosine(0, 0), Is.EqualTo(1).Within(1e-5));
            Assert.That(Cosine(0, 1), Is.GreaterThan(Cosine(0, 2) + 0.3));
            using var alone = encoder.Encode(texts[..1], []).to_type(float64);
            Assert.That((alone[0] - found[0]).abs().max().item<double>(), Is.LessThan(1e-4), "other texts do not change it");
        }
    }

    [TestCase("""{ "kind": "pretrained", "model": "m", "name": "a b" }""",
        "$.m.encoder.name: 'a b' cannot name a value; a name has 1 to 60 letters (A-Z, a-z), digits, '-' and '_'.")]
    public void A_wrong_name_is_rejected(string encoder, string problem) =>
        Assert.That(((EmbeddingDistanceMetricOptions)Options($$"""{ "kind": "embedding-distance", "encoder": {{encoder}} }"""))
            .Encoder.Validate("$.m.encoder").Select(one => one.ToString()), Is.EqualTo(new[] { problem }));

    [Test]
    public void One_held_out_text_is_rejected() => Assert.That(
        () => Options("""{ "kind": "embedding-distance", "data": "text" }""").Build(Context(4, Set("text", Texts(3), ["1"]))),
        Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            "metric 'embedding-distance': data set 'text' has 1 held-out text; at least 2 are needed."));
}
