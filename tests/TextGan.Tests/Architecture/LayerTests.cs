using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using ArchUnitNET.NUnit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace TextGan.Tests.Architecture;

/// <summary>Imports run one way; each line of the table says what a folder must not know.</summary>
public class LayerTests
{
    static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader()
        .LoadAssemblies(typeof(TextGan.Problems.Problem).Assembly, typeof(TextGan.Cli.Application).Assembly).Build();

    const string Library = @"^TextGan\.";

    static readonly string[] Ground = ["Problems", "Storage", "Schedules", "Optimizers", "Native", "Plugins", "Safety", "Kernels"];

    static readonly (string Layer, string[] Knows)[] Rules =
    [
        ("Problems", []),
        ("Native", ["Problems"]),
        ("Safety", []),
        ("Plugins", ["Problems"]),
        ("Kernels", ["Native"]),
        ("Storage", ["Problems", "Native"]),
        ("Schedules", ["Problems", "Plugins"]),
        ("Optimizers", ["Problems", "Plugins", "Native", "Kernels"]),
        ("Tokenization", [.. Ground]),
        ("Data", [.. Ground, "Tokenization"]),
        ("Generators", [.. Ground, "Tokenization", "Data"]),
        ("Discriminators", [.. Ground, "Tokenization", "Data", "Generators"]),
        ("Estimators", [.. Ground, "Tokenization", "Data", "Generators"]),
        ("Metrics", [.. Ground, "Tokenization", "Data", "Generators"]),
        ("Training", [.. Ground, "Tokenization", "Data", "Generators", "Discriminators", "Metrics"]),
        ("Learning", [.. Ground, "Tokenization", "Data", "Generators", "Discriminators", "Estimators", "Metrics", "Training"]),
        ("Plots", [.. Ground, "Training", "Experiments"]),
    ];

    static IEnumerable<TestCaseData> Cases() => Rules.Select(rule => new TestCaseData(rule.Layer, rule.Knows).SetArgDisplayNames(rule.Layer));

    [TestCaseSource(nameof(Cases))]
    public void A_layer_knows_only_those_below(string layer, string[] knows)
    {
        string[] all = [.. Rules.Select(rule => rule.Layer), "Experiments", "Cli"];
        var others = string.Join('|', all.Except(knows).Where(name => name != layer));
        Types().That().ResideInNamespaceMatching($@"^TextGan\.{layer}(\.|$)")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching($@"^TextGan\.({others})(\.|$)")
            .Because($"{layer} stands below {others.Replace("|", ", ")}")
            .WithoutRequiringPositiveResults().Check(Code);
    }

    [Test]
    public void The_library_does_not_know_the_command_line() =>
        Types().That().ResideInNamespaceMatching(@"^TextGan\.(?!Cli)").Should()
            .NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^TextGan\.Cli(\.|$)").Check(Code);

    [Test]
    public void Plots_know_no_tensor() =>
        Types().That().ResideInNamespaceMatching($@"{Library}Plots(\.|$)").Should()
            .NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^TorchSharp(\.|$)").Check(Code);

    [Test]
    public void The_rules_see_types() =>
        Assert.That(Rules.Where(rule => !Code.Types.Any(type => type.Namespace.FullName.StartsWith($"TextGan.{rule.Layer}", StringComparison.Ordinal)))
            .Select(rule => rule.Layer), Is.Empty);

    [Test]
    public void Concrete_options_and_components_are_sealed() =>
        Classes().That().ResideInNamespaceMatching($@"{Library}(Data|Tokenization|Generators|Discriminators|Estimators|Learning|Metrics)(\.|$)")
            .And().AreNotAbstract().Should().BeSealed().Check(Code);
}
