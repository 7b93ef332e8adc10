using System.Text.Json;
using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Generators;
using TextGan.Schedules;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Updates;

/// <summary>Relaxed tokens with constant prefixes, and schedules of the inverse temperature, as RelGAN has them.</summary>
public sealed class PathwiseUpdateTests
{
    const int V = 7, T = 5, Start = 0, Batch = 6;

    static RolloutRequest Request(Generator generator, int? end, long step = 0, long steps = 1, IReadOnlyList<Judge>? judges = null) =>
        new(generator, judges ?? [], Batch, T, Start, end, step, steps, NeedsLogits: false);

    static PathwiseUpdate Update(PrefixGradient prefix, double temperature = 0.7) =>
        new(Relaxation.Relaxed, new ConstantScheduleOptions { Value = temperature }, prefix: prefix);

    /// <summary>
    /// What is shown is softmax((z + g)/τ) of the logits after the drawn prefix: the noise follows from it, and with the noise held the
    /// gradient is that of one pass over the drawn texts.
    /// </summary>
    [Test]
    public void Relaxed_tokens_with_constant_prefixes_are_those_of_the_drawn_text(
        [Values("""{"kind":"relational-memory","embedding":4,"headSize":3}""", """{"kind":"lstm","embedding":4,"hidden":6}""")] string kind,
        [Values] bool ends, [Values(1, 2)] int parts)
    {
        const double τ = 0.7;
        int? end = ends ? 1 : null;
        using var scope = NewDisposeScope();
        using var generator = Generators.GeneratorCases.Build(kind, 3);
        using var update = Update(PrefixGradient.Constant, τ);
        manual_seed(4);
        var texts = update.Collect(Request(generator, end) with { Parts = parts }).Texts;
        var shown = texts.Relaxed!; // [B,T,V]
        var slope = randn(Batch, T, V);
        double[] Gradient(Tensor of)
        {
            generator.zero_grad();
            BackwardPass.Run((of * slope).sum());
            return [.. generator.parameters().SelectMany(parameter => Generators.GeneratorCases.Doubles(parameter.grad!))];
        }
        var found = Gradient(shown);
        var alive = texts.Mask.unsqueeze(-1); // [B,T,1]
        var logits = generator.call(TeacherForcing.Inputs(texts.Ids, Start));
        // g up to a constant, which a softmax does not see. What is shown after the end is one-hot, and its logarithm is -∞.
        var noise = (shown.detach().log() * τ - logits.detach()).masked_fill(alive.eq(0), 0);
        var expected = where(alive.gt(0), ((logits + noise) / τ).softmax(-1), shown.detach());
        Assert.That((expected - shown).abs().max().item<float>(), Is.LessThan(1e-5));
        Assert.That(found, Is.EqualTo(Gradient(expected)).Within(2e-4));
        Assert.That((bool)shown.argmax(-1).eq(texts.Ids).all(), "the drawn token is the largest");
        if (ends) Assert.That((bool)shown[.., .., 1].masked_select(texts.Mask.eq(0)).eq(1).all(), "after the end the end token is shown");

        // With prefixes that carry the gradient it is another one.
        using var through = Update(PrefixGradient.Through, τ);
        manual_seed(4);
        Assert.That(Gradient(through.Collect(Request(generator, end)).Texts.Relaxed!), Is.Not.EqualTo(found).Within(1e-3));
    }

    /// <summary>Discriminators learn from texts of the same distribution, without a gradient.</summary>
    [Test]
    public void Discriminators_are_shown_relaxed_tokens()
    {
        using var scope = NewDisposeScope();
        using var generator = Generators.GeneratorCases.Build("""{"kind":"relational-memory","embedding":4,"headSize":3}""", 3);
        using var update = Update(PrefixGradient.Constant);
        manual_seed(4);
        var taught = update.Generate(Request(generator, null));
        manual_seed(4);
        var judged = update.Collect(Request(generator, null)).Texts;
        Assert.That(taught.Relaxed!.requires_grad, Is.False);
        Assert.That((taught.Relaxed - judged.Relaxed!.detach()).abs().max().item<float>(), Is.LessThan(1e-5));
        Assert.That((bool)taught.Ids.eq(judged.Ids).all());
    }

    /// <summary>
    /// RelGAN's schedules of β for β_max = 101 at step 4 of 11, by hand: 101^.4; 1 + 100·.4; 1 + 100 ln 5 / ln 11; 1 + 100 σ(-2);
    /// 1 + 100·.16; 1 + 100 √.4.
    /// </summary>
    [TestCase("""{"kind":"exponential","to":101}""", 6.334736424906476)]
    [TestCase("""{"kind":"linear","to":101}""", 41)]
    [TestCase("""{"kind":"logarithmic","to":101}""", 68.11877414712396)]
    [TestCase("""{"kind":"sigmoid","to":101}""", 12.920292202211755)]
    [TestCase("""{"kind":"power","to":101}""", 17)]
    [TestCase("""{"kind":"power","exponent":0.5,"to":101}""", 64.24555320336759)]
    public void A_schedule_may_be_of_the_inverse_temperature(string schedule, double β)
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(4, 1);
        var options = JsonSerializer.Deserialize<EstimatorOptions>(
            $$"""{"kind":"gumbel-softmax","inverseTemperature":{{schedule}}}""", CaseJson.Options)!;
        Assert.That(options.Validate("$"), Is.Empty);
        using var update = options.Build(new EstimatorContext([], generator.HiddenSize, CPU));
        var estimate = update.Estimate(Request(generator, null, 4, 11));
        Assert.That(estimate.Settings["temperature"], Is.EqualTo(1 / β).Within(1e-8));
    }
}
