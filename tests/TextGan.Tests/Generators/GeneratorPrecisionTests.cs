using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Tests.Operations;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

/// <summary>Generators in bfloat16, at sizes that experiments have.</summary>
public sealed class GeneratorPrecisionTests
{
    const int V = 500, T = 20, B = 16, Start = 1;

    static readonly string[] Kinds =
    [
        """{"kind":"lstm"}""",
        """{"kind":"lstm","layers":2,"tieEmbeddings":true}""",
        """{"kind":"relational-memory","headSize":64}""",
        """{"kind":"transformer","hidden":64,"layers":2,"heads":4}""",
        """{"kind":"transformer","hidden":64,"layers":3,"heads":4,"keyValueHeads":2,"tieEmbeddings":false}""",
    ];

    static IEnumerable<TestCaseData> Cases() => from json in Kinds from steps in (int[])[0, 200] select new TestCaseData(json, steps);

    /// <summary>Texts [B,T] of a chain in which a token mostly has one of three followers.</summary>
    static Tensor Ids()
    {
        var ids = new List<Tensor> { randint(1, V, [B], int64) };
        for (var t = 1; t < T; t++)
            ids.Add(where(rand(B).lt(0.9), (ids[^1] * 7 + randint(0, 3, [B], int64) * 31) % (V - 1) + 1, randint(1, V, [B], int64)));
        return stack(ids, 1);
    }

    static Generator Trained(string json, int steps)
    {
        var model = GeneratorCases.Build(json, 3, V, T);
        var optimizer = optim.Adam(model.parameters(), 3e-3);
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            TeacherForcing.Loss(model, Ids(), ones(B, T), Start).backward();
            optimizer.step();
        }
        return model;
    }

    [TestCaseSource(nameof(Cases))]
    public void Gradients_of_the_likelihood_agree(string json, int steps)
    {
        using var scope = NewDisposeScope();
        using var model = Trained(json, steps);
        var ids = Ids();
        GradientAgreement.AssertClose(model, () => TeacherForcing.Loss(model, ids, ones(B, T), Start));
    }

    /// <summary>
    /// Of generators at their start. Later, what is fed back 20 times can make the gradient so sensitive that rounding to TF32 alone turns
    /// it round.
    /// </summary>
    [TestCaseSource(nameof(Kinds))]
    public void Gradients_of_relaxed_texts_agree(string json)
    {
        using var scope = NewDisposeScope();
        using var model = GeneratorCases.Build(json, 3, V, T);
        var weights = randn(T, V);
        GradientAgreement.AssertClose(model, () =>
        {
            using var state = model.Start(B, T);
            var (_, shown) = GumbelSoftmax.Draw(new RelaxedTexts(B, T, 1, false, Start, null), model.Parts,
                read => model.Logits(model.Step(read, state)), CPU);
            return (shown * weights).sum() / B;
        });
    }

    /// <summary>Both take the same roundings; sums in another order move a number to the next one that bfloat16 has.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void Drawn_and_scored_log_probabilities_agree(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Trained(json, 200);
        using var precision = ModelPrecision.Use(Precision.Bfloat16);
        using var gradients = no_grad();
        var drawn = Sampler.Sample(model, new SamplingOptions(), 64, T, Start, null);
        var difference = (TeacherForcing.LogProbabilities(model, drawn.Tokens.Ids, Start) - drawn.LogProbabilities).abs();
        TestContext.Out.WriteLine($"mean {difference.mean().item<float>():F5}, largest {difference.max().item<float>():F5}");
        Assert.That(difference.mean().item<float>(), Is.LessThan(0.005));
        Assert.That(difference.max().item<float>(), Is.LessThan(0.1));
    }

    /// <summary>
    /// So the first ratio of a clipped loss is exactly 1, whether or not gradients were on when the old log-probabilities were taken.
    /// </summary>
    [TestCaseSource(nameof(Kinds))]
    public void Gradients_on_or_off_make_no_difference(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Trained(json, 20);
        using var precision = ModelPrecision.Use(Precision.Bfloat16);
        var ids = Ids();
        var with = TeacherForcing.LogProbabilities(model, ids, Start);
        using var gradients = no_grad();
        Assert.That((bool)(TeacherForcing.LogProbabilities(model, ids, Start) == with).all());
    }

    /// <summary>Copies of weights live for one call: the next one reads the weights as they are then.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void Drawing_follows_the_weights(string json)
    {
        using var scope = NewDisposeScope();
        using var model = GeneratorCases.Build(json, 3, V, T);
        using var other = GeneratorCases.Build(json, 4, V, T);
        using var precision = ModelPrecision.Use(Precision.Bfloat16);
        using var gradients = no_grad();
        Tensor Draw(Generator generator)
        {
            manual_seed(5);
            return Sampler.Sample(generator, new SamplingOptions(), 8, T, Start, null).LogProbabilities;
        }

        var before = Draw(model);
        foreach (var (own, wanted) in model.parameters().Zip(other.parameters())) own.copy_(wanted);
        Assert.That((bool)(Draw(model) == Draw(other)).all());
        Assert.That((bool)(Draw(model) == before).all(), Is.False);
    }
}
