using System.Diagnostics;
using TextGan.Experiments.Reading;
using TextGan.Tests.Runs;

namespace TextGan.Tests.Experiments;

/// <summary>
/// What docs/plug-ins.md says of a discriminator of one's own: build the plug-in's project with the SDK, name the assembly, run.
/// </summary>
public sealed class PluginBuildTests
{
    static string Source => Path.Combine(Repository.Root, "experiments", "custom-discriminator");

    /// <summary>Builds a copy of the project against the library that these tests were built with; gives its output folder.</summary>
    static string Build(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Source, "*.cs")
            .Concat([Path.Combine(Source, "experiment.json"), Path.Combine(Repository.Root, ".editorconfig")])) File.Copy(
            file, Path.Combine(folder, Path.GetFileName(file)));
        var project = Path.Combine(folder, "CustomDiscriminator.csproj");
        File.WriteAllText(project, File.ReadAllText(Path.Combine(Source, "CustomDiscriminator.csproj"))
            .Replace("../../src", Path.Combine(Repository.Root, "src"), StringComparison.Ordinal));
        foreach (var shared in (string[])["Directory.Build.props", "Directory.Packages.props"])
            File.WriteAllText(Path.Combine(folder, shared),
                $"<Project><Import Project=\"{Path.Combine(Repository.Root, shared)}\" /></Project>");

        string[] arguments = ["build", project, "-c", "Release", "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false",
            "-p:BuildProjectReferences=false"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // What the test host was started with must not reach another build.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
            || key.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output + errors.Result);
        return Path.Combine(folder, "bin");
    }

    [Test]
    public void The_project_builds_and_its_experiment_runs()
    {
        using var run = new SmallRun();
        var folder = Directory.CreateDirectory(Path.Combine(run.Folder, "plug-in")).FullName;
        var output = Build(folder);
        Assert.That(Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories).Select(Path.GetFileName),
            Is.All.StartsWith("CustomDiscriminator."),
            "no second copy of the library, of TorchSharp or of LibTorch");
        Assert.That(Directory.EnumerateFiles(output).Sum(file => new FileInfo(file).Length), Is.LessThan(200_000));

        var experiment = ExperimentFile.Read(Path.Combine(folder, "experiment.json"), new ReadingSettings
        {
            Plugins = PluginPolicy.Folders([folder]),
            Edits =
            [
                "seeds=[1]", "threads=1",
                "data.pretraining.sentences=80", "data.pretraining.heldOut=10", "data.helpfulness.sentences=80",
                    "data.helpfulness.heldOut=10",
                "pretraining.epochs=1", "discriminators.pretraining.pretrainingSteps=1", "discriminators.helpfulness.pretrainingSteps=1",
                    "discriminators.repetition.pretrainingSteps=1",
                "training.iterations=3", "training.batch=8", "evaluation.samples=8",
            ],
        }).Single();
        Assert.That(experiment.Options.Discriminators[2].GetType().Assembly.Location,
            Is.EqualTo(Path.Combine(output, "CustomDiscriminator.dll")));
        var result = run.Run([experiment], new SilentObserver(), default).Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        var lines = SmallRun.Lines(result).Where(line => line.Values.ContainsKey("total")).ToArray();
        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(lines.SelectMany(
            line => new[] { line.Values["term/repetition/raw"], line.Values["discriminator/repetition/loss"],
            line.Values["discriminator/repetition/accuracyReal"] }), Is.All.Matches<double>(double.IsFinite));
        Assert.That(lines.Select(line => line.Values["term/repetition/weight"]), Is.All.EqualTo(0.5));
    }
}
