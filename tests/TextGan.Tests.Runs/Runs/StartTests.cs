using TextGan.Runs;
using static TorchSharp.torch;

namespace TextGan.Tests.Runs;

/// <summary>Runs that begin with the weights of another.</summary>
public class StartTests
{
    static readonly string[] NoTraining = ["name=second", "pretraining=null", "training.iterations=0"];

    static byte[] Weights(StoredRun run) => [.. run.Generator.parameters().SelectMany(parameter => parameter.cpu().bytes.ToArray())];

    static byte[] Weights(string folder, long? step = null)
    {
        using var stored = StoredRun.Load(folder, CPU, step: step);
        return Weights(stored);
    }

    [Test]
    public void ItBeginsWithTheWeightsOfTheNewestOrTheNamedCheckpoint()
    {
        using var run = new SmallRun();
        var first = run.Run(new SilentObserver(), default).Single();
        foreach (var (step, start) in ((long?, string)[])[(null, ""), (2, ",\"step\":2")])
        {
            // One iteration at a learning rate of nothing: the checkpoint has the weights that the run began with.
            var result = run.Run(new SilentObserver(), default, "name=second" + step, "pretraining=null", "training.iterations=1",
                "training.optimizer={\"kind\":\"sgd\",\"learningRate\":1e-30}",
                $"start={{\"run\":\"runs/small/1\"{start}}}").Single();
            Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
            Assert.That(Weights(result.Folder), Is.EqualTo(Weights(first.Folder, step)));
        }
        Assert.That(Weights(first.Folder), Is.Not.EqualTo(Weights(first.Folder, 2)));
    }

    [Test]
    public void PretrainingGoesOnFromIt()
    {
        using var run = new SmallRun();
        var first = run.Run(new SilentObserver(), default, "training.iterations=0", "pretraining.epochs=6").Single();
        double Loss(RunResult result) => SmallRun.Lines(result).First(line => line.Values.ContainsKey("generator/heldOutLoss"))
            .Values["generator/heldOutLoss"];
        var second = run.Run(new SilentObserver(), default, "name=second", "training.iterations=0", "pretraining.epochs=1",
            "start={\"run\":\"runs/small/1\"}").Single();
        Assert.That(Loss(second), Is.LessThan(Loss(first) - 0.1));
    }

    [TestCase("generator.hidden=13", "does not fit this experiment's generator: the weight '")]
    [TestCase("data.text.sentences=20", "has another tokenizer (")]
    public void ADifferentGeneratorOrTokenizerIsRejected(string change, string reason)
    {
        using var run = new SmallRun();
        run.Run(new SilentObserver(), default, "training.iterations=0");
        var result = run.Run(new SilentObserver(), default,
            [.. NoTraining, "discriminators=[]", "start={\"run\":\"runs/small/1\"}", change]).Single();
        Assert.That(result.Refused!.Single().Place, Is.EqualTo("$.start.run"));
        Assert.That(result.Message, Does.Contain(reason));
    }

    [Test]
    public void WhatIsNotThereIsRejectedBeforeAnythingIsTrained()
    {
        using var run = new SmallRun();
        run.Run(new SilentObserver(), default, "training.iterations=0");
        string Message(params string[] changes) =>
            Assert.Throws<InvalidInputException>(() => run.Run(new SilentObserver(), default, changes))!.Message;
        Assert.That(Message("name=second", "start={\"run\":\"runs/small/2\"}"), Does.Contain("is not there"));
        Assert.That(Message("name=second", "start={\"run\":\"runs/small\"}"), Does.Contain("is not a run folder"));
        Assert.That(Message("name=second", "start={\"run\":\"runs/small/1\",\"step\":7}"),
            Does.Contain("has no checkpoint of step 7; there are pretraining-"));
        Assert.That(Message("start={\"run\":\"runs/small/1\"}"), Does.Contain("is this run's own folder"));
    }

    /// <summary>The checkpoint's content is what the run depends on, wherever it lies.</summary>
    [Test]
    public void AnotherCheckpointIsAnotherRun()
    {
        using var run = new SmallRun();
        run.Run(new SilentObserver(), default);
        string[] second = [.. NoTraining, "discriminators=[]"];
        run.Run(new SilentObserver(), default, [.. second, "start={\"run\":\"runs/small/1\"}"]);
        var same = run.Run(new SilentObserver(), default, [.. second, "start={\"run\":\"runs/small/1\",\"step\":4}"]).Single();
        Assert.That(same.IsEarlier, "the newest by another name");
        var other = Assert.Throws<InvalidInputException>(
            () => run.Run(new SilentObserver(), default, [.. second, "start={\"run\":\"runs/small/1\",\"step\":2}"]))!;
        Assert.That(other.Message, Does.Contain("start.run: 'runs/small/1' is not what the run read"));
    }
}
