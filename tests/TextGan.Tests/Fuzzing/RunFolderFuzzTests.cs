using System.Security.Cryptography;
using CsCheck;
using TextGan.Cli;
using TextGan.Tests.Cli;
using TextGan.Tests.Runs;

namespace TextGan.Tests.Fuzzing;

/// <summary>Damaged run folders, as <c>sample</c> and <c>plot</c> find them.</summary>
public sealed class RunFolderFuzzTests : IDisposable
{
    readonly SmallRun run = new();

    public void Dispose() => run.Dispose();

    string Trained()
    {
        var result = run.Run(new SilentObserver(), default, "training.iterations=2", "evaluation.metrics=[{\"kind\":\"distinct-n\"}]")
            .Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        return result.Folder;
    }

    [TestCase(50), TestCase(800, Category = "Long")]
    public void Sample(int count)
    {
        var folder = Trained();
        string[] files = [.. Directory.EnumerateFiles(folder, "*.json"), .. Directory.EnumerateFiles(Path.Combine(folder, "checkpoints"))];
        files = [.. files.Where(file => Path.GetFileName(file) is not ("environment.json" or "outcome.json"))];
        Damage(folder, files, count, ["sample", folder, "--count", "2"], ["\"$base\":", "average/", "sha256", "99999999"]);
    }

    [TestCase(50), TestCase(800, Category = "Long")]
    public void Plot(int count)
    {
        var folder = Trained();
        Damage(folder, [Path.Combine(folder, "metrics.jsonl")], count, ["plot", folder, "--plots", Path.Combine(run.Folder, "again")],
            ["\"step\":", "\"values\":{", "1e308", "-1e308", "1e-320", "\"NaN\"", "\"Infinity\"", "9223372036854775807", "metric/", "term/",
                "discriminator/", "</text><script>", "=1+1", "\\u0000"]);
    }

    /// <summary>
    /// Changes one file at a time; half of the damaged checkpoint files keep a true checksum, so that what is behind it is reached.
    /// </summary>
    void Damage(string folder, string[] files, int count, string[] command, string[] scraps)
    {
        var whole = files.ToDictionary(file => file, File.ReadAllBytes);
        var mutations = files.Select(file => Mutation.Of([whole[file]], scraps)).ToArray();
        var inputs = Gen.Select(Gen.Int[0, files.Length - 1], Gen.Bool)
            .SelectMany((which, mend) => mutations[which].Select(bytes => (which, mend, bytes)));
        var codes = new int[3];
        using var memory = new PeakMemory();
        for (var number = 0; number < count; number++)
        {
            var (which, mend, bytes) = inputs.Generate(new PCG(1, (ulong)number), null, out _);
            var file = files[which];
            File.WriteAllBytes(file, bytes);
            if (mend && (file.EndsWith(".safetensors", StringComparison.Ordinal)
                || (file.EndsWith(".json", StringComparison.Ordinal) && file.Contains("checkpoints", StringComparison.Ordinal)))) Mend(
                file);
            var clock = new ProcessorClock();
            var result = CommandRun.In(run.Folder, null, command);
            var shown = $"input {number}, {Path.GetRelativePath(folder, file)}, " +
                $"{(bytes.Length < 4000 ? System.Text.Encoding.UTF8.GetString(bytes) : bytes.Length)}\n{result.Error}";
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)), shown);
            Assert.That(result.Code, Is.EqualTo(ExitCode.Success).Or.EqualTo(ExitCode.BadInput), shown);
            Assert.That(result.Error, Does.Not.Contain("Unexpected ").And.Not.Contain("   at "), shown);
            codes[result.Code]++;
            foreach (var (path, right) in whole) File.WriteAllBytes(path, right);
        }
        Assert.That(memory.Growth, Is.LessThan(2L << 30));
        TestContext.Out.WriteLine($"{codes[0]} worked, {codes[2]} refused");
        Assert.That(codes[2], Is.GreaterThan(count / 10));
    }

    static void Mend(string file)
    {
        var sums = Path.ChangeExtension(file, ".sha256");
        var lines = File.ReadAllLines(sums).Select(line => line.EndsWith(Path.GetFileName(file), StringComparison.Ordinal)
            ? $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}  {Path.GetFileName(file)}" : line);
        File.WriteAllLines(sums, [.. lines]);
    }
}
