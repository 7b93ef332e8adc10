using TextGan.Discriminators;
using TextGan.Experiments.Reading;
using TextGan.Experiments;
using TextGan.Optimizers;
using TextGan.Schedules;

namespace TextGan.Tests.Experiments;

public sealed class EditTests : IDisposable
{
    readonly ExperimentFolder folder = new();

    public void Dispose() => folder.Dispose();

    ExperimentOptions Edited(params string[] edits) => folder.One(ExperimentFolder.Valid, new ReadingSettings { Edits = edits }).Options;

    string Problem(string edit) => folder.Problems(ExperimentFolder.Valid, new ReadingSettings { Edits = [edit] }).Single();

    [Test]
    public void Values_are_set_by_path_by_index_and_by_name() => Assert.Multiple(() =>
    {
        Assert.That(Edited("training.iterations=100").Training.Iterations, Is.EqualTo(100));
        Assert.That(Edited("$.training.iterations = 100").Training.Iterations, Is.EqualTo(100));
        Assert.That(Edited("discriminators[0].weight=0.25").Discriminators[0].Weight, Is.EqualTo(0.25));
        Assert.That(Edited("discriminators.better.weight=2").Discriminators[1].Weight, Is.EqualTo(2));
        Assert.That(Edited("data.texts.path=pairs.jsonl").Data["texts"], Has.Property("Path").EqualTo("pairs.jsonl"));
        Assert.That(Edited("seeds=[5, 6]").Seeds, Is.EqualTo([5, 6]));
        Assert.That(Edited("name=007").Name, Is.EqualTo("007"), "text that looks like a number stays text where text belongs");
        Assert.That(Edited("description=a = b").Description, Is.EqualTo("a = b"));
        Assert.That(Edited("normalization=null").Normalization, Is.Null);
        Assert.That(Edited("length=8", "length=9").Length, Is.EqualTo(9), "the last one counts");
        Assert.That(Edited("""data.extra={"kind":"text","path":"texts.txt"}""").Data, Contains.Key("extra"));
        Assert.That(Edited("estimator.temperature=0.5").Estimator,
            Is.EqualTo(new PathwiseOptions {
            Relaxation = Relaxation.Relaxed, Temperature = new ConstantScheduleOptions { Value = 0.5 } }));
    });

    [Test]
    public void An_edit_changes_one_thing_only()
    {
        Assert.That(Edited("training.optimizer.beta1=0.5").Training.Optimizer,
            Is.EqualTo(new AdamOptions { LearningRate = 1e-4, Beta1 = 0.5 }),
            "the file leaves the optimizer to its default, whose learning rate stays");
        var lstm = Edited("discriminators.real.kind=lstm").Discriminators[0];
        Assert.That(lstm, Is.TypeOf<LstmDiscriminatorOptions>().With.Property("Name").EqualTo("real").And.Property("Data").EqualTo("texts"),
            "another kind keeps what all discriminators have");
    }

    [TestCase("training.itertions=5",
        "--set training.itertions: $.training.itertions: the place is not in the experiment \"valid\": 'training' has no 'itertions'; it " +
        "has 'iterations', 'batch', 'accumulate', 'generatorSteps', 'optimizer', 'clipGradient', 'weightAverage', 'logEvery', " +
        "'checkpointEvery', 'keepCheckpoints', 'keepBest' and 'conflict'. Did you mean 'iterations'?")]
    [TestCase("discriminators[2].weight=1",
        "--set discriminators[2].weight: $.discriminators[2].weight: the place is not in the experiment \"valid\": 'discriminators' has " +
        "2 items, so there is no [2]; counting begins at 0.")]
    [TestCase("discriminators.beter.weight=1",
        "--set discriminators.beter.weight: $.discriminators.beter.weight: the place is not in the experiment \"valid\": " +
        "'discriminators' has no item named 'beter'; it has 'real' and 'better'. Did you mean 'better'?")]
    [TestCase("discriminators.0.weight=1",
        "--set discriminators.0.weight: $.discriminators.0.weight: the place is not in the experiment \"valid\": 'discriminators' has no " +
        "item named '0'; it has 'real' and 'better'. Items are counted from 0, discriminators[0], or called by their name where they " +
        "have one.")]
    [TestCase("discriminators.weight=1",
        "--set discriminators.weight: $.discriminators.weight: the place is not in the experiment \"valid\": 'discriminators' has no " +
        "item named 'weight'; it has 'real' and 'better'. Items are counted from 0, discriminators[0], or called by their name where " +
        "they have one.")]
    [TestCase("evaluation.metrics.nll.data=pairs",
        "--set evaluation.metrics.nll.data: $.evaluation.metrics.nll.data: the place is not in the experiment \"valid\": " +
        "'evaluation.metrics' has no item named 'nll'; it has 2 items. Items are counted from 0, evaluation.metrics[0], or called by " +
        "their name where they have one.")]
    [TestCase("plugins[0]=x",
        "--set plugins[0]: $.plugins[0]: the place is not in the experiment \"valid\": 'plugins' has 0 items, so there is no [0]; " +
        "counting begins at 0.")]
    [TestCase("data.other.path=x",
        "--set data.other.path: $.data.other.path: the place is not in the experiment \"valid\": 'data' has no 'other'; it has 'texts' " +
        "and 'pairs'.")]
    [TestCase("estimator.reward=logit",
        "--set estimator.reward: $.estimator.reward: the place is not in the experiment \"valid\": 'estimator' of the kind " +
        "'gumbel-softmax' has no 'reward'; it has 'relaxation', 'temperature', 'inverseTemperature', 'draws', 'objective' and 'prefix'.")]
    [TestCase("length.x=1",
        "--set length.x: $.length.x: the place is not in the experiment \"valid\": 'length' has no parts: it is a whole number.")]
    [TestCase("training.iterations=many",
        "--set training.iterations: $.training.iterations: found the text \"many\", expected a whole number from 0 to 100000000.")]
    [TestCase("training",
        "--set training: $.training: \"training\" is not an edit; expected path=value, such as training.iterations=100 or " +
        "discriminators[0].weight=0.5 (items of lists are counted from 0).")]
    [TestCase("a..b=1", "--set a..b: $.a..b: \"a..b=1\" is not an edit; expected path=value, such as training.iterations=100 or " +
        "discriminators[0].weight=0.5 (items of lists are counted from 0).")]
    [TestCase("seeds=[1,",
        "--set seeds: : syntax error at line 1, column 3: Expected start of a property name or value, but instead reached end of data.")]
    public void An_edit_of_what_is_not_there_is_refused(string edit, string problem) => Assert.That(Problem(edit), Is.EqualTo(problem));

    [Test]
    public void An_edit_reaches_every_experiment_that_has_the_place()
    {
        var list = $$"""{ "defaults": {{ExperimentFolder.Changed(e => e.Remove("name"))}}, "experiments": [ """ +
            """{ "name": "a" }, { "name": "b", "discriminators": [], "combiner": { "kind": "fixed" } } ] }""";
        var read = folder.Read(list, new ReadingSettings { Edits = ["discriminators.real.weight=3", "length=20"] });
        Assert.That(read.Select(
            one => (one.Options.Length, one.Options.Discriminators.Select(discriminator => (double?)discriminator.Weight)
            .SingleOrDefault(weight => weight != 0.5))), Is.EqualTo(new (int, double?)[] { (20, 3), (20, null) }));
        Assert.That(folder.Problems(list, new ReadingSettings { Edits = ["name=c"] }).Single(),
            Does.Contain("2 experiments have the name \"c\" after edits"));
    }
}
