using TextGan.Reporting;
using TextGan.Reporting.Report;
using TextGan.Runs.Events;

namespace TextGan.Cli.Display;

/// <summary>
/// Draws each run's pictures when it ends, and the comparison of all when the command does; then it writes the report of all.
/// </summary>
/// <param name="plotsFolder">Folder of plots.</param>
/// <param name="comparison">Name of the comparison's folder, and its title.</param>
/// <param name="word">Hears where the pictures are, or why there are none.</param>
public sealed class PlotSink(string plotsFolder, string comparison, IRunSink word) : IRunSink
{
    /// <summary>The report of all runs; null before the end, and where it could not be written.</summary>
    public WrittenReport? Report { get; private set; }

    public void Receive(RunEvent happened)
    {
        switch (happened)
        {
            case RunEvent.Ended ended:
                DrawRun(ended);
                break;
            case RunEvent.AllEnded { Folders: { Count: > 0 } folders }:
                var folder = Path.Combine(plotsFolder, comparison);
                if (folders.Count > 1) Draw(() => ComparisonPlots.Draw(folders, folder, comparison));
                Try("the report could not be written",
                    () => Report = RunReport.Write(folders, Path.Combine(folder, "report.html"), comparison));
                break;
        }
    }

    void DrawRun(RunEvent.Ended ended)
    {
        var (folder, plots) = (new RunFolder(ended.Folder), Path.Combine(plotsFolder, ended.Run!.Experiment, $"seed-{ended.Run.Seed}"));
        if (!File.Exists(folder.Metrics)) return;
        // An earlier command's pictures stand, unless it was killed before it had drawn them.
        if (ended.IsEarlier && Directory.Exists(plots)
            && Directory.EnumerateFiles(plots).Any(
            file => File.GetLastWriteTimeUtc(file) >= File.GetLastWriteTimeUtc(folder.Outcome))) return;
        Draw(() => RunPlots.Draw(ended.Folder, plots));
    }

    void Draw(Func<IReadOnlyList<string>> draw) => Try("plots could not be drawn", () =>
    {
        var files = draw();
        if (files.Count > 0) word.Say($"plots: {Path.GetDirectoryName(files[0])}");
    });

    /// <summary>What cannot be drawn is worth a line, never the run that it shows.</summary>
    void Try(string failure, Action draw)
    {
        try
        {
            draw();
        }
        catch (Exception error) when (error is InvalidInputException or IOException or UnauthorizedAccessException)
        {
            word.Warn($"{failure}: {error.Message}");
        }
    }
}
