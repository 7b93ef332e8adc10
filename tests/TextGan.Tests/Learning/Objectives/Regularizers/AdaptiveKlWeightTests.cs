using TextGan.Learning.Objectives.Regularizers;
using TextGan.Storage;

namespace TextGan.Tests.Learning.Objectives.Regularizers;

/// <summary>β ← β (1 + clip(KL/target - 1, ±0.2) · B/horizon) with target 6, B = 100, horizon 1000: by hand.</summary>
public sealed class AdaptiveKlWeightTests
{
    [Test]
    public void A_sequence_by_hand_resumes()
    {
        var weights = new Dictionary<string, double> { ["kl"] = 0.2, ["judge"] = 1 };
        var adaptive = new AdaptiveKlWeight(weights, 6, 1000);
        var expected = 0.2;
        // 12/6 - 1 = 1 is clipped to 0.2; 3/6 - 1 to -0.2; 6.6/6 - 1 = 0.1; 6 is the target; an estimate below 0 is -0.2.
        foreach (var (kl, factor) in new[] { (12, 1.02), (3, 0.98), (6.6, 1.01), (6, 1), (-2, 0.98), (double.NaN, 1) })
        {
            adaptive.Update(kl, 100);
            expected *= factor;
            Assert.That(weights["kl"], Is.EqualTo(expected).Within(1e-12), $"after {kl}");
        }
        Assert.That(weights["judge"], Is.EqualTo(1));
        var bag = new StateBag();
        adaptive.Save(bag);
        var resumed = new Dictionary<string, double> { ["kl"] = 0.2 };
        new AdaptiveKlWeight(resumed, 6, 1000).Load(bag);
        Assert.That(resumed["kl"], Is.EqualTo(weights["kl"]));
    }
}
