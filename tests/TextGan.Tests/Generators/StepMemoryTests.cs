using TextGan.Operations.Cpu;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace TextGan.Tests.Generators;

/// <summary>Memory of steps, by the benchmarks' own command, in processes that do nothing else.</summary>
public class StepMemoryTests
{
    const long LogitBytes = 64L * 20 * 5000 * sizeof(float); // [B,T,V]

    /// <summary>Bytes by which the resident memory of a process rises while it runs a path a few times.</summary>
    static long RiseOf(string path) => long.Parse(Output("memory-of", path).Trim(), CultureInfo.InvariantCulture);

    /// <summary>What a command of the benchmarks prints.</summary>
    static string Output(params string[] arguments)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory); // bin/CONFIGURATION/net10.0
        var program = Path.Combine(Repository.Root, "tests", "TextGan.Benchmarks", "bin", folder.Parent!.Name, folder.Name,
            "TextGan.Benchmarks.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    /// <summary>Keys and values that each step kept for the way back would be four times as much for texts twice as long.</summary>
    [Test]
    public void Gumbel_softmax_steps_of_a_transformer_hold_what_grows_with_the_length_of_texts()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Only Linux tells the peak of a process.");
        long[] rises = [.. new[] { 64, 128, 256 }.Select(length => RiseOf($"transformer_gumbel_{length}"))];
        TestContext.Out.WriteLine(string.Join(' ', rises.Select(rise => $"{rise >> 20} MB")));
        Assert.That(rises[1], Is.LessThan(2.5 * rises[0]));
        Assert.That(rises[2], Is.LessThan(2.5 * rises[1]));
    }

    /// <summary>The plain step, whose logits, log-probabilities and their gradient are tensors, shows that the measure sees them.</summary>
    [Test]
    public void A_step_never_holds_two_tensors_of_all_logits()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Only Linux tells the peak of a process.");
        if (!Processor.HasWideVectors || OperationMode.TensorsOnly)
            Assert.Ignore("The step in chunks needs AVX-512; by tensor operations the logits are tensors.");
        Assert.That(RiseOf("mle_step"), Is.LessThan(2 * LogitBytes));
        Assert.That(RiseOf("mle_step_plain"), Is.GreaterThan(3 * LogitBytes));
    }

    /// <summary>
    /// RelGAN at its published sizes (V=5000, T=20, B=64, 64 representations): 1.5 GB of process, of which .NET and LibTorch have some
    /// 300 MB, and 1.5 s on two cores, counted in processor time, which other work on the machine disturbs less.
    /// </summary>
    [TestCase("relgan_d_step", Category = "Long")]
    [TestCase("relgan_g_step", Category = "Long")]
    public void Steps_of_RelGAN_stay_within_their_bounds(string path)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Only Linux tells the peak of a process.");
        if (!Processor.HasWideVectors || OperationMode.TensorsOnly) Assert.Ignore("The bounds are those of the loops with AVX-512.");
        var rise = RiseOf(path);
        var report = Output("profile", path, "--seconds", "1");
        TestContext.Out.WriteLine($"{rise >> 20} MB; {report}");
        Assert.That(rise, Is.LessThan(1_200_000_000));
        var milliseconds = double.Parse(
            Regex.Match(report, @"clock, (?<time>[\d.]+) ms of processor time").Groups["time"].Value, CultureInfo.InvariantCulture);
        Assert.That(milliseconds, Is.LessThan(2 * 1500));
    }

    [Category("Long")]
    // The relaxed texts and what the discriminator keeps of them are there at once.
    [TestCase("gumbel_whole", "gumbel_in_8_parts", 0.7, Category = "Long")]
    [TestCase("reinforce_whole", "reinforce_in_8_parts", 0.7, Category = "Long")]
    [TestCase("activations_kept", "activations_recomputed", 0.65)]
    public void Parts_and_recomputed_activations_spare_memory(string all, string sparing, double share)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Only Linux tells the peak of a process.");
        var (whole, less) = (RiseOf(all), RiseOf(sparing));
        TestContext.Out.WriteLine($"{whole >> 20} MB, {less >> 20} MB");
        Assert.That(less, Is.LessThan(share * whole));
    }
}
