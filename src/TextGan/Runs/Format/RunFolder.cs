namespace TextGan.Runs.Format;

/// <summary>Where a run keeps its files: <c>runs/EXPERIMENT/SEED/</c>.</summary>
public sealed record RunFolder(string Root)
{
    public static RunFolder Of(string runsFolder, string experiment, int seed) =>
        new(Path.Combine(runsFolder, experiment, seed.ToString()));

    /// <summary>Where runs keep what they share.</summary>
    public static string SharedIn(string runsFolder) => Path.Combine(runsFolder, "shared");

    /// <summary>The fully resolved experiment.</summary>
    public string Config => Path.Combine(Root, "config.json");

    /// <summary>SHA-256 of the content of each file that the run reads, by the JSON path of the option that names it: JSON.</summary>
    public string Fingerprint => Path.Combine(Root, "fingerprint.json");

    /// <summary>Versions, device, threads, commit of every command that worked on the run.</summary>
    public string Environment => Path.Combine(Root, "environment.json");

    /// <summary>A line (<see cref="MetricLine"/>) each logged step.</summary>
    public string Metrics => Path.Combine(Root, "metrics.jsonl");

    /// <summary>The learnt vocabulary, a JSON array of strings; absent where the tokenizer comes from files alone.</summary>
    public string Vocabulary => Path.Combine(Root, "vocabulary.json");

    /// <summary>A copy of the files that the tokenizer is read from; absent where it is learnt or built in.</summary>
    public string Tokenizer => Path.Combine(Root, "tokenizer");

    /// <summary>What a pretrained generator's folder says of the model, but for its weights; absent for other kinds.</summary>
    public string Model => Path.Combine(Root, "model");

    /// <summary>What was found about the data when they were loaded: warnings, and counts by data set, JSON.</summary>
    public string Data => Path.Combine(Root, "data.json");

    /// <summary>What the teachers of its discriminators were told, or still have to be told, a folder each; absent for most runs.</summary>
    public string Teachers => Path.Combine(Root, "teachers");

    /// <summary>Generated texts of each evaluation.</summary>
    public string Samples => Path.Combine(Root, "samples");

    /// <summary>The generated texts of one evaluation (<see cref="SampleLine"/>s).</summary>
    public string SamplesOf(string phase, long step) => Path.Combine(Samples, NameOfSamples(phase, step));

    /// <summary>What the file of an evaluation's texts is called.</summary>
    public static string NameOfSamples(string phase, long step) => $"{phase}-{step:D8}.jsonl";

    /// <summary>A table that a tracker writes: "metrics" or "samples", "csv" or "parquet"; absent without it.</summary>
    public string Table(string name, string ending) => Path.Combine(Root, $"{name}.{ending}");

    /// <summary>Event files of the tracker "tensorboard", a folder for each phase; absent without it.</summary>
    public string TensorBoard => Path.Combine(Root, "tensorboard");

    /// <summary>
    /// Which run of an MLflow server follows this one, and how much of the log it has: JSON; absent without such a tracker.
    /// </summary>
    public string Mlflow => Path.Combine(Root, "mlflow.json");

    /// <summary>Weights, optimiser and random states.</summary>
    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>The runs whose weights it is the mean of, and how much of each: JSON; absent where it was trained.</summary>
    public string Soup => Path.Combine(Root, "soup.json");

    /// <summary>"finished", "stopped" or "failed", with the time and, where it failed, the message: JSON.</summary>
    public string Outcome => Path.Combine(Root, "outcome.json");

    /// <summary>Locked while a process works in the folder; <see cref="Holder"/> says which.</summary>
    public string Lock => Path.Combine(Root, ".lock");

    /// <summary>Process, host and time of who works in the folder: JSON; absent while nobody does, stale after a crash.</summary>
    public string Holder => Path.Combine(Root, ".lock.json");

    /// <summary>The experiment's name, from the folder above.</summary>
    public string Experiment => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(Root))!);

    /// <summary>The seed, from the folder's name.</summary>
    public string Seed => Path.GetFileName(Path.GetFullPath(Root));
}
