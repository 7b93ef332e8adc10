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
        var made = ExperimentFile.Of([read.Options], WithoutFiles).Single();
        Assert.That(made.BaseFolder, Is.EqualTo(Directory.GetCurrentDirectory()));
        Assert.That(WithoutBase(made), Is.EqualTo(WithoutBase(read)));
    }

    [Test]
    public void So_is_every_experiment_of_the_command_without_arguments()
    {
        var read = ExperimentFile.Read(Path.Combine(Repository.Root, "experiments.json"));
        var made = ExperimentFile.Of([.. read.Select(one => one.Options)]);
        Assert.That(made.Select(WithoutBase), Is.EqualTo(read.Select(WithoutBase)));
    }

    static string WithoutBase(LoadedExperiment experiment)
    {
        var resolved = (JsonObject)experiment.Resolved.DeepClone();
        Assert.That(resolved.Remove("$base"));
        return resolved.ToJsonString();
    }

    [Test]
    public void All_that_is_wrong_is_reported_at_once()
    {
        var wrong = Small with
        {
            Name = "wrong", Length = 0, Discriminators = [new CnnDiscriminatorOptions { Name = "real", Data = "sentence" }],
        };
        Assert.That(() => ExperimentFile.Of([Small, wrong]), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            "experiment 'wrong': $.length: 0 is out of range; expected a whole number from 1 to 65536.\n" +
            "experiment 'wrong': $.discriminators[0].data: there is no data set \"sentence\"; the experiment's 'data' has " +
            "'sentences'. Did you mean 'sentences'?"));
    }

    [Test]
    public void Each_needs_a_name_of_its_own() => Assert.That(() => ExperimentFile.Of([Small, Small]),
        Throws.TypeOf<InvalidInputException>().With.Message.EqualTo("experiment 'small': $.name: the name \"small\" is that of the " +
            "experiment at experiment 'small': $.name too; each needs its own."));

    [Test]
    public void A_kind_that_is_of_no_plug_in_is_rejected()
    {
        var wrong = Small with { Name = "wrong", Discriminators = [new ForeignOptions { Name = "own", Data = "sentences" }] };
        Assert.That(() => ExperimentFile.Of([Small, wrong]),
            Throws.TypeOf<InvalidInputException>().With.Message.StartsWith("experiment 'wrong': it cannot be written as JSON: "));
    }

    sealed record ForeignOptions : DiscriminatorOptions
    {
        public override Discriminator Build(DiscriminatorContext context) => throw new NotSupportedException();
    }
}
