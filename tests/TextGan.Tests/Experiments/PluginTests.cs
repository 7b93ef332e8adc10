using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using TextGan.Discriminators;
using TextGan.Experiments.Catalogue;
using TextGan.Experiments.Reading;
using TextGan.Tokenization;
using TorchSharp;

namespace TextGan.Tests.Experiments;

public sealed class PluginTests : IDisposable
{
    readonly ExperimentFolder folder = new();

    static string PluginFile =>
        Path.Combine(ExperimentFolder.Repository, "experiments", "custom-discriminator", "bin", "CustomDiscriminator.dll");

    public void Dispose() => folder.Dispose();

    string Using(params string[] plugins) => ExperimentFolder.Changed(experiment =>
    {
        experiment["plugins"] = new JsonArray([.. plugins.Select(plugin => JsonValue.Create(plugin))]);
        experiment["discriminators"]![0] = JsonNode.Parse("""{ "name": "real", "kind": "repetition", "data": "texts", "distances": 3 }""");
    }).ToJsonString();

    [Test]
    public void The_shipped_plug_in_is_read_beside_built_in_discriminators()
    {
        var experiment = ExperimentFile.Read(
            Path.Combine(ExperimentFolder.Repository, "experiments", "custom-discriminator", "experiment.json"),
            ExperimentFolder.WithPlugins).Single();
        Assert.That(experiment.Options.Discriminators.Select(one => experiment.Kinds.KindOf(one.GetType())),
            Is.EqualTo(["cnn", "cnn", "repetition"]));
    }

    [Test]
    public void The_shipped_plug_in_is_short_and_brings_no_copy_of_the_library()
    {
        var sources = Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetDirectoryName(PluginFile))!, "*.cs");
        Assert.That(sources.Sum(file => File.ReadLines(file).Count()), Is.InRange(1, 79));
        Assert.That(Directory.EnumerateFiles(Path.GetDirectoryName(PluginFile)!, "*", SearchOption.AllDirectories).Select(Path.GetFileName),
            Has.None.Matches<string?>(name => name!.Contains("TextGan", StringComparison.Ordinal)
            || name.Contains("orch", StringComparison.Ordinal)));
    }

    [Test]
    public void Its_kinds_are_in_the_catalogue_the_schema_and_the_stored_experiment()
    {
        var experiment = folder.One(Using(PluginFile), ExperimentFolder.WithPlugins);
        var described = new KindCatalogue(experiment.Kinds).Describe("repetition").Single();
        Assert.That((described.Family, described.Plugin), Is.EqualTo(("discriminator", PluginFile)));
        Assert.That(described.Summary, Does.StartWith("Judges by how often a token comes back"));
        Assert.That(described.Properties.Single(property => property.Name == "distances"),
            Has.Property("Range").EqualTo("from 1 to 1024").And.Property("Default").EqualTo("8"));
        Assert.That(described.Properties.Single(property => property.Name == "weight").Summary, Does.StartWith("Its weight"));
        Assert.That(ExperimentSchema.Create(experiment.Kinds)["$defs"]!.AsObject(), Contains.Key("discriminator.repetition"));
        Assert.That(ExperimentFile.ReadConfig(folder.Write("run/config.json", experiment.ToJson()), ExperimentFolder.WithPlugins)
            .Resolved.ToJsonString(), Is.EqualTo(experiment.Resolved.ToJsonString()));
        Assert.That(KindRegistry.BuiltIn.KindOf(experiment.Options.Discriminators[0].GetType()), Is.Null,
            "nothing is added for experiments that do not name it");
    }

    [Test]
    public void Kinds_of_a_plug_in_are_checked_as_strictly()
    {
        var json = Using(PluginFile).Replace("\"distances\":3", "\"distances\":0,\"distance\":1", StringComparison.Ordinal);
        Assert.That(folder.Problems(json, ExperimentFolder.WithPlugins),
            Has.Length.EqualTo(2).And.Some.EndsWith("0 is out of range; expected a whole number from 1 to 1024.")
            .And.Some.EndsWith("Did you mean 'distances'?"));
        Assert.That(folder.Problems(Using()), Has.Length.EqualTo(1).And.Some.Contains("the kind \"repetition\" is unknown"));
    }

    [Test]
    public void The_shipped_discriminator_reads_ids_and_relaxed_tokens_alike_and_learns()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var discriminator = folder.One(Using(PluginFile), ExperimentFolder.WithPlugins).Options.Discriminators[0]
            .Build(new DiscriminatorContext(5, 6, 0, torch.CPU, _ => ""));
        var ids = torch.tensor(new long[,] { { 1, 2, 1, 2, 0, 0 }, { 1, 2, 3, 4, 3, 2 } }); // [2,6]
        var relaxed = torch.nn.functional.one_hot(ids, 5).to_type(torch.float32).requires_grad_();
        var hard = discriminator.forward(new TextBatch(ids, 0)).Logits;
        var soft = discriminator.forward(new TextBatch(ids, 0, relaxed)).Logits;
        Assert.That(hard.shape, Is.EqualTo(new long[] { 2, 1 }));
        Assert.That(hard.allclose(soft));
        soft.sum().backward();
        Assert.That(discriminator.parameters().Select(parameter => parameter.grad is { } gradient
            && gradient.abs().sum().item<float>() > 0), Has.All.True);
        Assert.That(relaxed.grad!.abs().sum().item<float>(), Is.GreaterThan(0));
    }

    [Test]
    public void Plug_ins_can_be_named_by_an_edit() =>
        Assert.That(folder.One(
            Using(), ExperimentFolder.WithPlugins with { Edits = ["discriminators.real.distances=5", $"plugins=[\"{PluginFile}\"]"] })
            .Options.Discriminators[0], Has.Property("Distances").EqualTo(5));

    [Test]
    public void Bad_plug_ins_are_refused()
    {
        folder.Write("text.dll", "no assembly");
        Assert.That(Refused("text.dll"), Does.EndWith("$.plugins[0]: the file is not a .NET assembly."));
        Assert.That(Refused("nowhere.dll"), Does.Contain("$.plugins[0]: the plug-in is not there (")
            .And.EndWith("build it first, for example with: dotnet build -c Release."));
        Assert.That(Refused(typeof(CsCheck.Gen).Assembly.Location),
            Does.EndWith("$.plugins[0]: the plug-in does not reference TextGan, so it can have no kinds."));
        Assert.That(Refused(Path.Combine(TestContext.CurrentContext.TestDirectory, "textgan-cli.dll")),
            Does.EndWith("$.plugins[0]: the plug-in has no kinds; mark a public sealed options record with [Kind(\"its-name\")]."));
        Assert.That(Refused(""), Does.EndWith("$.plugins[0]: this is not a name of a file."));
        Assert.That(Refused("a\0b"), Does.EndWith("$.plugins[0]: this is not a name of a file."));

        string Refused(string plugin) => folder.Problems(Using(plugin), ExperimentFolder.WithPlugins).Single();
    }

    [Test]
    public void A_plug_in_for_another_version_is_refused_before_it_runs()
    {
        File.WriteAllBytes(folder["old.dll"], OfVersion(9, 7, File.ReadAllBytes(PluginFile)));
        var here = typeof(ComponentOptions).Assembly.GetName().Version!.ToString(3);
        Assert.That(folder.Problems(Using("old.dll"), ExperimentFolder.WithPlugins).Single(),
            Does.EndWith($"$.plugins[0]: the plug-in was built against TextGan 9.7.0, but this is {here}; build it again."));
    }

    [Test]
    public void A_kind_that_is_taken_is_refused()
    {
        File.Copy(PluginFile, folder["copy.dll"], overwrite: true);
        Assert.That(folder.Problems(Using(PluginFile, "copy.dll"), ExperimentFolder.WithPlugins).Single(),
            Does.Contain("$.plugins[1]: the discriminator kind 'repetition' of 'CustomDiscriminator.RepetitionOptions' is taken already " +
                "by"));
    }

    /// <summary>Writes another version of the library into the plug-in's list of references.</summary>
    static byte[] OfVersion(ushort major, ushort minor, byte[] assembly)
    {
        using var image = new PEReader(new MemoryStream(assembly));
        var metadata = image.GetMetadataReader();
        var table = image.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.AssemblyRef);
        foreach (var handle in metadata.AssemblyReferences)
        {
            if (metadata.GetString(metadata.GetAssemblyReference(handle).Name) != "TextGan") continue;
            // A row begins with the version: major and minor as two 16-bit numbers (ECMA-335, II.22.5).
            var row = table + (MetadataTokens.GetRowNumber(handle) - 1) * metadata.GetTableRowSize(TableIndex.AssemblyRef);
            BitConverter.TryWriteBytes(assembly.AsSpan(row), major);
            BitConverter.TryWriteBytes(assembly.AsSpan(row + 2), minor);
        }
        return assembly;
    }
}
