using TextGan.Discriminators;
using TextGan.Tests.Metrics;
using TextGan.Tokenization;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

/// <summary>Discriminators whose logit is f(x) - log q(x).</summary>
public sealed class StructuredDiscriminatorTests
{
    static BigramGenerator Generator()
    {
        manual_seed(3);
        var logits = new float[V, V];
        var values = randn(V * V).data<float>().ToArray();
        for (var i = 0; i < V * V; i++) logits[i / V, i % V] = values[i];
        return new BigramGenerator(logits);
    }

    static Discriminator Build(string json, BigramGenerator generator)
    {
        manual_seed(7);
        return Read(json).BuildModel(Context() with { StartId = 0, Generator = () => generator });
    }

    static string With(string json, string more) => json.Replace("\"name\":\"d\"", "\"name\":\"d\"" + more);

    /// <summary>log q of each text, by a loop over its tokens up to the end.</summary>
    static double[] LogLikelihoods(BigramGenerator generator, TextBatch texts)
    {
        var table = generator.parameters().Single().log_softmax(1).data<float>().ToArray();
        var ids = texts.Ids.data<long>().ToArray();
        return [.. ids.Chunk((int)texts.Length).Select(row =>
        {
            var (sum, last) = (0.0, 0L);
            foreach (var id in row)
            {
                sum += table[(int)(last * V + id)];
                if ((last = id) == EndId) break;
            }
            return sum;
        })];
    }

    [Test]
    public void The_logit_is_that_of_the_kind_minus_log_q([ValueSource(typeof(DiscriminatorCases), nameof(Masked))] string json,
        [Values(1, 2)] int members)
    {
        using var scope = NewDisposeScope();
        using var generator = Generator();
        var texts = Hard();
        double[] Of(string more)
        {
            using var judge = Build(With(json, more), generator);
            judge.eval();
            var output = judge.Judge(texts);
            if (more.Contains("structured")) Assert.That(output.Logits.shape, Is.EqualTo([texts.Batch, 1L]));
            return [.. output.SequenceLogits().data<float>().ToArray().Select(value => (double)value)];
        }
        var (plain, structured) = (Of($",\"members\":{members}"), Of($",\"members\":{members},\"structured\":true"));
        var expected = plain.Zip(LogLikelihoods(generator, texts), (f, log) => f - log);
        Assert.That(structured, Is.EqualTo(expected).Within(1e-4));
    }

    [Test]
    public void Its_gradient_reaches_its_own_weights_alone()
    {
        using var scope = NewDisposeScope();
        using var generator = Generator();
        using var judge = Build(With(Masked[0], ",\"structured\":true"), generator);
        judge.Judge(Hard()).Logits.sum().backward();
        Assert.That(judge.parameters().Select(parameter => parameter.grad is not null), Is.All.True);
        Assert.That(generator.parameters().Single().grad, Is.Null);
        Assert.That(generator.parameters().Single().requires_grad, Is.True, "it still learns");
        Assert.That(judge.named_parameters().Select(pair => pair.name),
            Is.EqualTo(Build(Masked[0], generator).named_parameters().Select(pair => pair.name)), "a checkpoint fits with and without");
    }

    /// <summary>It reads the generator as it is at the moment.</summary>
    [Test]
    public void A_generator_that_has_learnt_changes_it()
    {
        using var scope = NewDisposeScope();
        using var generator = Generator();
        using var judge = Build(With(Masked[5], ",\"structured\":true"), generator);
        judge.eval();
        var texts = Hard();
        double[] Gap() => [.. judge.Judge(texts).SequenceLogits().data<float>().ToArray()
            .Zip(LogLikelihoods(generator, texts), (logit, log) => logit + log)];
        var before = Gap();
        using (no_grad()) generator.parameters().Single().mul_(tensor(-0.5f));
        Assert.That(Gap(), Is.EqualTo(before).Within(1e-4));
    }
}
