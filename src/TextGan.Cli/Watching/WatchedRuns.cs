using System.Security.Cryptography;
using TextGan.Cli.Status;
using TextGan.Reporting.Report;

namespace TextGan.Cli.Watching;

/// <summary>What there is to show of runs.</summary>
/// <param name="Report">The last report that could be made.</param>
/// <param name="Problems">What is wrong since, or with runs that it lacks.</param>
public sealed record WatchedState(LiveReport Report, IReadOnlyList<string> Problems);

/// <summary>
/// The report of runs that may be training. Folders are looked at only when somebody asks, and the report is made
/// anew only where something has changed. That happens at most every two seconds, and takes at most a quarter of the time; who asks
/// meanwhile gets the last report.
/// </summary>
/// <param name="find">The run folders that are there now.</param>
/// <param name="clock">Tells the time.</param>
public sealed class WatchedRuns(Func<IReadOnlyList<string>> find, TimeProvider clock)
{
    /// <summary>How often folders are looked at, at most.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    /// <summary>After a look there is a pause of so many times what the look took.</summary>
    const double PausePerLook = 3;

    readonly Lock gate = new();
    readonly string session = Convert.ToHexString(RandomNumberGenerator.GetBytes(4)); // another process's states are other ones
    Task<WatchedState>? look;
    WatchedState? state;
    string? seen;
    int reports;
    long looked;
    TimeSpan pause;

    /// <summary>The last report. Only the first one is waited for: later ones are made in the background.</summary>
    public Task<WatchedState> Now()
    {
        lock (gate)
        {
            if (look is null || (look.IsCompleted && clock.GetElapsedTime(looked) >= pause)) look = Task.Run(Look);
            return state is null ? look : Task.FromResult(state);
        }
    }

    WatchedState Look()
    {
        var began = clock.GetTimestamp();
        var next = Next();
        lock (gate)
        {
            looked = clock.GetTimestamp();
            var took = clock.GetElapsedTime(began, looked) * PausePerLook;
            pause = took > Pace ? took : Pace;
            return state = next;
        }
    }

    /// <summary>Whatever goes wrong with a report, the last one stays.</summary>
    WatchedState Next()
    {
        string? mark = null;
        try
        {
            var folders = find();
            mark = string.Join('\n', folders.Select(MarkOf));
            if (state is not null && mark == seen) return state;
            var report = Make(folders);
            seen = mark; // as it was before the report: what has changed since is found the next time
            return state is { Report.Runs: > 0 } last && report.Runs == 0
                ? new(last.Report, [.. report.Problems, "The runs were deleted or restarted. The page shows what they had logged."])
                : new(report, report.Problems);
        }
        catch (InvalidInputException bad)
        {
            return Same([.. bad.Problems.Select(problem => SafeText.Line($"{problem}"))], mark); // stays so until something changes
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Same([SafeText.Line(unreadable.Message)]);
        }
        catch (Exception unexpected)
        {
            return Same([SafeText.Line($"Unexpected {unexpected.GetType().Name}: {unexpected.Message}")]);
        }
    }

    /// <param name="problems">Why there is no other report.</param>
    /// <param name="mark">The file state that failed, which is not tried again until it changes; null: try again.</param>
    WatchedState Same(IReadOnlyList<string> problems, string? mark = null)
    {
        seen = mark;
        return new(state?.Report ?? Make([]), problems);
    }

    LiveReport Make(IReadOnlyList<string> folders) => LiveReport.Of(folders, $"{session}-{++reports}", Doing);

    static string? Doing(string folder) => StatusReader.Held(new(folder))?.ToString().ToLowerInvariant();

    /// <summary>Changes whenever what a report reads of a run does: lengths and times of its files, and who works in it.</summary>
    static string MarkOf(string root)
    {
        var run = new RunFolder(root);
        return string.Join('|', (string?[])[root, Doing(root), .. ((string[])
            [run.Metrics, run.Config, run.Environment, run.Outcome, run.Data, run.Soup]).Select(MarkOfFile),
            $"{Directory.GetLastWriteTimeUtc(run.Samples).Ticks}"]); // files of samples come whole, and stay as they are
    }

    static string MarkOfFile(string path) =>
        new FileInfo(path) is { Exists: true } file ? $"{file.Length} {file.LastWriteTimeUtc.Ticks}" : "";
}
