using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using TextGan.Tests.Cli;

namespace TextGan.Tests.Packages;

/// <summary>
/// Every package is packed, installed into an empty folder and run, as docs/packages.md says. Takes some minutes; CONTRIBUTING.md has the
/// command.
/// </summary>
[Category("Packages"), Platform("Linux")]
public sealed class PackageTests : IDisposable
{
    PackageFeed feed = null!;
    bool hasTemplates;

    [OneTimeSetUp]
    public void Pack() => feed = new PackageFeed();

    public void Dispose() => feed?.Dispose();

    string PackageFile(string id, string extension = "nupkg") => Path.Combine(feed.Packages, $"{id}.{feed.Version}.{extension}");

    static void Succeeds(CommandRun run) => Assert.That(run.Code, Is.Zero, run.Output + run.Error);

    [TestCase("TextGan", "TextGan.Operations", "Microsoft.ML.Tokenizers")]
    [TestCase("TextGan.Operations", "TorchSharp")]
    [TestCase("TextGan.Reporting", "TextGan", "ScottPlot")]
    public void A_library_has_its_documents_symbols_and_dependencies(string id, params string[] dependencies)
    {
        using var package = ZipFile.OpenRead(PackageFile(id));
        var names = package.Entries.Select(entry => entry.FullName).ToHashSet();
        Assert.That(names, Is.SupersetOf((string[])["README.md", "LICENSE", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"]));
        var metadata = Metadata(package);
        string? Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.That((Value("license"), Value("readme"), Value("version")), Is.EqualTo(("MIT", "README.md", feed.Version)));
        Assert.That(Value("description"), Is.Not.Null.And.Not.Contain("Package Description"));
        var repository = metadata.Elements().SingleOrDefault(element => element.Name.LocalName == "repository");
        Assert.That((string?)repository?.Attribute("url"), Is.Null.Or.StartsWith("https://"), "no folder of the machine that packed it");
        var named = metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => (string)element.Attribute("id")!, element => (string)element.Attribute("version")!);
        Assert.That(named.Keys, Is.SupersetOf(dependencies).And.None.StartsWith("libtorch"));
        Assert.That(named.Where(one => one.Key.StartsWith("TextGan", StringComparison.Ordinal)).Select(one => one.Value),
            Is.All.EqualTo(feed.Version));
        using var symbols = ZipFile.OpenRead(PackageFile(id, "snupkg"));
        Assert.That(symbols.Entries.Select(entry => entry.FullName), Does.Contain($"lib/net10.0/{id}.pdb"));
    }

    static XElement Metadata(ZipArchive package)
    {
        using var stream = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream).Root!.Elements().First();
    }

    [Test]
    public void What_others_have_licensed_comes_with_its_licence()
    {
        using var reporting = ZipFile.OpenRead(PackageFile("TextGan.Reporting"));
        Assert.That(reporting.Entries.Select(entry => entry.FullName),
            Is.SupersetOf((string[])["licenses/DejaVu.txt", "licenses/uPlot/LICENSE"]));
        using var tool = ZipFile.OpenRead(PackageFile("TextGan.Cli.linux-x64"));
        Assert.That(tool.Entries.Select(entry => entry.FullName),
            Does.Contain("tools/net10.0/linux-x64/libtorch/LICENSE-LIBTORCH.txt"));
    }

    /// <summary>The program of docs/train.cs as a project; the package that it names brings the others.</summary>
    [Test]
    public void A_project_that_names_a_package_trains()
    {
        var folder = feed.NewFolder("program");
        File.WriteAllText(Path.Combine(folder, "program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="TextGan.Reporting" Version="{feed.Version}" />
                <PackageReference Include="libtorch-cpu-linux-x64" Version="{PackagesGuide.LibTorchVersion}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllLines(Path.Combine(folder, "Program.cs"), PackagesGuide.Sample.Where(line => !line.StartsWith("#:")));
        Succeeds(feed.Dotnet(folder, "build", "-c", "Release", "--nologo", "-nodeReuse:false", "-warnaserror"));
        var output = Path.Combine(folder, "bin", "Release", "net10.0");
        // On a system with a new C++ runtime it would run without the change, too.
        const string Bridge = "runtimes/linux-x64/native/libLibTorchSharp.so";
        Assert.That(File.ReadAllBytes(Path.Combine(output, Bridge)),
            Is.Not.EqualTo(File.ReadAllBytes(Path.Combine(PackageFeed.MachineCache, "torchsharp", "0.107.0", Bridge))));
        var properties = JsonNode.Parse(File.ReadAllText(Path.Combine(output, "program.runtimeconfig.json")))!
            ["runtimeOptions"]!["configProperties"]!;
        Assert.That(((bool)properties["System.GC.Concurrent"]!, (bool)properties["System.Globalization.Invariant"]!),
            Is.EqualTo((false, true)));
        HasTrained(folder, feed.Run(Path.Combine(output, "program"), folder));
    }

    [Test]
    public void The_file_based_app_of_the_guide_trains()
    {
        var folder = feed.NewFolder("file");
        File.WriteAllText(Path.Combine(folder, "train.cs"), PackagesGuide.Program.Replace(PackagesGuide.PackageVersion, feed.Version));
        HasTrained(folder, feed.Dotnet(folder, "run", "train.cs"));
    }

    static void HasTrained(string folder, CommandRun run)
    {
        Succeeds(run);
        Assert.That(run.Output, Does.Match(@"grammatical [01]\.\d\d\n"));
        Assert.That(File.ReadAllText(Path.Combine(folder, "runs", "from-csharp", "1", "outcome.json")), Does.Contain("finished"));
        Assert.That(File.Exists(Path.Combine(folder, "report.html")));
    }

    [Test]
    public void The_tool_computes_with_its_own_LibTorch_or_another_one()
    {
        using var place = new Workplace();
        var tool = Tool();
        var doctor = feed.Run(tool, place.Folder, "doctor");
        Succeeds(doctor);
        Assert.That(doctor.Output, Does.Match(@"libraries +.*/tool/.*/libtorch\n").And.Match(@"cpu +works\n"));
        var own = Path.Combine(PackageFeed.MachineCache, "libtorch-cpu-linux-x64", PackagesGuide.LibTorchVersion,
            "runtimes/linux-x64/native");
        Assert.That(feed.Run(tool, place.Folder, "doctor", "--libtorch", own).Output, Does.Match($@"libraries +{own}\n"));
        Assert.That(feed.Run(tool, place.Folder, "describe", "cnn").Output, Does.Contain("Default"), "the doc comments are there");
        // Two runs at once are processes of their own, which the tool starts.
        var run = feed.Run(tool, place.Folder, "run", "--jobs", "2");
        Succeeds(run);
        Assert.That(File.Exists(place.At("plots", "experiments", "report.html")), run.Output + run.Error);
    }

    /// <summary>The installed command.</summary>
    string Tool()
    {
        var folder = feed.NewFolder("tool");
        var command = Path.Combine(folder, "textgan");
        if (!File.Exists(command))
            Succeeds(feed.Dotnet(folder, "tool", "install", "TextGan.Cli", "--version", feed.Version, "--tool-path", folder));
        return command;
    }

    [TestCase("Spelling", "Spelling", "spelling")]
    [TestCase("My.Own-judge2", "MyOwnjudge2", "my-ownjudge-2")]
    public void The_template_is_tested_and_trained_against(string name, string className, string kind)
    {
        var folder = Path.Combine(feed.NewFolder("template"), name);
        if (!hasTemplates) Succeeds(feed.Dotnet(feed.NewFolder("template"), "new", "install", PackageFile("TextGan.Templates")));
        hasTemplates = true;
        Succeeds(feed.Dotnet(feed.NewFolder("template"), "new", "textgan-discriminator", "-o", folder));
        Assert.That(File.Exists(Path.Combine(folder, name, className + "Discriminator.cs")));
        Assert.That(File.ReadAllText(Path.Combine(folder, "experiment.json")), Does.Contain($"\"kind\": \"{kind}\""));
        Assert.That(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file =>
            ((string[])["NewJudge", "new-judge", "TextGanPlugin", "VERSION-OF"]).Any(File.ReadAllText(file).Contains)), Is.Empty);
        var test = feed.Dotnet(folder, "test", "-nodeReuse:false", "-warnaserror");
        Succeeds(test);
        Assert.That(test.Output, Does.Match(@"Passed: +4"));
        var run = feed.Run(Tool(), folder, "run", "experiment.json", "--allow-plugins", "--set", "training.iterations=2", "--set",
            "pretraining.epochs=1", "--set", "evaluation.samples=20", "--set", "data.sentences.sentences=200");
        Succeeds(run);
        Assert.That(Directory.EnumerateFiles(Path.Combine(folder, name, "bin"), "TextGan*.dll"), Is.Empty, "the program has the library");
    }
}
