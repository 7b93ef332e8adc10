using TextGan.Runs.Format;
using System.Text.Json.Nodes;

namespace TextGan.Runs.Trackers;

/// <summary>
/// Where else the figures and samples of a run go while it trains. A tracker follows the run's log; it changes nothing about the training,
/// and one that fails costs a warning.
/// </summary>
[NameMeansKind]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TensorBoardTrackerOptions), "tensorboard")]
[JsonDerivedType(typeof(MlflowTrackerOptions), "mlflow")]
[JsonDerivedType(typeof(CsvTrackerOptions), "csv")]
[JsonDerivedType(typeof(ParquetTrackerOptions), "parquet")]
public abstract record TrackerOptions : ComponentOptions<TrackerContext, Tracker>;

/// <summary>What a tracker is built for.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="Configuration">The resolved experiment.</param>
public sealed record TrackerContext(RunFolder Folder, JsonObject Configuration)
{
    /// <summary>Gives the environment variable of a name; null where it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;
}
