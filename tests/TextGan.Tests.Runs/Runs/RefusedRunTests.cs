using TextGan.Data.Oracle;
using TextGan.Experiments.Reading;
using TextGan.Runs;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>Input that turns out to be bad when other runs are trained, or could be.</summary>
public class RefusedRunTests
{
    static readonly string[] Brief = ["pretraining.epochs=1", "training.iterations=1", "discriminators.real.pretrainingSteps=0"];

    /// <summary>Its preferences have a malformed second line, which only loading shows.</summary>
    static LoadedExperiment BadData(SmallRun run)
    {
        File.WriteAllText(Path.Combine(run.Folder, "bad.jsonl"), """{"chosen":"a","rejected":"b"}""" + "\n{\n");
        return run.Read([.. Brief, "name=bad", "seeds=[1,2]", "data.helpfulness={\"kind\":\"preferences\",\"path\":\"bad.jsonl\"}"]);
    }

    /// <summary>An oracle is an exact source and yet decides no attributes, which only the loaded data show.</summary>
    static LoadedExperiment BadMetric(SmallRun run) =>
        run.Read([.. Brief, "name=unmeasured", "length=4", "tokenizer={\"kind\":\"ids\",\"vocabulary\":9}",
        "data={\"text\":{\"kind\":\"oracle-lstm\",\"vocabulary\":9,\"embedding\":3,\"hidden\":3,\"sentences\":20,\"heldOut\":5}}",
            "discriminators=[]",
        "evaluation.metrics=[{\"kind\":\"attributes\",\"data\":\"text\"}]"]);

    [Test]
    public void Costs_the_runs_that_need_it_and_no_others()
    {
        using var run = new SmallRun();
        var observer = new SilentObserver();
        var results = run.Run([BadData(run), BadMetric(run), run.Read([.. Brief, "name=good"])], observer, default);
        Assert.That(results.Select(result => (result.Name, result.Seed, result.Outcome, result.Refused is null)),
            Is.EqualTo(new[] { ("bad", 1, "failed", false), ("bad", 2, "failed", false), ("unmeasured", 1, "failed", false),
                ("good", 1, "finished", true) }));
        Assert.That(results[0].Message, Does.Match(@"^\S+bad\.jsonl:2: "));
        Assert.That(results[0].Refused!.Single().ToString(), Is.EqualTo(results[0].Message));
        Assert.That(File.ReadAllText(new RunFolder(results[2].Folder).Outcome), Does.Contain("\"failed\""));
        Assert.That(File.ReadAllText(new RunFolder(results[2].Folder).Metrics), Is.Empty, "nothing was trained on it");
        Assert.That(observer.Messages, Has.Some.EqualTo(results[0].Message), "it is told when it is found");
    }

    [Test]
    public void Is_told_once_whatever_the_number_of_seeds()
    {
        using var run = new SmallRun();
        var observer = new SilentObserver();
        var results = run.Run([BadData(run), BadMetric(run)], observer, default);
        Assert.That(results, Has.Count.EqualTo(3).And.All.Property("Refused").Not.Null);
        Assert.That(results[1].Message, Is.EqualTo(results[0].Message));
        Assert.That(observer.Messages.Count(message => message.Contains("bad.jsonl:2", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(observer.Messages, Has.Some.EqualTo("for the same reason as bad, seed 1"));
    }

    [Test]
    public void A_device_that_is_not_there_is_refused_before_anything_is_trained()
    {
        using var run = new SmallRun();
        if (TorchSharp.torch.cuda.is_available()) Assert.Ignore("there is a CUDA device");
        var refused = Assert.Throws<InvalidInputException>(
            () => run.Run([run.Read("name=a"), run.Read("name=b", "discriminators.helpful.device=cuda:1"),
            run.Read("name=c", "device=cuda")],
            new SilentObserver { OnStep = (_, _) => Assert.Fail("nothing is trained") }, default))!;
        Assert.That(refused.Problems.Select(problem => problem.Place), Is.EqualTo(new[] { "$.discriminators[1].device", "$.device" }));
    }

    [Test]
    public void An_oracle_goes_with_the_materials()
    {
        using var run = new SmallRun();
        var experiment = run.Read("name=oracle", "length=4", "tokenizer={\"kind\":\"ids\",\"vocabulary\":9}",
            "data={\"text\":{\"kind\":\"oracle-lstm\",\"vocabulary\":9,\"embedding\":3,\"hidden\":3,\"sentences\":5,\"heldOut\":2}}",
                "discriminators=[]", "evaluation.metrics=[]");
        var materials = Materials.Load(experiment.Options, experiment.BaseFolder, _ => { });
        var oracle = (OracleLstm)materials.DataSets["text"].Source!;
        Assert.That(oracle.SampleTexts(1, 1, "x"), Has.Count.EqualTo(1));
        materials.Dispose();
        Assert.That(() => oracle.SampleTexts(1, 1, "x"), Throws.Exception);
    }
}
