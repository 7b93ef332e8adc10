using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ArchUnitNET.NUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace TextGan.Tests.Architecture;

/// <summary>Imports run one way; each line of the table says what a folder must not know.</summary>
public class LayerTests
{
    static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader()
        .LoadAssemblies(
            typeof(OperationMode).Assembly, typeof(TextGan.Problems.Problem).Assembly, typeof(TextGan.Reporting.RunLog).Assembly,
            typeof(TextGan.Cli.Application).Assembly).Build();

    const string Library = @"^TextGan\.";

    static readonly string[] Ground = ["Problems", "Storage", "Schedules", "Optimizers", "Native", "Plugins", "Safety", "Operations"];

    static readonly string[] Format = ["Runs.Format", "Runs.Events"];

    static readonly (string Layer, string[] Knows)[] Rules =
    [
        ("Problems", []),
        ("Native", ["Problems"]),
        ("Safety", []),
        ("Plugins", ["Problems"]),
        ("Operations", ["Native"]),
        ("Storage", ["Problems", "Native"]),
        ("Schedules", ["Problems", "Plugins"]),
        ("Optimizers", ["Problems", "Plugins", "Native", "Operations"]),
        ("Tokenization", [.. Ground]),
        ("Generators", [.. Ground, "Tokenization"]),
        ("Data", [.. Ground, "Tokenization", "Generators"]),
        ("Discriminators", [.. Ground, "Tokenization", "Data", "Generators"]),
        ("Metrics", [.. Ground, "Tokenization", "Data", "Generators", "Discriminators"]),
        ("Runs.Format", ["Safety"]),
        ("Runs.Events", ["Runs.Format"]),
        ("Runs.Recording", ["Problems", "Storage", .. Format]),
        ("Runs.Trackers", ["Problems", "Storage", "Plugins", "Safety", .. Format]),
        ("Training", [.. Ground, "Tokenization", "Data", "Generators", "Discriminators", "Metrics", .. Format, "Runs.Recording"]),
        ("Learning", [.. Ground, "Tokenization", "Data", "Generators", "Discriminators", "Metrics", "Training", .. Format,
            "Runs.Recording"]),
        ("Experiments", [.. Ground, "Tokenization", "Data", "Generators", "Discriminators", "Learning", "Metrics", .. Format,
            "Runs.Recording", "Runs.Trackers", "Training"]),
    ];

    static IEnumerable<TestCaseData> Cases() =>
        Rules.Select(rule => new TestCaseData(rule.Layer, rule.Knows).SetArgDisplayNames(rule.Layer));

    [TestCaseSource(nameof(Cases))]
    public void A_layer_knows_only_those_below(string layer, string[] knows)
    {
        string[] all = [.. Rules.Select(rule => rule.Layer), "Runs", "Reporting", "Cli"];
        string[] others = [.. all.Except(knows).Where(name => name != layer)];
        Types().That().ResideInNamespaceMatching($"^{Namespace(layer)}")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching($"^({string.Join('|', others.Select(Namespace))})")
            .Because($"{layer} stands below {string.Join(", ", others)}")
            .WithoutRequiringPositiveResults().Check(Code);
    }

    /// <summary>
    /// A layer's namespace with those below it; that of Runs, which makes runs, without them, for they are layers of their own.
    /// </summary>
    static string Namespace(string layer) => $@"TextGan\.{Regex.Escape(layer)}{(layer == "Runs" ? "$" : @"(\.|$)")}";

    [Test]
    public void The_document_says_the_same()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md"));
        var ground = string.Join(", ", Ground);
        var rows = Rules.Select(
            rule => $"| {rule.Layer} | " +
                (rule.Knows.Length == 0 ? "nothing"
                    : string.Join(", ", rule.Knows).Replace(ground, "ground", StringComparison.Ordinal)) + " |");
        Assert.That(text, Does.Contain($"*ground* is {ground}.")
            .And.Contain($"| layer | may use |\n|---|---|\n{string.Join('\n', rows)}\n\n"));
    }

    [Test]
    public void The_library_knows_neither_reports_nor_the_command_line() =>
        Types().That().ResideInNamespaceMatching(@"^TextGan\.(?!Cli|Reporting)").Should()
            .NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^TextGan\.(Cli|Reporting)(\.|$)").Check(Code);

    [Test]
    public void The_run_folders_format_events_trackers_and_sweeps_curves_know_no_tensor() =>
        Types().That().ResideInNamespaceMatching(@"^TextGan\.(Runs\.(Format|Events|Trackers)|Metrics\.Sweeps)$").Should()
            .NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^TorchSharp(\.|$)").Check(Code);

    /// <summary>
    /// Whatever the compiled assembly names of others: of the library the run folder's format, the curves of sweeps, how problems are told
    /// and how files are written; no tensor.
    /// </summary>
    [Test]
    public void Reporting_sees_run_folders_only()
    {
        string[] namespaces = ["TextGan.Runs.Format", "TextGan.Metrics.Sweeps", "TextGan.Problems", "TextGan.Safety"];
        using var file = new PEReader(File.OpenRead(typeof(TextGan.Reporting.RunLog).Assembly.Location));
        var metadata = file.GetMetadataReader();
        string[] assemblies =
            [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        var types = metadata.TypeReferences.Select(handle => metadata.GetTypeReference(handle))
            .Where(type => type.ResolutionScope.Kind == HandleKind.AssemblyReference
                && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == "TextGan")
            .Select(type => (Space: metadata.GetString(type.Namespace), Name: metadata.GetString(type.Name))).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(assemblies.Where(name => name.StartsWith("TorchSharp", StringComparison.Ordinal)), Is.Empty);
            Assert.That(types, Does.Contain(("TextGan.Runs.Format", "MetricLine")), "the test sees references");
            Assert.That(types.Where(type => !namespaces.Contains(type.Space) && type != ("TextGan.Storage", "AtomicFile")), Is.Empty);
        });
    }

    [Test]
    public void The_rules_see_types() =>
        Assert.That(Rules.Where(
            rule => !Code.Types.Any(type => type.Namespace.FullName.StartsWith($"TextGan.{rule.Layer}", StringComparison.Ordinal)))
            .Select(rule => rule.Layer), Is.Empty);

    [Test]
    public void Concrete_options_and_components_are_sealed() =>
        Classes().That().ResideInNamespaceMatching($@"{Library}(Data|Tokenization|Generators|Discriminators|Learning|Metrics)(\.|$)")
            .And().AreNotAbstract().Should().BeSealed().Check(Code);
}
