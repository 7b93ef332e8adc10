using TextGan.Reporting.Documents;

namespace TextGan.Tests.Reporting.Documents;

/// <summary>Summaries and documents that tests write by hand.</summary>
static class WrittenRuns
{
    /// <summary>A run whose adversarial phase was evaluated every 10 iterations from 0.</summary>
    public static RunSummary Run(string experiment, int seed, params (string Name, double?[] Values)[] values) => new()
    {
        Experiment = experiment, Seed = seed, Fingerprint = "f", Version = "0.1.0+0123456789", Machine = "X64", Date = "2026-11-30",
        Seconds = 30, Iterations = 10 * (values[0].Values.Length - 1),
        Adversarial = new([.. Enumerable.Range(0, values[0].Values.Length).Select(i => 10.0 * i)],
            values.ToDictionary(one => one.Name, one => (IReadOnlyList<double?>)one.Values)),
    };

    /// <summary>
    /// Three seeds each. rate of "control": .2 to .3, .32, .28 (mean .3); of "better": .2 to .5, .52, .54 (mean .52), differences .2, .2,
    /// .26; nll of both: 2 to 1.5.
    /// </summary>
    public static ResultFile Two { get; } = new("textgan run two.json",
    [
        .. new[] { 0.3, 0.32, 0.28 }.Select((rate, i) =>
            Run("control", i + 1, ("metric/rate", [0.2, 0.25, rate]), ("metric/nll", [2, 1.75, 1.5]))),
        .. new[] { 0.5, 0.52, 0.54 }.Select((rate, i) =>
            Run("better", i + 1, ("metric/rate", [0.2, 0.4, rate]), ("metric/nll", [2, 1.25, 1.5]))),
    ]);

    /// <summary>A document of one block.</summary>
    public static string Block(string json, string kind = "table") => $"<!-- textgan {kind} {json} -->\n<!-- /textgan -->\n";

    /// <summary>The lines of the block that the JSON makes.</summary>
    public static string[] Lines(ResultFile file, string json, string kind = "table")
    {
        var document = MarkdownDocument.Of(Block(json, kind), "d.md", _ => file);
        return document.Text.Split('\n')[2..^3];
    }

    /// <summary>A table's rows without its header and the notes below it.</summary>
    public static string[] Rows(ResultFile file, string json) => [.. Lines(file, json)[2..].TakeWhile(line => line.StartsWith('|'))];

    /// <summary>What is wrong with it.</summary>
    public static string Refused(string document, Func<string, ResultFile>? read = null) =>
        Assert.Throws<InvalidInputException>(() => MarkdownDocument.Of(document, "d.md", read ?? (_ => Two)))!.Message;
}
