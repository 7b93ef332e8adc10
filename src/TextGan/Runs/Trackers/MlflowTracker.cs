using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Runs.Format;
using TextGan.Safety;

namespace TextGan.Runs.Trackers;

/// <summary>
/// Tells an MLflow server of a run. A file in the run's folder keeps which run of the server it is and how many lines of the log are
/// there, so that a run that is resumed has no value twice: the lines that it computes again are the ones that were sent.
/// </summary>
sealed class MlflowTracker(MlflowServer server, string experiment, TrackerContext context) : Tracker
{
    /// <summary>Limits of a request, and of names and values: those that all versions of the server accept.</summary>
    const int MostMetrics = 1000, MostParameters = 100, LongestName = 250, LongestValue = 500;

    static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What is kept.</summary>
    /// <param name="Run">The server's name of the run.</param>
    /// <param name="Lines">The lines of the log that the server has.</param>
    /// <param name="Begin">When the run began, in milliseconds since 1970.</param>
    sealed record State(string Run, long Lines, long Begin);

    State? state;
    bool isOpen; // since this object was made
    long line; // of the log, that comes next

    public override void Write(IReadOnlyList<TrackedLine> lines)
    {
        var begun = Open(lines);
        var metrics = new List<JsonNode>();
        foreach (var tracked in lines)
        {
            if (line < begun.Lines)
            {
                line++;
                continue;
            }
            var values = tracked.Line.Values;
            if (metrics.Count > 0 && metrics.Count + values.Count > MostMetrics) Flush(metrics);
            foreach (var (name, value) in values)
            {
                if (metrics.Count == MostMetrics) Send(metrics);
                metrics.Add(new JsonObject
                {
                    ["key"] = NameOf($"{tracked.Line.Phase}/{name}"),
                    ["value"] = double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture),
                    ["timestamp"] = begun.Begin + (long)(tracked.Line.Seconds * 1000),
                    ["step"] = tracked.Line.Step,
                });
            }
            line++;
        }
        if (line > begun.Lines) Flush(metrics);
    }

    public override void End(string outcome)
    {
        if (state is null) return;
        server.Post("runs/set-tag", new() { ["run_id"] = state.Run, ["key"] = "outcome", ["value"] = outcome });
        Update(state.Run, outcome switch { "finished" => "FINISHED", "failed" => "FAILED", _ => "KILLED" }, Now);
    }

    /// <summary>The server's run, which is made where there is none.</summary>
    State Open(IReadOnlyList<TrackedLine> lines)
    {
        if (isOpen) return state!;
        if (Kept() is { } kept && IsThere(kept.Run) && Update(kept.Run, "RUNNING", null)) state = kept;
        else
        {
            var begin = LogReader.BeginOf(lines);
            Keep(new(Create(begin), 0, begin));
        }
        if (state!.Lines == 0) Parameters(state.Run); // later they may be others: a run can be given more iterations
        isOpen = true;
        return state;
    }

    State? Kept()
    {
        try
        {
            var file = context.Folder.Mlflow;
            return File.Exists(file) ? JsonSerializer.Deserialize<State>(File.ReadAllBytes(file), json) : null;
        }
        catch (JsonException)
        {
            return null; // damaged: the server gets a new run
        }
    }

    void Keep(State now)
    {
        state = now;
        AtomicFile.WriteText(context.Folder.Mlflow, JsonSerializer.Serialize(now, json));
    }

    string Create(long begin)
    {
        var created = server.Post("runs/create", new()
        {
            ["experiment_id"] = ExperimentId() ?? CreateExperiment(),
            ["run_name"] = $"{context.Folder.Experiment}/{context.Folder.Seed}",
            ["start_time"] = begin,
            ["tags"] = new JsonArray(
                new JsonObject { ["key"] = "mlflow.source.name", ["value"] = "TextGan" },
                new JsonObject { ["key"] = "seed", ["value"] = context.Folder.Seed }),
        });
        return created?["run"]?["info"]?["run_id"]?.GetValue<string>() ?? throw new HttpRequestException("The server gave no run_id.");
    }

    string? ExperimentId() => Value(server.Get($"experiments/get-by-name?experiment_name={Uri.EscapeDataString(experiment)}")?["experiment"]
        as JsonObject, "experiment_id");

    string CreateExperiment()
    {
        try
        {
            return Value(server.Post("experiments/create", new() { ["name"] = experiment }), "experiment_id")
                ?? throw new HttpRequestException("The server gave no experiment_id.");
        }
        catch (HttpRequestException)
        {
            if (ExperimentId() is { } id) return id; // another run has made it meanwhile
            throw;
        }
    }

    static string? Value(JsonObject? answer, string name) => answer?[name]?.GetValue<string>();

    /// <summary>False where the server does not know the run, or somebody has deleted it, which the server keeps for a while.</summary>
    bool IsThere(string run) => server.Get($"runs/get?run_id={Uri.EscapeDataString(run)}")?["run"]?["info"] is JsonObject info
        && Value(info, "lifecycle_stage") == "active";

    /// <summary>False where the server does not know the run.</summary>
    bool Update(string run, string status, long? end)
    {
        var body = new JsonObject { ["run_id"] = run, ["status"] = status };
        if (end is not null) body["end_time"] = end;
        return server.Post("runs/update", body) is not null;
    }

    void Parameters(string run)
    {
        foreach (var part in Flat(context.Configuration, "").Where(pair => pair.Value.Length > 0 && pair.Name[0] != '$')
            .Chunk(MostParameters))
        {
            server.Post("runs/log-batch", new()
            {
                ["run_id"] = run,
                ["params"] = new JsonArray(
                    [.. part.Select(pair => new JsonObject { ["key"] = NameOf(pair.Name), ["value"] = pair.Value })]),
            });
        }
    }

    static IEnumerable<(string Name, string Value)> Flat(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(member => Flat(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}")),
        JsonArray items => items.SelectMany((item, index) => Flat(item, $"{path}.{index}")),
        _ => [(path, Cut(SafeText.Line(node?.ToString()), LongestValue))],
    };

    /// <summary>Sends the values of all lines so far.</summary>
    void Flush(List<JsonNode> metrics)
    {
        if (metrics.Count > 0) Send(metrics);
        Keep(state! with { Lines = line });
    }

    void Send(List<JsonNode> metrics)
    {
        if (server.Post("runs/log-batch", new() { ["run_id"] = state!.Run, ["metrics"] = new JsonArray([.. metrics]) }) is null)
            throw new HttpRequestException("The server no longer has the run.");
        metrics.Clear();
    }

    /// <summary>The server accepts letters, digits, and these characters.</summary>
    static string NameOf(string name) => Cut(string.Concat(name.Select(one =>
        char.IsAsciiLetterOrDigit(one) || "_-. /".Contains(one, StringComparison.Ordinal) ? one : '_')), LongestName);

    static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 3)] + "...";

    static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public override void Dispose()
    {
        server.Dispose();
        base.Dispose();
    }
}
