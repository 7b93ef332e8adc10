using TextGan.Schedules;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Updates;

public sealed class PathwiseUpdateTests
{
    /// <summary>Beside a teacher alone nobody reads relaxed tokens: a graph over [B,T,V] would be made for nothing.</summary>
    [Test]
    public void Without_a_discriminator_texts_are_ids_alone([Values] Relaxation relaxation, [Values(1, 2)] int parts)
    {
        using var scope = NewDisposeScope();
        using var generator = new BigramGenerator(4, 1);
        using var update = new PathwiseUpdate(relaxation, new ConstantScheduleOptions { Value = 1 });
        var texts = update.Collect(new RolloutRequest(generator, [], 6, 5, 0, 0, 0, 1, NeedsLogits: false) { Parts = parts }).Texts;
        Assert.That((texts.Batch, texts.Length, texts.Relaxed is null), Is.EqualTo((6L, 5L, true)));
    }
}
