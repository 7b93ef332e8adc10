using TextGan.Discriminators;
using TorchSharp;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

public sealed class TransformerDiscriminatorTests
{
    static readonly string LearnedMean = Masked[3], RotaryCls = Masked[4];

    [Test]
    public void HasTheseParameters()
    {
        static string[] Block(int i) => [.. new[]
        {
            "attention_norm.weight", "attention_norm.bias", "feed_forward_norm.weight", "feed_forward_norm.bias",
                "attention.projection.weight", "attention.projection.bias",
            "attention.output.weight", "attention.output.bias", "up.weight", "up.bias", "down.weight", "down.bias",
        }.Select(name => $"blocks.{i}.{name}")];

        using var mean = Build(LearnedMean);
        Assert.That(mean.named_parameters().Select(parameter => parameter.name), Is.EquivalentTo(
            new[] { "embedding.table.weight", "positions", "norm.weight", "norm.bias", "head.weight", "head.bias" }.Concat(Block(0))
                .Concat(Block(1))));
        using var cls = Build(RotaryCls);
        Assert.That(cls.named_parameters().Select(parameter => parameter.name), Is.EquivalentTo(
            new[] { "embedding.table.weight", "summary", "norm.weight", "norm.bias", "head.weight", "head.bias" }.Concat(Block(0))));
    }

    /// <summary>Each text is read alone, without padding and mask; attention is the library's, rotation is by complex numbers.</summary>
    [Test]
    public void EqualsItsFormula([Values] bool rotary)
    {
        using var scope = NewDisposeScope();
        var model = Build(rotary ? RotaryCls : LearnedMean);
        using (no_grad())
            // norms and biases too leave their initial values
            foreach (var parameter in model.parameters()) parameter.add_(randn_like(parameter) * 0.3);
        var logits = Values(model.call(Hard()).Logits);
        var lengths = new[] { 1, 2, 4, 6 };
        for (var row = 0; row < 4; row++) Assert.That(
            logits[row], Is.EqualTo(Formula(model, Ids()[row].narrow(0, 0, lengths[row]), rotary)).Within(2e-5));
    }

    static double Formula(Discriminator model, Tensor text, bool rotary)
    {
        Tensor P(string name) => model.get_parameter(name)!;
        Tensor Norm(Tensor x, string name) => nn.functional.layer_norm(x, [8], P($"{name}.weight"), P($"{name}.bias"));
        Tensor Linear(Tensor x, string name) => x.matmul(P($"{name}.weight").t()) + P($"{name}.bias");
        var x = P("embedding.table.weight").index_select(0, text); // [T,E]
        x = rotary ? cat([P("summary").unsqueeze(0), x]) : x + P("positions")[..(int)text.shape[0]];
        for (var block = 0; block < (rotary ? 1 : 2); block++)
        {
            // q, k, v: [T,E]
            var parts = Linear(Norm(x, $"blocks.{block}.attention_norm"), $"blocks.{block}.attention.projection").chunk(3, 1);
            var mixed = Enumerable.Range(0, 2).Select(head =>
            {
                var (q, k, v) = (parts[0].narrow(1, head * 4, 4), parts[1].narrow(1, head * 4, 4), parts[2].narrow(1, head * 4, 4));
                if (rotary) (q, k) = (Turn(q), Turn(k));
                return nn.functional.scaled_dot_product_attention(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0)).squeeze(0);
            }).ToArray();
            x = x + Linear(cat(mixed, 1), $"blocks.{block}.attention.output");
            x = x + Linear(nn.functional.gelu(Linear(Norm(x, $"blocks.{block}.feed_forward_norm"), $"blocks.{block}.up")),
                $"blocks.{block}.down");
        }
        x = Norm(x, "norm");
        return Linear((rotary ? x[0] : x.mean([0])).unsqueeze(0), "head").item<float>();
    }

    /// <summary>[T,4]: entries i and i+2 are one complex number, turned by position · 10000^(-i/2).</summary>
    static Tensor Turn(Tensor vectors)
    {
        var turned = vectors.clone();
        for (var t = 0; t < vectors.shape[0]; t++)
            for (var i = 0; i < 2; i++)
            {
                var number = new System.Numerics.Complex(vectors[t, i].item<float>(), vectors[t, i + 2].item<float>())
                    * System.Numerics.Complex.FromPolarCoordinates(1, t * Math.Pow(10_000, -i / 2.0));
                turned[t, i] = tensor((float)number.Real);
                turned[t, i + 2] = tensor((float)number.Imaginary);
            }
        return turned;
    }

    [Test]
    public void KnowsTheOrderOfTokens()
    {
        using var scope = NewDisposeScope();
        foreach (var json in new[] { LearnedMean, RotaryCls })
        {
            var logits = Values(Build(json).call(Hard(tensor(new long[,] { { 2, 3, 4, 5, 6, 0 }, { 3, 2, 4, 5, 6, 0 } }))).Logits);
            Assert.That(logits[0], Is.Not.EqualTo(logits[1]).Within(1e-5));
        }
    }

    [Test]
    public void HasDefaults()
    {
        var options = (TransformerDiscriminatorOptions)Read("""{"kind":"transformer","name":"d"}""");
        Assert.That((options.Embedding, options.Layers, options.Heads, options.FeedForward, options.Positions, options.Pooling,
            options.Dropout),
            Is.EqualTo((64, 2, 4, (int?)null, PositionEncoding.Learned, Pooling.Mean, 0.1)));
        Assert.That(options.Validate("$"), Is.Empty);
        using var model = options.Build(Context());
        Assert.That(model.get_parameter("blocks.1.up.weight")!.shape, Is.EqualTo(new long[] { 256, 64 }));
        Assert.That(model.get_parameter("positions")!.shape, Is.EqualTo(new long[] { T, 64 }));
    }

    [TestCase("""{"kind":"transformer","name":"d","heads":5}""", "$.d.heads: is 5, which does not divide 'embedding' 64.")]
    [TestCase("""{"kind":"transformer","name":"d","embedding":6,"heads":2,"positions":"rotary"}""",
        "$.d.positions: is \"rotary\", which needs an even width of a head; 'embedding' 6 over 2 'heads' is 3.")]
    public void RefusesWhatDoesNotFit(string json, string message) =>
        Assert.That(Read(json).Validate("$.d").Select(problem => problem.ToString()), Is.EqualTo(new[] { message }));
}
