using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>
/// What a run folder keeps of the folder of its pretrained generator, so that it can be moved: all but the weights, which checkpoints hold
/// unless only adapters learn.
/// </summary>
static class StoredModel
{
    /// <summary>Keeps it; nothing for generators of other kinds.</summary>
    public static void Keep(RunFolder folder, LoadedExperiment experiment)
    {
        if (experiment.Options.Generator is not PretrainedGeneratorOptions { Path: var path }) return;
        PretrainedModel.KeepLayout(InputFile.Resolve(experiment.BaseFolder, path), folder.Model);
    }

    /// <summary>
    /// The generator's options for weights of a checkpoint. Of a generator with adapters it has these alone: the model is read where it
    /// was.
    /// </summary>
    /// <exception cref="InvalidInputException">The model that adapters belong to is not there, or is another one now.</exception>
    public static GeneratorOptions Options(RunFolder folder, LoadedExperiment experiment) =>
        experiment.Options.Generator is PretrainedGeneratorOptions { Lora: null } pretrained
            ? pretrained with { Path = Path.GetFullPath(folder.Model) } : Initial(folder, experiment);

    /// <summary>The generator's options for the weights that the run began with: a pretrained model is read where it was.</summary>
    /// <exception cref="InvalidInputException">The model is not there, or is another one now.</exception>
    public static GeneratorOptions Initial(RunFolder folder, LoadedExperiment experiment)
    {
        if (experiment.Options.Generator is not PretrainedGeneratorOptions pretrained) return experiment.Options.Generator;
        var model = NamedFiles.ReadBy(experiment).Single(file => file.Place == "$.generator.path");
        if (!Directory.Exists(model.Path))
            throw new InvalidInputException(model.Path,
                "The folder is not there; the run began with the model in it, which its checkpoints do not hold.");
        if (RunFingerprint.ContentsIn(folder)?.GetValueOrDefault(model.Place) is { } hash && model.Hash(new ContentHashes()) != hash)
            throw new InvalidInputException(model.Path,
                $"is not the model that the run began with: its checksum is not the one in {Path.GetFileName(folder.Fingerprint)}.");
        return pretrained with { Path = model.Path };
    }
}
