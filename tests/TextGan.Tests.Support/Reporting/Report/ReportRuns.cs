using System.Text.Json;
using System.Text.RegularExpressions;

namespace TextGan.Tests.Reporting.Report;

/// <summary>Run folders with all that a report reads.</summary>
static class ReportRuns
{
    /// <summary>Markup that would run a script, end an element or load something if it were read as markup.</summary>
    public const string Hostile =
        "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> <b>&amp;\"'";

    /// <summary>Three small runs of two experiments, the second one with hostile text wherever text comes from.</summary>
    public static string[] Write(string runs)
    {
        string[] folders =
        [
            Small("calm", 1).Write(runs), Small("calm", 2).Write(runs), (Small("<i>loud<!--", 1) with { Success = 0.2 }).Write(runs),
        ];
        foreach (var (index, root) in folders.Index())
        {
            var isHostile = index == 2;
            var folder = new RunFolder(root);
            Json(folder.Config, new
            {
                name = folder.Experiment, description = isHostile ? Hostile : "As it should be.", seeds = new[] { 1, 2 },
                length = isHostile ? 9 : 6, plugins = Array.Empty<string>(),
                discriminators = new[] { new { kind = "cnn", name = "helpful", weight = isHostile ? 2 : 1 } },
            });
            Json(folder.Environment,
                new { textgan = "0.1.0+abc", device = isHostile ? Hostile : "cpu", threads = 1, started = $"{index}" });
            Json(folder.Outcome, new { outcome = isHostile ? "failed" : "finished", message = isHostile ? Hostile : null });
            Directory.CreateDirectory(folder.Samples);
            foreach (var (name, start) in ((string, int)[])
                [("pretraining-00000020", 0), ("adversarial-00000000", 1), ("adversarial-00000012", 2)])
                File.WriteAllLines(Path.Combine(folder.Samples, name + ".jsonl"), Enumerable.Range(0, 5).Select(i => new SampleLine
                {
                    Text = isHostile && i == 0 ? Hostile : i == 1 ? "two\nlines \u001b[31m \u202e" : $"text {i} of {name}",
                    Prompt = isHostile && i == 0 ? Hostile : null, Tokens = 3 + i, Ended = i != 2,
                    Scores = start == 0 ? new Dictionary<string, double>()
                        : new() { ["helpful"] = i - 2 + 0.25, [isHostile ? Hostile : "harmless"] = start - i },
                }.ToJson()));
        }
        File.AppendAllText(new RunFolder(folders[2]).Metrics, new MetricLine
        {
            Phase = "adversarial", Step = 12, Seconds = 9, Values = new Dictionary<string, double>(),
            Event = new("modeCollapse", "warn", Hostile),
        }.ToJson() + "\n");
        return folders;
    }

    /// <summary>The data in a page.</summary>
    public static JsonElement DataIn(string file) => JsonElement.Parse(Regex.Match(File.ReadAllText(file),
        "<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value);

    public static FakeRun Small(string experiment, int seed) =>
        new(experiment, seed) { Iterations = 120, PretrainingUpdates = 20, DiscriminatorUpdates = 10, EvaluateEvery = 20 };

    static void Json<T>(string file, T value) => File.WriteAllText(file, JsonSerializer.Serialize(value));
}
