using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TextGan.Storage;

namespace TextGan.Cli.Cluster;

/// <summary>
/// An array job that was submitted: <c>RUNS/slurm/TIME/</c> with the script <c>job.sh</c>, its runs <c>job.json</c>, and for each element
/// the output <c>0.log</c> and the notes <c>0.jsonl</c> (<see cref="ElementNote"/>).
/// </summary>
/// <param name="Folder">The folder.</param>
/// <param name="Submitted">When.</param>
/// <param name="Runs">The runs in the order of the elements, NAME/SEED.</param>
public sealed record Submission(string Folder, DateTimeOffset Submitted, IReadOnlyList<string> Runs)
{
    const long LatestTime = 1L << 36; // seconds since 1970, in the year 4147

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The job's number, or null before Slurm has given one.</summary>
    public string? Job { get; init; }

    [JsonIgnore]
    public string Script => Path.Combine(Folder, "job.sh");

    string Description => Path.Combine(Folder, "job.json");

    public string Log(int element) => Path.Combine(Folder, $"{element}.log");

    string NoteFile(int element) => Path.Combine(Folder, $"{element}.jsonl");

    /// <summary>A submission of these runs in a folder that does not exist yet.</summary>
    public static Submission New(string runsFolder, DateTimeOffset now, IReadOnlyList<string> runs)
    {
        var stem = Path.Combine(runsFolder, "slurm", now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        var folder = stem;
        for (var number = 2; Directory.Exists(folder); number++) folder = $"{stem}-{number}";
        return new Submission(folder, now, runs);
    }

    /// <summary>All submissions with these run folders, oldest first; damaged ones are left out.</summary>
    public static IReadOnlyList<Submission> In(string runsFolder)
    {
        var folder = Path.Combine(runsFolder, "slurm");
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateDirectories(folder).Select(Read).OfType<Submission>().OrderBy(one => one.Submitted)];
    }

    static Submission? Read(string folder)
    {
        try
        {
            var read = JsonSerializer.Deserialize<Submission>(File.ReadAllText(Path.Combine(folder, "job.json")), Json);
            return read?.Runs?.All(run => run is not null) == true ? read with { Folder = folder } : null; // it may have been moved
        }
        catch (Exception damaged) when (damaged is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void WriteDescription() => AtomicFile.WriteText(Description, JsonSerializer.Serialize(this, Json));

    /// <summary>What the script has noted of an element, oldest first; empty before it starts.</summary>
    public IReadOnlyList<ElementNote> Notes(int element)
    {
        try
        {
            return [.. File.ReadAllLines(NoteFile(element)).Select(Note).OfType<ElementNote>()];
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static ElementNote? Note(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<ElementNote>(line, Json) is { Event: not null, At: > 0 and < LatestTime } note
                && note.Ends is not >= LatestTime and not < 0 ? note : null;
        }
        catch (JsonException)
        {
            return null; // cut off
        }
    }

    /// <summary>When an element's script last showed that it is alive.</summary>
    public DateTimeOffset LastSign(int element) => new(File.GetLastWriteTimeUtc(NoteFile(element)), TimeSpan.Zero);
}
