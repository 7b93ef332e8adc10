using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>
/// The materials of a command's experiments: loaded once for those whose data, tokenizer and length are equal
/// (<see cref="RunFingerprint.Materials"/>), and disposed of when no later experiment needs them.
/// </summary>
/// <param name="experiments">Those that will be asked for, each once; null if they are not known: then the last materials stay loaded until
/// others are needed.</param>
/// <param name="hashes">Reads what was loaded once more, to see that it is still what the fingerprints say.</param>
/// <param name="message">Hears one line a data set.</param>
/// <param name="warn">Hears what should not be overlooked about the data; by default <paramref name="message"/> does.</param>
/// <param name="runsFolder">Where runs share the texts that they draw from models (<see cref="SharedSamples"/>); null where nothing is
/// trained: then random texts stand in for them, unless a vocabulary is learnt from the texts.</param>
public sealed class SharedMaterials(IEnumerable<RunFingerprint>? experiments, ContentHashes hashes, Action<string> message,
    Action<string>? warn = null, string? runsFolder = null) : IDisposable
{
    readonly Shared<Materials> shared = new(experiments?.Select(experiment => experiment.Materials) ?? []);

    /// <summary>
    /// Loads the experiment's materials, or gives those of an earlier one. They belong to this until <see cref="Release"/>.
    /// </summary>
    /// <exception cref="Problems.InvalidInputException">A file cannot be used, or was changed since the command began.</exception>
    public Materials Load(RunFingerprint fingerprint)
    {
        var experiment = fingerprint.Experiment;
        if (shared.Find(fingerprint.Materials) is { } earlier)
        {
            message("data and tokenizer: those of an earlier experiment");
            earlier.RequireTexts(experiment.Options);
            return earlier;
        }
        if (experiments is null) shared.Dispose(); // room for the new ones
        var materials = experiment.Paths.Watch(() => Materials.Load(experiment.Options, experiment.BaseFolder,
            text => message(experiment.Paths.Show(text)), warn is null ? null : text => warn(experiment.Paths.Show(text)),
            DrawnBy(fingerprint), runsFolder is null ? null : RunFolder.SharedIn(runsFolder)));
        try
        {
            fingerprint.CheckLoaded(hashes);
        }
        catch
        {
            materials.Dispose();
            throw;
        }
        shared.Keep(fingerprint.Materials, materials);
        return materials;
    }

    DrawnRows? DrawnBy(RunFingerprint fingerprint) => runsFolder is not null
        ? new SharedSamples(runsFolder, fingerprint, text => message(fingerprint.Experiment.Paths.Show(text))).Of
        : fingerprint.Experiment.Options.Tokenizer is WordTokenizerOptions or CharacterTokenizerOptions ? null : (_, _) => null;

    /// <summary>The experiment is over.</summary>
    public void Release(RunFingerprint fingerprint)
    {
        if (experiments is not null) shared.Release(fingerprint.Materials);
    }

    public void Dispose() => shared.Dispose();
}
