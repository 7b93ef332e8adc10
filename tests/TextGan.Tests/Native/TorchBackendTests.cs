using System.Diagnostics;
using System.Text.Json;

namespace TextGan.Tests.Native;

/// <summary>Which packages each backend asks for, as MSBuild evaluates the project: nothing is restored.</summary>
public class TorchBackendTests
{
    static Dictionary<string, string> References(string backend)
    {
        var project = Path.Combine(Repository.Root, "src", "TextGan.Operations", "TextGan.Operations.csproj");
        var start = new ProcessStartInfo("dotnet",
            ["msbuild", project, $"-p:TorchBackend={backend}", "-getItem:PackageReference", "-getItem:PackageVersion"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
        var items = JsonDocument.Parse(output).RootElement.GetProperty("Items");
        string Identity(JsonElement item) => item.GetProperty("Identity").GetString()!;
        var versions = items.GetProperty("PackageVersion").EnumerateArray()
            .ToDictionary(Identity, item => item.GetProperty("Version").GetString()!);
        return items.GetProperty("PackageReference").EnumerateArray().ToDictionary(Identity, item => versions[Identity(item)]);
    }

    [TestCase("cuda-windows", "TorchSharp-cuda-windows")]
    [TestCase("cuda-linux", "TorchSharp-cuda-linux")]
    public void Cuda_backends_take_the_bundle_of_the_same_version_and_no_cpu_library(string backend, string package)
    {
        var cpu = References("cpu")["TorchSharp"];
        var references = References(backend);
        Assert.That(references[package], Is.EqualTo(cpu));
        Assert.That(references.Keys, Has.None.StartsWith("libtorch-cpu"));
    }

    [Test]
    public void No_backend_takes_TorchSharp_alone()
    {
        var references = References("none");
        Assert.That(references["TorchSharp"], Is.EqualTo(References("cpu")["TorchSharp"]));
        Assert.That(references.Keys, Has.None.StartsWith("libtorch"));
    }

    [Test]
    public void Cpu_backend_takes_one_library_for_the_building_platform()
    {
        var references = References("cpu");
        Assert.That(references.Keys.Count(name => name.StartsWith("libtorch-cpu-", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(references.Keys, Does.Not.Contain("TorchSharp-cpu"), "that package brings LibTorch for every operating system");
    }
}
