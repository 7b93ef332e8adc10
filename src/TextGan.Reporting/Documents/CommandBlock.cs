using System.Globalization;
using TextGan.Problems;
using TextGan.Safety;

namespace TextGan.Reporting.Documents;

/// <summary>The block "command": how the runs were made, and how long they took.</summary>
static class CommandBlock
{
    /// <exception cref="InvalidInputException">The block cannot be understood, or a summary lacks the command.</exception>
    public static IEnumerable<string> Lines(BlockJson json, Func<string, ResultFile> read)
    {
        var rows = new ResultSet(json, read).Rows(json);
        json.End();
        if (rows.FirstOrDefault(row => row.Commands.Count == 0) is { } without)
            throw json.Bad($"the summary does not say the command of '{without.Experiment}'; " +
                "'textgan summarize' writes it with --command.", "results");
        string[] commands = [.. rows.SelectMany(row => row.Commands).Distinct()];
        RunSummary[] runs = [.. rows.SelectMany(row => row.Runs).Distinct()];
        string[] dates = [.. runs.Select(run => run.Date).Where(date => date.Length > 0).Distinct().Order(StringComparer.Ordinal)];
        yield return commands.Length == 1 ? "Command:" : "Commands:";
        yield return "";
        foreach (var command in commands) yield return "    " + SafeText.Line(command); // indented, so that no fence can end it
        yield return "";
        yield return $"Machine time: {Time(runs.Sum(run => run.Seconds))} in all " +
            $"({Amount.Of(runs.Length, "run")}: {Amount.Of(rows.Select(row => row.Experiment).Distinct().Count(), "experiment")}, " +
            $"seed{(runs.Select(run => run.Seed).Distinct().Count() == 1 ? "" : "s")} {TableRow.SeedsOf(runs)}). " +
            $"Machine: {Listed(runs.Select(run => run.Machine))}. Version: {Listed(runs.Select(run => Short(run.Version)))}" +
            $"{(dates.Length == 0 ? "" : dates.Length == 1 ? $", {dates[0]}" : $", {dates[0]} to {dates[^1]}")}.";
    }

    /// <summary>A version with the first characters of its commit.</summary>
    public static string Short(string version) => version.Split('+') is [var number, { Length: > 7 } commit] ? $"{number}+{commit[..7]}"
        : version;

    static string Listed(IEnumerable<string> words) => string.Join("; ", words.Distinct().Select(MarkdownText.Escape));

    static string Time(double seconds) => seconds switch
    {
        < 120 => Amount.Of((long)Math.Round(seconds), "second"),
        < 120 * 60 => Amount.Of((long)Math.Round(seconds / 60), "minute"),
        _ => (seconds / 3600).ToString("#,0.0", CultureInfo.InvariantCulture) + " hours",
    };
}
