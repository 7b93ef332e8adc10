namespace TextGan.Runs.Trackers;

/// <summary>
/// A run of an MLflow server, through its REST interface: each value of the log as a metric (its name begins with the phase), the
/// experiment's options as parameters, the outcome as status. The server is the one of the environment variable MLFLOW_TRACKING_URI, an
/// http or https address, so that no experiment file decides where figures and passwords go; MLFLOW_TRACKING_TOKEN, or
/// MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, identify the user. None of them is written to a run folder.
/// </summary>
public sealed record MlflowTrackerOptions : TrackerOptions
{
    /// <summary>The server's variable.</summary>
    const string Address = "MLFLOW_TRACKING_URI";

    /// <summary>MLflow's experiment, which is made if it is not there. Null (default): the experiment's name.</summary>
    [MinLength(1)]
    public string? Experiment { get; init; }

    public override Tracker Build(TrackerContext context)
    {
        string? Variable(string name) => context.Variable(name)?.Trim() is { Length: > 0 } value ? value : null;
        var address = Variable(Address) ?? throw new InvalidInputException("tracker 'mlflow'",
            $"the environment variable {Address} is not set; it is the address of the MLflow server, such as http://localhost:5000.");
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new InvalidInputException($"the environment variable {Address}", Path.IsPathRooted(address) || server?.Scheme == "file"
                ? "names a folder. MLflow keeps runs in a database behind a server; start one with 'mlflow server' and give its address, " +
                    "such as http://localhost:5000."
                : "is not an http or https address of an MLflow server.");
        if (server.UserInfo.Length > 0)
            throw new InvalidInputException($"the environment variable {Address}",
                "has a user name or password in it; give them by MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.");
        return new MlflowTracker(new MlflowServer(server, Variable("MLFLOW_TRACKING_USERNAME"), Variable("MLFLOW_TRACKING_PASSWORD"),
            Variable("MLFLOW_TRACKING_TOKEN")), Experiment ?? context.Folder.Experiment, context);
    }
}
