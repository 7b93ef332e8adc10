using System.Globalization;
using System.Text;
using System.Text.Json;
using TextGan.Problems;
using TextGan.Safety;

namespace TextGan.Reporting.Report;

/// <summary>Reads the texts of evaluations, as many as a page can hold.</summary>
static class SampleTexts
{
    /// <summary>The most texts of an evaluation, and the most characters of a text.</summary>
    public const int MostTexts = 100, LongestText = 2000;

    const string Cut = " […]";

    /// <summary>What a page may spend on texts, what a text takes beside its characters, and each of its scores: bytes.</summary>
    const int Budget = 1_500_000, PerText = 50, PerScore = 8;

    /// <summary>The first texts of each evaluation of a run.</summary>
    /// <exception cref="InvalidInputException">A file of samples is damaged.</exception>
    public static IReadOnlyList<ReportSamples> Of(RunFolder run) => [.. Files(run).Select(file => Read(file.Path, file.Phase, file.Step))];

    /// <summary>As many of the runs' texts as a page has room for; notes say what is left out.</summary>
    public static IReadOnlyList<ReportSamples> Limited(IReadOnlyList<IReadOnlyList<ReportSamples>> runs, List<string> notes)
    {
        var all = runs.SelectMany((samples, run) => samples.Select(one => one with { Run = run })).ToList();
        var (texts, evaluations) = Limits(all);
        if (all.Any(one => one.Total > texts))
            notes.Add($"Of each evaluation the first {texts} texts are here; all are in the run's folder 'samples'.");
        List<ReportSamples> kept = [.. all.GroupBy(one => one.Run).SelectMany(run => Spread([.. run], evaluations))];
        if (kept.Count < all.Count)
            notes.Add($"Of each run {evaluations} evaluations are here, from the first to the last, so that the page stays small.");
        if (all.Any(one => one.Texts.Any(text => text.Text.EndsWith(Cut, StringComparison.Ordinal))))
            notes.Add($"Texts are cut after {LongestText:N0} characters.");
        return [.. kept.Select(one => one with { Texts = [.. one.Texts.Take(texts)] })];
    }

    static IEnumerable<(string Path, Phase Phase, long Step)> Files(RunFolder run) => !Directory.Exists(run.Samples) ? [] :
        from file in Directory.EnumerateFiles(run.Samples, "*.jsonl")
        let name = Path.GetFileNameWithoutExtension(file)
        let dash = name.LastIndexOf('-')
        where dash > 0
        let phase = PhaseNames.Parse(name[..dash])
        let step = long.TryParse(name[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1
        where phase is not null && step >= 0
        orderby phase, step
        select (file, phase.Value, step);

    static ReportSamples Read(string file, Phase phase, long step)
    {
        var (lines, total) = (new List<SampleLine>(), 0);
        foreach (var line in File.ReadLines(file))
        {
            if (string.IsNullOrWhiteSpace(line) || ++total > MostTexts) continue;
            try
            {
                lines.Add(SampleLine.Parse(line));
            }
            catch (JsonException problem)
            {
                throw new InvalidInputException($"{file}:{total}", $"The line is not a sample: {problem.Message}");
            }
        }
        string[] judges = [.. lines.SelectMany(line => line.Scores.Keys).Distinct()];
        return new(0, phase, step, total, [.. judges.Select(judge => SafeText.Line(judge))],
            [.. lines.Select(line => new ReportText(Shown(line.Text), line.Prompt is { } prompt ? Shown(prompt) : null, line.Tokens,
                line.Ended, [.. judges.Select(judge => Score(line, judge))]))]);
    }

    static double? Score(SampleLine line, string judge) =>
        line.Scores.TryGetValue(judge, out var score) && double.IsFinite(score) ? Math.Round(score, 3) : null;

    /// <summary>Line breaks stay; whatever else could change the page around a text is escaped.</summary>
    static string Shown(string text)
    {
        var shown = string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => SafeText.Line(line)));
        return shown.Length <= LongestText ? shown : string.Concat(shown.EnumerateRunes().Take(LongestText)) + Cut;
    }

    /// <summary>How many texts of an evaluation, and how many evaluations of a run, stay within the budget.</summary>
    static (int Texts, int Evaluations) Limits(IReadOnlyList<ReportSamples> all)
    {
        (int Texts, int Evaluations)[] choices =
            [(MostTexts, int.MaxValue), (50, int.MaxValue), (20, int.MaxValue), (20, 20), (10, 20), (10, 10), (10, 5), (5, 3), (3, 2)];
        return choices.FirstOrDefault(choice => all.GroupBy(one => one.Run)
            .Sum(run => Spread([.. run], choice.Evaluations).Sum(one => Size(one, choice.Texts))) <= Budget, choices[^1]);
    }

    static long Size(ReportSamples samples, int texts) => samples.Texts.Take(texts).Sum(text =>
        PerText + Encoding.UTF8.GetByteCount(text.Text) + (text.Prompt is null ? 0L : Encoding.UTF8.GetByteCount(text.Prompt))
            + PerScore * text.Scores.Count);

    /// <summary>So many of a run's evaluations, the first and the last among them.</summary>
    static IEnumerable<ReportSamples> Spread(IReadOnlyList<ReportSamples> run, int most) => run.Count <= most ? run
        : Enumerable.Range(0, most).Select(i => run[(int)((long)i * (run.Count - 1) / (most - 1))]);
}
