using System.Diagnostics;
using System.Globalization;
using System.Text;
using TextGan.Training;

namespace TextGan.Tests.Cli;

/// <summary>A data set that is larger than the memory a run may take is trained on from disk.</summary>
public class LargeDataTests
{
    /// <summary>
    /// In memory the texts would take twice the file's size and their rows as much again: 300 MB stand for 1200 MB, 4 GB for 16 GB.
    /// Without concurrent collection the youngest generation is collected later: nine runs peaked between 636 and 834 MB.
    /// </summary>
    [TestCase(300, 900, Category = "Long"), TestCase(4096, 1024, Category = "Long")]
    public void Trains_on_a_file_that_memory_would_not_hold(int megabytes, int mostMegabytes)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("the peak of memory is read from /proc");
        using var files = new TemporaryFiles();
        var texts = Write(files.PathOf("large.txt"), (long)megabytes << 20);
        files.Write("experiment.json", """
            {
              "name": "large", "threads": 1, "length": 24,
              "data": { "large": { "kind": "text", "path": "large.txt", "heldOut": 0.0001, "stream": true } },
              "tokenizer": { "kind": "word", "vocabulary": 5000 },
              "generator": { "kind": "lstm", "embedding": 16, "hidden": 16 },
              "discriminators": [ { "name": "real", "kind": "cnn", "data": "large", "embedding": 8, "widths": [2], "filters": [4] } ],
              "estimator": { "kind": "reinforce" },
              "regularizers": { "likelihood": 1, "likelihoodData": "large" },
              "training": { "iterations": 50, "batch": 64 },
              "evaluation": { "samples": 20, "metrics": [
                { "kind": "nll", "data": "large" },
                { "kind": "bleu", "data": "large", "orders": [2], "split": "train", "limit": 1000 } ] }
            }
            """);
        var (code, output, peak) = Run(files.Folder, "run", "experiment.json", "--runs", "runs", "--plots", "plots");
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain($"{texts - (int)Math.Round(texts * 0.0001):N0} texts and"));
        var values = File.ReadLines(files.PathOf("runs/large/1/metrics.jsonl")).Select(MetricLine.Parse).SelectMany(line => line.Values)
            .ToList();
        Assert.That(values.Where(value => value.Key.StartsWith("metric/", StringComparison.Ordinal)).Select(value => value.Value),
            Is.Not.Empty.And.All.Matches<double>(double.IsFinite));
        TestContext.Out.WriteLine($"{texts:N0} texts, {megabytes} MB, peak {peak >> 20} MB");
        Assert.That(peak >> 20, Is.LessThan(mostMegabytes));
    }

    /// <summary>Sentences of frequent and rare words; returns how many.</summary>
    static int Write(string path, long bytes)
    {
        var random = new Random(1);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        var block = new StringBuilder();
        var (texts, written) = (0, 0L);
        while (written < bytes)
        {
            block.Clear();
            for (var i = 0; i < 5000; i++, texts++)
            {
                var words = random.Next(8, 20);
                // Squares of uniform numbers: the first words are the most frequent, as in a language, and there are a million of them.
                for (var w = 0; w < words; w++) block.Append(w > 0 ? " " : "").Append("wd")
                    .Append((int)(Math.Pow(random.NextDouble(), 6) * 1_000_000));
                block.Append('\n');
            }
            var data = Encoding.ASCII.GetBytes(block.ToString());
            file.Write(data);
            written += data.Length;
        }
        return texts;
    }

    static (int Code, string Output, long Peak) Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(TestContext.CurrentContext.TestDirectory, "textgan-cli.dll"), .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var peak = 0L;
        while (!process.WaitForExit(20)) peak = Math.Max(peak, PeakOf(process.Id));
        return (process.ExitCode, output.Result + error.Result, peak);
    }

    static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(entry => entry.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0
                : long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }
}
