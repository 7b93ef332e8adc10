using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>Every kind of combiner from JSON, in whole runs.</summary>
public sealed class CombinerRunTests
{
    static readonly (string Kind, string Options, bool ReadsLosses)[] Kinds =
    [
        ("fixed", "", false), ("scheduled", ",\"weights\":{\"real\":0.3}", false), ("gman", ",\"lambda\":2", true),
        ("hypervolume", ",\"slack\":1.5", true), ("uncertainty", ",\"learningRate\":0.1", true),
        ("lagrangian", ",\"limits\":{\"helpful\":0.5},\"learningRate\":0.2,\"initialMultiplier\":0.5,\"largestMultiplier\":5", true),
        ("mgda", "", false), ("pcgrad", "", false), ("cagrad", ",\"c\":0.4", false),
        ("gradnorm", ",\"alpha\":1,\"learningRate\":0.1", true), ("gradnorm", ",\"alpha\":0", false),
    ];

    [Test]
    public void Every_kind_trains([Values("reinforce", "gumbel-softmax")] string estimator, [Range(0, 10)] int kind)
    {
        var (combiner, options, readsLosses) = Kinds[kind];
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default, $"combiner={{\"kind\":\"{combiner}\"{options}}}",
            $"estimator={{\"kind\":\"{estimator}\"}}", "pretraining=null", "regularizers={\"entropy\":0.01}", "normalization={}",
            "training.iterations=2", "evaluation.metrics=[]").Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var lines = SmallRun.Lines(result).Where(line => line.Values.ContainsKey("total")).ToArray();
        Assert.That(lines, Has.Length.EqualTo(2));
        foreach (var values in lines.Select(line => line.Values))
        {
            Assert.That(values["term/entropy/weight"], Is.EqualTo(0.01));
            Assert.That(values["term/real/weight"] + values["term/helpful/weight"], Is.Positive.And.LessThan(10));
            Assert.That(values.ContainsKey("term/real/loss"), Is.EqualTo(readsLosses));
            // Non-saturating, of discriminators that know little: near 0.69, where a normalised value would be near 0.
            if (readsLosses)
                foreach (var name in (string[])["real", "helpful"]) Assert.That(values[$"term/{name}/loss"], Is.InRange(0.3, 1.5));
        }
    }

    /// <summary>Where no discriminator's loss is normalised, what is logged as its loss is the mean that is lowered.</summary>
    [Test]
    public void The_loss_is_the_term_of_relaxed_texts()
    {
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default, "combiner={\"kind\":\"gman\"}", "estimator={\"kind\":\"gumbel-softmax\"}",
            "pretraining=null", "training.iterations=1", "evaluation.metrics=[]").Single();
        var values = SmallRun.Lines(result).Single(line => line.Values.ContainsKey("total")).Values;
        var (real, helpful) = (values["term/real/raw"], values["term/helpful/raw"]);
        Assert.That(values["term/real/loss"], Is.EqualTo(real));
        var share = Math.Exp(real) / (Math.Exp(real) + Math.Exp(helpful));
        Assert.That(values["term/real/weight"], Is.EqualTo(share).Within(1e-6));
        Assert.That(values["term/helpful/weight"], Is.EqualTo(0.5 * (1 - share)).Within(1e-6));
    }

    const string Negative = "the generator's part of this loss can be negative, but the combiner needs losses that cannot; take " +
        "\"non-saturating\", \"least-squares\" or \"relativistic\", or another combiner.";

    [TestCase("hypervolume", "hinge")]
    [TestCase("hypervolume", "wasserstein")]
    [TestCase("uncertainty", "bradley-terry")]
    [TestCase("gradnorm", "hinge")]
    public void Losses_that_can_be_negative_are_rejected_where_they_must_not_be(string kind, string loss)
    {
        using var run = new SmallRun();
        string[] edits = [$"combiner={{\"kind\":\"{kind}\"}}", $"discriminators.helpful.loss={{\"kind\":\"{loss}\"}}"];
        Assert.That(() => run.Read(edits), Throws.TypeOf<InvalidInputException>()
            .With.Message.Contain($"$.discriminators.helpful.loss: {Negative}"));
        Assert.That(() => run.Read([.. edits, "discriminators.helpful.weight=0"]), Throws.Nothing, "it is left out");
    }

    [TestCase("hypervolume", "least-squares")]
    [TestCase("hypervolume", "relativistic")]
    [TestCase("gman", "hinge")]
    [TestCase("mgda", "wasserstein")]
    public void Others_are_not(string kind, string loss)
    {
        using var run = new SmallRun();
        Assert.That(() => run.Read($"combiner={{\"kind\":\"{kind}\"}}", $"discriminators.helpful.loss={{\"kind\":\"{loss}\"}}"),
            Throws.Nothing);
    }

    [TestCase("{}", "the key 'limits' is missing")]
    [TestCase("{\"limits\":{}}", "$.combiner.limits: names no discriminator; give the largest loss that is allowed for at least one")]
    [TestCase("{\"limits\":{\"helpfull\":1}}", "$.combiner.limits.helpfull: there is no discriminator \"helpfull\"; the experiment's " +
        "discriminators are 'real' and 'helpful'. Did you mean 'helpful'?")]
    [TestCase("{\"limits\":{\"real\":1},\"initialMultiplier\":20}",
        "$.combiner.initialMultiplier: is 20, which is above 'largestMultiplier' 10.")]
    [TestCase("{\"limits\":{\"real\":1}}", "$.combiner.limits.real: the discriminator 'real' has the weight 0, so that nothing would " +
        "hold it to its limit; give it another weight.", "discriminators.real.weight=0")]
    public void A_lagrangian_needs_limits_of_discriminators(string options, string says, string edit = "training.iterations=4")
    {
        using var run = new SmallRun();
        var combiner = "combiner={\"kind\":\"lagrangian\"" + (options == "{}" ? "}" : "," + options[1..]);
        Assert.That(() => run.Read(combiner, edit),
            Throws.TypeOf<InvalidInputException>().With.Message.Contain(says));
    }

    /// <summary>The loss of a judge without data is only read where the combiner, or the reward, asks for it.</summary>
    [Test]
    public void A_loss_that_compares_with_real_texts_needs_some()
    {
        using var run = new SmallRun();
        const string judges = "discriminators=[{\"name\":\"c\",\"kind\":\"constant\",\"loss\":{\"kind\":\"relativistic\"}}]";
        Assert.That(() => run.Read(judges), Throws.Nothing);
        Assert.That(() => run.Read(judges, "combiner={\"kind\":\"gman\"}"), Throws.TypeOf<InvalidInputException>()
            .With.Message.Contain("$.discriminators[0]: the key 'data' is missing; the generator's part of this loss compares"));
    }
}
