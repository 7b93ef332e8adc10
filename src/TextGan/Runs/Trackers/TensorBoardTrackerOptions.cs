namespace TextGan.Runs.Trackers;

/// <summary>
/// Event files for TensorBoard in the run's folder: tensorboard --logdir runs. Each phase is one of TensorBoard's runs,
/// EXPERIMENT/SEED/tensorboard/PHASE, as phases count their steps from 0. Each value of the log is a scalar; of evaluations there are
/// samples as texts, and the distributions of their lengths and of each judge's scores.
/// </summary>
public sealed record TensorBoardTrackerOptions : TrackerOptions
{
    /// <summary>The number of samples of each evaluation that are shown as texts, from the first. Default 20; 0 shows none.</summary>
    [Range(0, 1000)]
    public int Texts { get; init; } = 20;

    public override Tracker Build(TrackerContext context) => new TensorBoardTracker(context.Folder.TensorBoard, Texts);
}
