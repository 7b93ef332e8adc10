using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Experiments.Running;

/// <summary>
/// Runs whose pretraining others can share. Pretraining is a function of a part of the experiment and the seed, so experiments
/// that differ in the rest take the weights, the log and the samples of the first run's pretraining from its folder, whether
/// that run was made by this command or an earlier one. Where they are gone, pretraining is done again, with the same bits.
/// </summary>
public sealed class PretrainedCache
{
    readonly Dictionary<string, RunFolder> folders = [];

    /// <summary>Notes a run that has pretrained.</summary>
    public void Add(string key, RunFolder folder) => folders.TryAdd(key, folder);

    /// <summary>A run that may have pretrained with the same key; null where there is none.</summary>
    public RunFolder? Find(string key) => folders.GetValueOrDefault(key);

    /// <summary>A checksum of all that pretraining depends on.</summary>
    public static string KeyOf(LoadedExperiment experiment, int seed, Device device)
    {
        var key = new JsonObject();
        foreach (var part in (string[])["data", "tokenizer", "length", "generator", "pretraining", "evaluation", "guards"])
            key[part] = experiment.Resolved[part]?.DeepClone();
        key["baseFolder"] = experiment.BaseFolder;
        key["device"] = device.ToString();
        key["threads"] = get_num_threads();
        key["seed"] = seed;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToJsonString())));
    }
}
