using System.Diagnostics;
using CsCheck;
using TextGan.Cli;
using TextGan.Tests.Cli;

namespace TextGan.Tests.Fuzzing;

/// <summary>Command lines of known and strange words: an exit code of 0, 1 or 2, words for the user, no trace.</summary>
public class CommandLineFuzzTests
{
    static readonly string[] words =
    [
        "run", "validate", "list", "describe", "schema", "reference", "sample", "rank", "plot", "report", "front", "soup", "doctor",
        "submit", "status",
        "--help", "--version", "-h", "-?",
            "--", "-", "@file",
            "[diagram]", "[suggest]", "[env:A=b]",
        "--only", "--set", "--seeds", "--runs", "--plots", "--quiet", "-q", "--kinds", "--plugins-of", "--allow-plugins", "--plugin-folder",
            "--output", "-o", "--count", "-n", "--temperature", "--top-k", "--top-p", "--model",
        "--prompt", "--length", "--seed", "--checkpoint", "--device", "--name", "--count=3", "--set=length=3", "--allow-plugins=maybe",
        "--slurm", "--dry-run", "--time=3", "--limit", "--template", "--json",
        "experiments.json", "none.json", ".", "..", "/", "", " ", "cnn", "discriminator/lstm", "a/b/c", "first", "*", "**", "(", "a\0b",
            "ünïcödé", "\u001b[31mred", "\ud83d", "-1", "0", "1", "1e9", "NaN", "99999999999999999999", "cpu", "cuda:0", "cuda:-1", "gpu",
        "length=3", "length=-1", "length", "=", "discriminators[99999999999].x=1", "seeds=[1,2]", "name=..", "name=con",
            "training.iterations=1", "1,2,3", "1,x", "0.5", "2", "sentences.txt", "runs", new string('x', 300), new string('x', 5000),
            "/dev/null", "/proc/self/mem",
    ];

    static readonly Gen<string[]> lines = Gen.Select(Gen.Int[0, 12], Gen.Int[0, words.Length - 1].Select(index => words[index]).Array[0, 7])
        .Select((first, rest) => first < 11 ? [words[first], .. rest] : rest);

    [TestCase(500), TestCase(3000, Category = "Long")]
    public void In_process(int count)
    {
        using var place = new Workplace();
        var codes = new int[3];
        using var memory = new PeakMemory();
        for (var number = 0; number < count; number++)
        {
            var line = lines.Generate(new PCG(1, (ulong)number), null, out _);
            var clock = new ProcessorClock();
            var result = CommandRun.In(place.Folder, (_, _, _, _) => [], line);
            var shown = $"{number}: {string.Join(' ', line.Select(word => $"'{word[..Math.Min(word.Length, 80)]}'"))}\n{result.Error}";
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)), shown);
            Assert.That(result.Code, Is.InRange(0, 2), shown);
            Assert.That(result.Error, Does.Not.Contain("Unexpected ").And.Not.Contain("   at "), shown);
            Assert.That(result.Error.All(c => c is '\n' || !char.IsControl(c)), shown);
            if (result.Code != ExitCode.Success) Assert.That(result.Error, Is.Not.Empty, shown);
            codes[result.Code]++;
        }
        Assert.That(memory.Growth, Is.LessThan(2L << 30));
        TestContext.Out.WriteLine($"{codes[0]} worked, {codes[2]} refused, {codes[1]} failed");
        Assert.That(Math.Min(codes[0], codes[2]), Is.GreaterThan(count / 50));
    }

    [TestCase(2), TestCase(40, Category = "Long")]
    public void In_the_real_program(int count)
    {
        using var place = new Workplace();
        for (var number = 0; number < count; number++)
        {
            string[] line = [.. lines.Generate(new PCG(2, (ulong)number), null, out _)
                .Where(word => !word.Contains('\0') && word != "doctor")];
            if (line is ["run" or "submit", ..]) line[0] = "validate"; // nothing is trained here
            var start = new ProcessStartInfo("dotnet", [Path.Combine(TestContext.CurrentContext.TestDirectory, "textgan-cli.dll"), .. line])
            {
                WorkingDirectory = place.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
                RedirectStandardInput = true,
            };
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            Assert.That(process.WaitForExit(120_000), string.Join(' ', line));
            Assert.That(process.ExitCode, Is.InRange(0, 2), $"{string.Join(' ', line)}\n{error}");
            Assert.That(error, Does.Not.Contain("Unexpected ").And.Not.Contain("   at "), string.Join(' ', line));
        }
    }
}
