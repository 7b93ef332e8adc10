using System.Text.Json.Nodes;
using TextGan.Problems;

namespace TextGan.Tests.Runs;

/// <summary>Whole runs in each precision, on the CPU.</summary>
public sealed class PrecisionRunTests
{
    const string Transformer = "generator={\"kind\":\"transformer\",\"hidden\":32,\"layers\":2,\"heads\":4}";

    [TestCase("auto", "float32")]
    [TestCase("float32", "float32")]
    [TestCase("tf32", "float32")]
    [TestCase("bfloat16", "bfloat16")]
    public void The_log_and_the_environment_tell_the_precision(string asked, string found)
    {
        using var run = new SmallRun();
        var observer = new SilentObserver();
        var result = run.Run(observer, default, $"precision={asked}", "device=cpu", "pretraining=null", "training.iterations=1").Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        Assert.That(observer.Messages, Has.Some.Match($"generator: .* parameters on cpu, products in {found}$"));
        Assert.That(observer.Messages.Contains("precision tf32 is for CUDA devices; on the CPU it is float32"),
            Is.EqualTo(asked == "tf32"));
        var environment = JsonNode.Parse(File.ReadAllText(new RunFolder(result.Folder).Environment))!;
        Assert.That((string?)environment["precision"], Is.EqualTo(found));
        Assert.That(ModelPrecision.IsBfloat16, Is.False, "after the run");
    }

    [TestCase("", 0.01)]
    [TestCase(Transformer, 0.003)]
    public void The_likelihood_after_training_is_near_that_in_float32(string generator, double learningRate)
    {
        using var run = new SmallRun();
        double[] likelihoods = [.. new[] { "float32", "tf32", "bfloat16" }.Select(precision => run.Run(new SilentObserver(), default,
            [$"precision={precision}", $"name={precision}", "device=cpu", "pretraining.epochs=12", "discriminators=[]",
                $"pretraining.optimizer.learningRate={learningRate}",
                .. generator.Length == 0 ? (string[])[] : [generator]]).Single().FinalMetrics["nll-text"])];
        TestContext.Out.WriteLine(string.Join(' ', likelihoods));
        Assert.That(likelihoods[1], Is.EqualTo(likelihoods[0]), "on the CPU");
        Assert.That(likelihoods[2], Is.EqualTo(likelihoods[0]).Within(0.01).And.Not.EqualTo(likelihoods[0]));
    }

    [Test]
    public void Another_word_is_rejected_with_those_that_are_allowed()
    {
        using var run = new SmallRun();
        Assert.That(() => run.Read("precision=float16"), Throws.TypeOf<InvalidInputException>().With.Message
            .Contains("float16").And.Message.Contains("auto").And.Message.Contains("float32").And.Message.Contains("tf32")
            .And.Message.Contains("bfloat16"));
    }
}
