using System.Diagnostics;

namespace TextGan.Tests.Benchmarks;

/// <summary>What a step costs on an accelerator is the number of its calls, which the benchmark program counts.</summary>
public class NativeCallsTests
{
    static Dictionary<string, int> CallsOf(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory); // bin/CONFIGURATION/net10.0
        var program = Path.Combine(Repository.Root, "tests", "TextGan.Benchmarks", "bin", folder.Parent!.Name, folder.Name,
            "TextGan.Benchmarks.dll");
        var start = new ProcessStartInfo("dotnet", [program, "calls", "--functions", "--no-plain", "--only", path])
        {
            RedirectStandardOutput = true, Environment = { [OperationMode.Variable] = "tensors" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n').Where(line => line.StartsWith("# THS", StringComparison.Ordinal)).Select(line => line[2..].Split('\t'))
            .ToDictionary(parts => parts[0], parts => int.Parse(parts[1]));
    }

    /// <summary>7 and 31 parameters.</summary>
    [TestCase("mle_step")]
    [TestCase("d_step")]
    public void Clipping_and_Adam_are_single_operations(string path)
    {
        var calls = CallsOf(path);
        foreach (var function in (string[])["THSTensor_norm", "THSTensor_addcmul_", "THSTensor_addcdiv_", "THSTensor_sqrt"])
            Assert.That(calls[function], Is.EqualTo(1), function);
        Assert.That(calls["THSTensor_backward"], Is.EqualTo(1));
    }

    /// <summary>512 positions of two layers: nothing is made anew at each that could be made once.</summary>
    [Test]
    public void A_transformers_positions_have_a_common_table_of_angles()
    {
        var calls = CallsOf("transformer_512");
        Assert.That(calls["THSSpecial_softmax"], Is.EqualTo(3 * 512));
        Assert.That(calls.Keys, Does.Not.Contain("THSTensor_cos").And.Not.Contain("THSTensor_arange"));
    }
}
