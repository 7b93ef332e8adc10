using TextGan.Generators;
using TorchSharp;
using static TorchSharp.torch;


namespace TextGan.Tests.Generators;

/// <summary>The loss that works in chunks against cross-entropy over all logits at once.</summary>
public class LikelihoodLossTests
{
    static Generator Build(string kind, int vocabulary)
    {
        manual_seed(2);
        return kind switch
        {
            "lstm" => new LstmGenerator(vocabulary, 32, 32),
            "tied" => new LstmGenerator(vocabulary, 32, 32, tieEmbeddings: true),
            "projected" => new LstmGenerator(vocabulary, 64, 32, tieEmbeddings: true),
            _ => new TransformerGeneratorOptions { Hidden = 16, Layers = 1, Heads = 2 }.Build(new GeneratorContext(vocabulary, 9, CPU)),
        };
    }

    static Tensor PlainLoss(Generator generator, Tensor ids, Tensor mask, int startId)
    {
        var log = generator.call(TeacherForcing.Inputs(ids, startId)).log_softmax(-1); // [B,T,V]
        var losses = -log.gather(2, ids.unsqueeze(2)).squeeze(2); // [B,T]
        return (losses * mask).sum() / mask.sum().clamp_min(1);
    }

    /// <summary>With V = 40,003 a chunk has 16 rows of the 63, and the last is not full.</summary>
    [Test]
    public void Equals_the_plain_way_in_value_and_gradient(
        [Values("lstm", "tied", "projected", "transformer")] string kind, [Values(11, 40_003)] int vocabulary, [Values] bool masked)
    {
        using var scope = NewDisposeScope();
        using var generator = Build(kind, vocabulary);
        var ids = randint(0, vocabulary, [7, 9], int64);
        var mask = masked ? arange(9).lt(tensor(new long[] { 1, 2, 9, 5, 3, 9, 7 }).unsqueeze(1)).to_type(float32) : ones(7, 9);

        var plain = PlainLoss(generator, ids, mask, 3);
        (plain * 2).backward();
        var expected = generator.parameters().Select(parameter => parameter.grad!.clone()).ToArray();
        foreach (var parameter in generator.parameters()) parameter.grad = null;
        var fast = TeacherForcing.Loss(generator, ids, mask, 3);
        (fast * 2).backward();

        Assert.That(fast.item<float>(), Is.EqualTo(plain.item<float>()).Within(2e-6 * plain.item<float>()));
        foreach (var ((name, parameter), gradient) in generator.named_parameters().Zip(expected))
            Assert.That((parameter.grad! - gradient).abs().max().item<float>(),
                Is.LessThan(1e-7 + 2e-5 * gradient.abs().max().item<float>()), name);
    }

    [Test]
    public void Log_probabilities_without_a_gradient_equal_those_with_one([Values("lstm", "tied", "transformer")] string kind)
    {
        using var scope = NewDisposeScope();
        using var generator = Build(kind, 501);
        var ids = randint(0, 501, [7, 9], int64);
        var plain = TeacherForcing.LogProbabilities(generator, ids, 0);
        using var _ = no_grad();
        Assert.That((TeacherForcing.LogProbabilities(generator, ids, 0) - plain).abs().max().item<float>(), Is.LessThan(2e-6));
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    public void What_is_no_number_stays_none(float bad)
    {
        using var scope = NewDisposeScope();
        using var generator = Build("lstm", 50);
        using (no_grad()) generator.get_parameter("head.bias")![37] = bad;
        var loss = TeacherForcing.Loss(generator, zeros(2, 9, int64), ones(2, 9), 0);
        loss.backward();
        Assert.That(loss.item<float>(), Is.NaN);
        Assert.That(generator.get_parameter("head.weight")!.grad!.isnan().any().item<bool>(), Is.True);
    }

    [Test]
    public void The_same_step_gives_the_same_bits()
    {
        using var scope = NewDisposeScope();
        using var generator = Build("lstm", 5000);
        var ids = randint(0, 5000, [64, 9], int64);
        Tensor[] Gradients()
        {
            foreach (var parameter in generator.parameters()) parameter.grad = null;
            TeacherForcing.Loss(generator, ids, ones(64, 9), 0).backward();
            return [.. generator.parameters().Select(parameter => parameter.grad!.clone())];
        }
        var first = Gradients();
        foreach (var (a, b) in first.Zip(Gradients())) Assert.That(a.equal(b).all().item<bool>(), Is.True);
    }
}
