using TextGan.Cli.Display;
using TextGan.Experiments.Reading;
using TextGan.Runs;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>Runs small experiments on the grammar in a folder of their own.</summary>
sealed class SmallRun : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("textgan-run-").FullName;

    /// <summary>A complete experiment that takes about a second; <paramref name="changes"/> are edits <c>path=value</c>.</summary>
    public IReadOnlyList<RunResult> Run(IRunSink observer, CancellationToken stop, params string[] changes) =>
        Run([Read(changes)], observer, stop);

    public LoadedExperiment Read(params string[] changes)
    {
        var file = Path.Combine(Folder, "small.json");
        File.WriteAllText(file, Experiment);
        return ExperimentFile.Read(file, new ReadingSettings { Edits = changes }).Single();
    }

    public IReadOnlyList<RunResult> Run(IReadOnlyList<LoadedExperiment> experiments, IRunSink observer, CancellationToken stop,
        bool restart = false, bool draws = true) =>
        new ExperimentRunner(
            new RunnerOptions { RunsFolder = Path.Combine(Folder, "runs"), Restart = restart },
                draws ? new RunSinks(new PlotSink(Path.Combine(Folder, "plots"), "comparison", observer), observer) : observer)
            .Run(experiments, stop);

    public static MetricLine[] Lines(RunResult result) =>
        [.. File.ReadAllLines(new RunFolder(result.Folder).Metrics).Select(MetricLine.Parse)];

    const string Experiment = """
        {
          "name": "small",
          "data": {
            "text": { "kind": "grammar", "sentences": 200, "heldOut": 20 },
            "helpfulness": { "kind": "grammar", "set": "helpfulness", "sentences": 100, "heldOut": 20 }
          },
          "tokenizer": { "kind": "word" }, "length": 26, "threads": 1,
          "generator": { "kind": "lstm", "embedding": 8, "hidden": 12 },
          "pretraining": { "data": "text", "epochs": 2, "batch": 16 },
          "discriminators": [
            { "name": "real", "kind": "cnn", "data": "text", "embedding": 8, "widths": [2, 3], "filters": [4, 4], "pretrainingSteps": 2 },
            { "name": "helpful", "kind": "lstm", "data": "helpfulness", "embedding": 8, "hidden": 8, "weight": 0.5,
              "opponents": { "generated": 1, "rejected": 1 } }
          ],
          "estimator": { "kind": "reinforce" },
          "training": { "iterations": 4, "batch": 8 },
          "evaluation": { "every": 2, "samples": 10,
            "metrics": [{ "kind": "nll", "data": "text" }, { "kind": "attributes", "data": "text" }] }
        }
        """;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
