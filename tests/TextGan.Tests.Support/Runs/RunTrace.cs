using System.Security.Cryptography;
using System.Text.Json.Nodes;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>All that a run left, without what the clock decides, file by file: two runs are the same where these are.</summary>
static class RunTrace
{
    public static IReadOnlyDictionary<string, string> Of(string root)
    {
        var folder = new RunFolder(root);
        var trace = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["outcome"] = JsonNode.Parse(File.ReadAllText(folder.Outcome))!["outcome"]!.ToString(),
            ["vocabulary"] = File.Exists(folder.Vocabulary) ? File.ReadAllText(folder.Vocabulary) : "",
        };
        var number = 0;
        foreach (var line in File.ReadAllLines(folder.Metrics).Select(MetricLine.Parse))
            trace[$"metrics {++number:D5}"] =
                line.WithoutTimes().ToJson();
        foreach (var file in Directory.EnumerateFiles(folder.Samples)) trace[$"samples {Path.GetFileName(file)}"] = File.ReadAllText(file);
        foreach (var checkpoint in Checkpoint.In(folder.Checkpoints))
        {
            trace[$"{checkpoint.Name} tensors"] = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(checkpoint.TensorFile)));
            var state = JsonNode.Parse(File.ReadAllText(checkpoint.StateFile))!.AsObject();
            foreach (var (name, value) in state["values"]!.AsObject().ToArray())
                if (name is not ("log/bytes" or "log/seconds" or "log/processorSeconds"))
                    trace[$"{checkpoint.Name} {name}"] = value!.ToJsonString();
        }
        return trace;
    }

    public static void AssertSame(string root, string expected)
    {
        var (found, wanted) = (Of(root), Of(expected));
        string[] differing = [.. found.Keys.Union(wanted.Keys).Where(key => found.GetValueOrDefault(key) != wanted.GetValueOrDefault(key))];
        Assert.That(differing, Is.Empty, string.Join('\n', differing.Take(5).Select(key =>
            $"{key}\n  found  {Cut(found.GetValueOrDefault(key))}\n  wanted {Cut(wanted.GetValueOrDefault(key))}")));
    }

    static string Cut(string? text) => text is null ? "nothing" : text.Length < 1000 ? text : text[..1000];
}
