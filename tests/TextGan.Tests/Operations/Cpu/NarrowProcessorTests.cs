using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace TextGan.Tests.Operations.Cpu;

/// <summary>
/// The operations as they run on a processor without vectors of 512 bits, and on one without any that multiply and add at once.
/// </summary>
public sealed class NarrowProcessorTests
{
    static readonly string[] Tests =
        ["PackedMatrixTests", "MaxOverTimeTests", "LstmTests", "LstmStepsTests", "LinearLayerTests", "TokenDrawerTests",
        "FusedDrawingTests"];

    /// <param name="switches">Of .NET 10 and of earlier ones.</param>
    [TestCase("DOTNET_EnableAVX512", "DOTNET_EnableAVX512F", Category = "Long")]
    [TestCase("DOTNET_EnableAVX2")]
    public void The_tests_of_operations_pass_there_too(params string[] switches)
    {
        if (!Vector512.IsHardwareAccelerated) Assert.Ignore("This processor is one.");
        var start = new ProcessStartInfo("dotnet",
            ["vstest", typeof(NarrowProcessorTests).Assembly.Location,
            $"--TestCaseFilter:{string.Join('|', Tests.Append(nameof(Has_no_wide_vectors)).Select(test => $"FullyQualifiedName~{test}"))}"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in switches) start.Environment[name] = "0";
        start.Environment[nameof(NarrowProcessorTests)] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
        Assert.That(output, Does.Contain("Passed:"), output);
    }

    /// <summary>In the process that the test above begins: that it is narrow.</summary>
    [Test]
    public void Has_no_wide_vectors()
    {
        if (Environment.GetEnvironmentVariable(nameof(NarrowProcessorTests)) is null) Assert.Ignore("For the other process.");
        Assert.That(Vector512.IsHardwareAccelerated, Is.False);
    }
}
