using TextGan.Experiments.Reading;
using TextGan.Runs;
using TextGan.Storage;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>Whole runs with losses that compare features.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FeatureLossRunTests : IDisposable
{
    readonly SmallRun run = new();

    public void Dispose() => run.Dispose();

    static double[] Of(MetricLine[] lines, string name) =>
        [.. lines.Where(line => line.Values.ContainsKey(name)).Select(line => line.Values[name])];

    /// <summary>A discriminator that ranks takes part in runs, with rewards or relaxed tokens, and stops leave no trace.</summary>
    [Test]
    public void Losses_of_features_take_part(
        [Values("ranking", "feature-matching")] string loss, [Values("reinforce", "rollouts", "gumbel-softmax")] string estimator)
    {
        var experiment = run.Read("discriminators[1]={\"kind\":\"bag\",\"name\":\"other\",\"data\":\"text\",\"members\":2}",
            $"discriminators.real.loss={{\"kind\":\"{loss}\"{(loss == "ranking" ? ",\"references\":3,\"comparisons\":4" : "")}}}",
            "discriminators.other.loss={\"kind\":\"feature-matching\",\"discriminatorWeight\":0.1}", estimator switch
            {
                "reinforce" => "estimator={\"kind\":\"reinforce\",\"reward\":\"negative-loss\"}",
                "rollouts" => "estimator={\"kind\":\"reinforce\",\"reward\":\"negative-loss\",\"credit\":{\"kind\":\"rollouts\"," +
                    "\"count\":2,\"lag\":0.8}}",
                _ => "estimator={\"kind\":\"gumbel-softmax\"}",
            });
        using var straight = new InterruptedRun(experiment, Path.Combine(run.Folder, "straight"));
        Assert.That(straight.Go() is var result ? result.Outcome : "", Is.EqualTo("finished"), result.Message);
        var lines = File.ReadAllLines(straight.Folder.Metrics).Select(MetricLine.Parse).ToArray();
        Assert.That(Of(lines, "term/real/raw"), Has.Length.EqualTo(4).And.None.NaN);
        Assert.That(Of(lines, "discriminator/real/accuracyReal"), Is.Not.Empty.And.All.InRange(0, 1));
        Assert.That(Of(lines, "discriminator/real/heldOutScoreReal"), loss == "ranking" ? Is.Empty : Is.Not.Empty,
            "logits that do not learn have nothing to say");
        using var stopped = new InterruptedRun(experiment, Path.Combine(run.Folder, "stopped"));
        stopped.Go((phase, step) => phase == Phase.Adversarial && step == 3);
        Assert.That(stopped.Go().Outcome, Is.EqualTo("finished"));
        RunTrace.AssertSame(stopped.Folder.Root, straight.Folder.Root);
    }

    [TestCase("discriminators.real.loss={\"kind\":\"ranking\",\"references\":3}",
        "$.discriminators.real.loss: with this loss the discriminator's logits learn nothing, but the estimator makes its rewards of " +
        "them; take the reward \"negative-loss\", or Gumbel-softmax with the objective \"loss\".")]
    [TestCase("discriminators.real.loss={\"kind\":\"ranking\"}",
        "$.discriminators.real.loss.references: is 16, but an update has 8 real texts, which references and ranked texts share; take " +
        "fewer references, or a larger 'batch'.")]
    [TestCase("discriminators[1]={\"kind\":\"transformer\",\"name\":\"t\",\"data\":\"text\",\"loss\":{\"kind\":\"feature-matching\"}}",
        "$.discriminators[1].loss: compares features of whole texts, and this discriminator shows none; take a \"cnn\", a \"bag\" or an " +
        "\"lstm\" with a logit per sequence, or another loss.")]
    [TestCase("discriminators.real.loss={\"kind\":\"feature-matching\",\"widths\":[1,0]}",
        "$.discriminators.real.loss.widths[1]: is 0; a width is above 0.")]
    public void Mistakes_of_losses_are_told(string change, string message) =>
        Assert.That(() => run.Read(change), Throws.TypeOf<InvalidInputException>().With.Message.Contain(message));
}
