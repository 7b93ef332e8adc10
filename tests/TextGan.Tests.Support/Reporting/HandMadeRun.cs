namespace TextGan.Tests.Reporting;

/// <summary>Writes run folders with a few evaluations whose values a test has chosen.</summary>
static class HandMadeRun
{
    /// <summary>The configuration of an experiment with a discriminator that learns.</summary>
    public const string Judged = """{ "discriminators": [ { "kind": "cnn", "name": "helpful" } ] }""";

    /// <summary>A run whose evaluations 0, 10, 20 ... of a phase have these values.</summary>
    public static string Write(string runs, string experiment, int seed, IReadOnlyList<Dictionary<string, double>> evaluations,
        string config = Judged, string outcome = "finished", string phase = "adversarial", int? samples = null)
    {
        var folder = RunFolder.Of(runs, experiment, seed);
        Directory.CreateDirectory(folder.Root);
        File.WriteAllLines(folder.Metrics, evaluations.Select((values, i) => new MetricLine
        {
            Phase = phase, Step = 10 * i, Seconds = i, Values = values.ToDictionary(one => "metric/" + one.Key, one => one.Value),
            Samples = samples is { } count ? values.ToDictionary(one => "metric/" + one.Key, _ => count) : null,
        }.ToJson()));
        File.WriteAllText(folder.Config, config);
        File.WriteAllText(folder.Outcome, $$"""{ "outcome": "{{outcome}}" }""");
        return folder.Root;
    }

    /// <summary>A run with one metric, from one value to another.</summary>
    public static string Write(string runs, string experiment, int seed, string metric, double start, double end, string config = Judged) =>
        Write(runs, experiment, seed, [new() { [metric] = start }, new() { [metric] = end }], config);
}
