using System.Text;
using TextGan.Problems;
using TextGan.Safety;

namespace TextGan.Reporting.Report;

/// <summary>A report of runs that may be training: a page for a server, and the data by which a page that is open is renewed.</summary>
public sealed class LiveReport
{
    readonly Lazy<byte[]> page;

    LiveReport(ReportData data, IReadOnlyList<string> problems)
    {
        (State, Runs, Problems) = (data.State!, data.Runs.Count, problems);
        var json = Encoding.UTF8.GetBytes(ReportPage.JsonOf(data));
        Data = json;
        var title = data.Title; // the page keeps this alone: all data are in the JSON
        page = new(() => Encoding.UTF8.GetBytes(ReportPage.Live.Of(title, Encoding.UTF8.GetString(json))));
    }

    /// <summary>What the page may do, as Content-Security-Policy has it.</summary>
    public static string Policy => ReportPage.Live.Policy;

    /// <summary>What tells this state of the runs from others; the data have it, too.</summary>
    public string State { get; }

    /// <summary>How many runs it has: those that have logged something.</summary>
    public int Runs { get; }

    /// <summary>Why runs are left out, in sentences.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>JSON in UTF-8.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>HTML in UTF-8. It asks for "state" and "data" beside it.</summary>
    public ReadOnlyMemory<byte> Page => page.Value;

    /// <summary>Reads runs as they are now. Those that have no line yet, or cannot be read, are left out.</summary>
    /// <param name="runFolders">Folders <c>runs/EXPERIMENT/SEED</c>; the order of experiments is theirs.</param>
    /// <param name="state">What tells this state of the runs from others.</param>
    /// <param name="doing">"running" or "queued" where a process works in a run's folder; else null.</param>
    /// <exception cref="InvalidInputException">A run is there twice.</exception>
    public static LiveReport Of(IReadOnlyList<string> runFolders, string state, Func<string, string?> doing)
    {
        var (runs, problems) = (new List<RunReport.Run>(), new List<string>());
        foreach (var folder in runFolders)
        {
            try
            {
                runs.Add(RunReport.Read(new(folder)) with { Doing = doing(folder) });
            }
            catch (InvalidInputException damaged)
            {
                problems.AddRange(damaged.Problems.Select(problem => SafeText.Line($"{problem}")));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                problems.Add(SafeText.Line($"{folder}: {gone.Message}"));
            }
        }
        return new(RunReport.Of(runs).Data with { State = state }, problems);
    }
}
