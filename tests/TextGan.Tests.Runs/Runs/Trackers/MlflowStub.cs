using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace TextGan.Tests.Runs.Trackers;

/// <summary>
/// A server on this machine that answers as MLflow's REST API 2.0 is documented to, keeps what it is told, and notes every request that the
/// real one would reject.
/// </summary>
sealed class MlflowStub : IDisposable
{
    readonly HttpListener listener = new();
    readonly Thread thread;

    public sealed record Run(string Id, string Experiment, string Name)
    {
        public string Status { get; set; } = "RUNNING";
        public long? EndTime { get; set; }
        public List<(string Key, double Value, long Timestamp, long Step)> Metrics { get; } = [];
        public Dictionary<string, string> Parameters { get; } = [];
        public Dictionary<string, string> Tags { get; } = [];
        public int Batches { get; set; }
        public bool IsDeleted { get; set; }
    }

    public MlflowStub()
    {
        for (var port = 0; ;)
        {
            using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                port = ((IPEndPoint)free.LocalEndpoint).Port;
            }
            try
            {
                Address = $"http://127.0.0.1:{port}";
                listener.Prefixes.Add(Address + "/");
                listener.Start();
                break;
            }
            catch (HttpListenerException)
            {
                listener.Prefixes.Clear(); // somebody took it
            }
        }
        thread = new Thread(Serve) { IsBackground = true };
        thread.Start();
    }

    public string Address { get; }

    public ConcurrentDictionary<string, string> Experiments { get; } = new();

    public List<Run> Runs { get; } = [];

    public List<string> Faults { get; } = [];

    public List<string> Paths { get; } = [];

    public string? Authorization { get; set; }

    /// <summary>So many requests from now on are answered with an error.</summary>
    public int Failing { get; set; }

    /// <summary>Somebody else makes each experiment just before it is asked for.</summary>
    public bool IsOvertaken { get; set; }

    void Serve()
    {
        try
        {
            while (true)
            {
                var context = listener.GetContext();
                lock (Runs) Answer(context);
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    void Answer(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath;
        Paths.Add(path.Replace("/api/2.0/mlflow/", "", StringComparison.Ordinal));
        Authorization = context.Request.Headers["Authorization"];
        var (status, answer) = (200, new JsonObject());
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var text = reader.ReadToEnd();
        if (text.Length > 1_000_000) Faults.Add($"{path}: {text.Length} bytes");
        if (Failing > 0)
        {
            Failing--;
            (status, answer) = (503, new() { ["error_code"] = "TEMPORARILY_UNAVAILABLE", ["message"] = "busy" });
        }
        else
        {
            try
            {
                (status, answer) = Handle(path, context.Request.QueryString["experiment_name"] ?? context.Request.QueryString["run_id"],
                    text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject());
            }
            catch (Exception fault)
            {
                Faults.Add($"{path}: {fault.Message}");
                (status, answer) = (400, new() { ["error_code"] = "INVALID_PARAMETER_VALUE", ["message"] = fault.Message });
            }
        }
        context.Response.StatusCode = status;
        context.Response.OutputStream.Write(Encoding.UTF8.GetBytes(answer.ToJsonString()));
        context.Response.Close();
    }

    static readonly (int, JsonObject) Nothing =
        (404, new JsonObject { ["error_code"] = "RESOURCE_DOES_NOT_EXIST", ["message"] = "There is no such thing." });

    (int, JsonObject) Handle(string path, string? name, JsonNode body)
    {
        switch (path)
        {
            case "/api/2.0/mlflow/experiments/get-by-name":
                return Experiments.TryGetValue(name!, out var id) ? (200, new() { ["experiment"] = new JsonObject
                {
                    ["experiment_id"] = id, ["name"] = name,
                } }) : Nothing;
            case "/api/2.0/mlflow/experiments/create":
                Experiments[body["name"]!.GetValue<string>()] = "7";
                if (IsOvertaken) return (400, new() { ["error_code"] = "RESOURCE_ALREADY_EXISTS", ["message"] = "It is there." });
                return (200, new() { ["experiment_id"] = "7" });
            case "/api/2.0/mlflow/runs/create":
                var made = new Run($"run{Runs.Count}", body["experiment_id"]!.GetValue<string>(), body["run_name"]!.GetValue<string>());
                Check(body["start_time"]!.GetValue<long>() > 1_600_000_000_000, "start_time is in milliseconds");
                foreach (var tag in body["tags"]!.AsArray())
                    made.Tags.Add(tag!["key"]!.GetValue<string>(), tag["value"]!.GetValue<string>());
                Runs.Add(made);
                return (200, new() { ["run"] = new JsonObject { ["info"] = new JsonObject { ["run_id"] = made.Id } } });
        }
        if (Runs.FirstOrDefault(run => run.Id == (name ?? body["run_id"]!.GetValue<string>())) is not { } run) return Nothing;
        if (path == "/api/2.0/mlflow/runs/get")
            return (200, new() { ["run"] = new JsonObject { ["info"] = new JsonObject
            {
                ["run_id"] = run.Id, ["lifecycle_stage"] = run.IsDeleted ? "deleted" : "active",
            } } });
        Check(!run.IsDeleted, "the run is deleted");
        switch (path)
        {
            case "/api/2.0/mlflow/runs/update":
                run.Status = body["status"]!.GetValue<string>();
                Check(run.Status is "RUNNING" or "SCHEDULED" or "FINISHED" or "FAILED" or "KILLED", run.Status);
                run.EndTime = body["end_time"]?.GetValue<long>();
                return (200, new());
            case "/api/2.0/mlflow/runs/set-tag":
                run.Tags[body["key"]!.GetValue<string>()] = body["value"]!.GetValue<string>();
                return (200, new());
            case "/api/2.0/mlflow/runs/log-batch":
                Batch(run, body["metrics"]?.AsArray() ?? [], body["params"]?.AsArray() ?? []);
                return (200, new());
            default:
                throw new InvalidOperationException("There is no such path.");
        }
    }

    static void Batch(Run run, JsonArray metrics, JsonArray parameters)
    {
        run.Batches++;
        Check(metrics.Count <= 1000 && parameters.Count <= 100 && metrics.Count + parameters.Count is > 0 and <= 1000, "limits of a batch");
        foreach (var metric in metrics)
        {
            var key = Key(metric!["key"]);
            var value = metric["value"]!.GetValueKind() == System.Text.Json.JsonValueKind.String
                ? metric["value"]!.GetValue<string>() is "NaN" ? double.NaN : throw new InvalidOperationException("a string as a value")
                : metric["value"]!.GetValue<double>();
            run.Metrics.Add((key, value, metric["timestamp"]!.GetValue<long>(), metric["step"]!.GetValue<long>()));
        }
        foreach (var parameter in parameters)
        {
            var (key, value) = (Key(parameter!["key"]), parameter["value"]!.GetValue<string>());
            Check(value.Length <= 500, "the length of a parameter");
            Check(run.Parameters.TryAdd(key, value) || run.Parameters[key] == value, $"{key} was {run.Parameters[key]}");
        }
    }

    static string Key(JsonNode? node)
    {
        var key = node!.GetValue<string>();
        Check(key.Length is > 0 and <= 250 && key.All(one => char.IsAsciiLetterOrDigit(one) || "_-. /".Contains(one)), $"the name {key}");
        return key;
    }

    static void Check(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException(what);
    }

    public void Dispose()
    {
        listener.Stop();
        thread.Join(1000);
        listener.Close();
    }
}
