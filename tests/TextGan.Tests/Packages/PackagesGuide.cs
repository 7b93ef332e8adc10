using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TextGan.Tests.Packages;

/// <summary>What docs/packages.md shows.</summary>
static partial class PackagesGuide
{
    public static string Text { get; } = File.ReadAllText(Path.Combine(Repository.Root, "docs", "packages.md")).ReplaceLineEndings("\n");

    /// <summary>Its program that names packages.</summary>
    public static string Program => CSharp().Match(Text).Groups[1].Value;

    /// <summary>The same program as a file of this checkout.</summary>
    public static string[] Sample { get; } = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "train.cs"));

    /// <summary>How the program names the version of TextGan: "0.1.0".</summary>
    public static string PackageVersion { get; } = Property("Directory.Build.props", "Version");

    public static string LibTorchVersion { get; } = Property("Directory.Packages.props", "LibTorchVersion");

    static string Property(string file, string name) =>
        XDocument.Load(Path.Combine(Repository.Root, file)).Descendants(name).Single().Value;

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();
}
