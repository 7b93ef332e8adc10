using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>
/// What a run folder keeps of the folder of its pretrained generator, so that it can be moved: all but the weights, which checkpoints hold.
/// </summary>
static class StoredModel
{
    /// <summary>Keeps it; nothing for generators of other kinds.</summary>
    public static void Keep(RunFolder folder, LoadedExperiment experiment)
    {
        if (experiment.Options.Generator is not PretrainedGeneratorOptions { Path: var path }) return;
        PretrainedModel.KeepLayout(InputFile.Resolve(experiment.BaseFolder, path), folder.Model);
    }

    /// <summary>The generator's options for weights of a checkpoint.</summary>
    public static GeneratorOptions Options(RunFolder folder, GeneratorOptions options) =>
        options is PretrainedGeneratorOptions pretrained ? pretrained with { Path = Path.GetFullPath(folder.Model) } : options;
}
