using TextGan.Training;

namespace TextGan.Experiments.Running;

/// <summary>
/// Runs whose pretraining others can share, by <see cref="RunFingerprint.Pretraining"/>. It is a function of a part of the experiment, what
/// that reads, the environment and the seed, so experiments that differ in the rest take the weights, the log and the samples of the first run's pretraining from its folder, whether
/// that run was made by this command or an earlier one. Where they are gone, pretraining is done again, with the same bits.
/// </summary>
public sealed class PretrainedCache
{
    readonly Dictionary<string, RunFolder> folders = [];

    /// <summary>Notes a run that has pretrained.</summary>
    public void Add(string key, RunFolder folder) => folders.TryAdd(key, folder);

    /// <summary>A run that may have pretrained with the same key; null where there is none.</summary>
    public RunFolder? Find(string key) => folders.GetValueOrDefault(key);
}
