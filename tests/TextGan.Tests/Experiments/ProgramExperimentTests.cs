using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Data;
using TextGan.Data.Grammar;
using TextGan.Discriminators;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Problems;
using TextGan.Tokenization;

namespace TextGan.Tests.Experiments;

/// <summary>Experiments that a program makes instead of a file.</summary>
public sealed class ProgramExperimentTests
{
    static readonly ReadingSettings WithoutFiles = new() { CheckFiles = false };

    static ExperimentOptions Small => new()
    {
        Name = "small", Tokenizer = new WordTokenizerOptions(), Generator = new LstmGeneratorOptions(),
        Data = new Dictionary<string, DataOptions> { ["sentences"] = new GrammarDataOptions() },
        Discriminators = [new CnnDiscriminatorOptions { Name = "real", Data = "sentences" }],
    };

    [Test]
    public void It_is_the_experiment_of_a_file_with_these_options()
    {
        using var folder = new ExperimentFolder();
        var read = ExperimentFile.Read(folder.Write("experiment.json", ExperimentFolder.Valid)).Single();
        var made = ExperimentFile.Of(read.Options, WithoutFiles).Single();
        Assert.That(made.BaseFolder, Is.EqualTo(Directory.GetCurrentDirectory()));
        Assert.That(WithoutBase(made), Is.EqualTo(WithoutBase(read)));
    }

    [Test]
    public void So_is_every_experiment_of_the_command_without_arguments()
    {
        foreach (var read in ExperimentFile.Read(Path.Combine(Repository.Root, "experiments.json")))
            Assert.That(WithoutBase(ExperimentFile.Of(read.Options).Single()), Is.EqualTo(WithoutBase(read)));
    }

    static string WithoutBase(LoadedExperiment experiment)
    {
        var resolved = (JsonObject)experiment.Resolved.DeepClone();
        Assert.That(resolved.Remove("$base"));
        return resolved.ToJsonString();
    }

    [Test]
    public void A_sweep_makes_several()
    {
        var sweep = JsonSerializer.Deserialize<SweepOptions>("""{ "training.batch": [8, 16] }""", KindRegistry.BuiltIn.Json);
        Assert.That(ExperimentFile.Of(Small with { Sweep = sweep }).Select(one => one.Options.Training.Batch), Is.EqualTo((int[])[8, 16]));
    }

    [Test]
    public void All_that_is_wrong_is_reported_at_once()
    {
        var wrong = Small with { Length = 0, Discriminators = [new CnnDiscriminatorOptions { Name = "real", Data = "sentence" }] };
        Assert.That(() => ExperimentFile.Of(wrong), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo("?"));
    }

    [Test]
    public void A_kind_that_is_of_no_plug_in_is_rejected()
    {
        var wrong = Small with { Discriminators = [new ForeignOptions { Name = "own", Data = "sentences" }] };
        Assert.That(() => ExperimentFile.Of(wrong),
            Throws.TypeOf<InvalidInputException>().With.Message.StartsWith("experiment: it cannot be written as JSON: "));
    }

    sealed record ForeignOptions : DiscriminatorOptions
    {
        public override Discriminator Build(DiscriminatorContext context) => throw new NotSupportedException();
    }
}
