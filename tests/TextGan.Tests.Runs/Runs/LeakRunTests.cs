using TextGan.Generators;
using TextGan.Runs;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Runs;

/// <summary>Whole runs of a generator that reads a discriminator's features.</summary>
public sealed class LeakRunTests
{
    [Test]
    public void Checkpoints_have_the_features_of_the_discriminator_as_it_is()
    {
        using var run = new SmallRun();
        var result = run.Run([run.Read(
            "generator={\"kind\":\"leak\",\"discriminator\":\"real\",\"embedding\":4,\"hidden\":5,\"goalSize\":3}",
            "regularizers={\"manager\":1,\"intrinsic\":0.5}", "training.weightAverage=0.9", "training.iterations=2")],
            new SilentObserver(), default, draws: false).Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var checkpoints = Checkpoint.In(new RunFolder(result.Folder).Checkpoints);
        var (first, last) = (checkpoints[0].Read(), checkpoints[^1].Read());
        var weights = last.Scope("discriminators/real/weights");
        foreach (var scope in new[] { "generator", "average" })
        {
            var copies = last.Scope(scope).TensorNames().Where(name => name.StartsWith("leaked_", StringComparison.Ordinal)).ToList();
            Assert.That(copies, Is.EquivalentTo(weights.TensorNames().Select(name => "leaked_" + name.Replace('.', '_'))));
            foreach (var name in weights.TensorNames())
                Assert.That(last.Scope(scope).GetTensor("leaked_" + name.Replace('.', '_')).equal(weights.GetTensor(name)).all()
                    .item<bool>(), $"{scope}: {name}");
        }
        Assert.That(checkpoints[0].Phase, Is.EqualTo(Phase.Pretraining.NameOf()));
        const string table = "leaked_embedding_table_weight";
        var moved = last.Scope("generator").GetTensor(table).equal(first.Scope("generator").GetTensor(table)).all().item<bool>();
        Assert.That(moved, Is.False, "the discriminator has learnt since");

        using var stored = StoredRun.Load(result.Folder, CPU);
        using var score = NewDisposeScope();
        var ids = zeros(2, stored.Encoder.Length, dtype: int64);
        Assert.That(TeacherForcing.LogProbabilities(stored.Generator, ids, stored.Encoder.Tokenizer.StartId).isfinite().all()
            .item<bool>());
    }
}
