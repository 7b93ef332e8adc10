using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;

namespace TextGan.Runs;

/// <summary>The checkpoint that an experiment's <c>start</c> names.</summary>
static class StartCheckpoint
{
    /// <summary>The run in an experiment's JSON.</summary>
    public const string Place = "$.start.run";

    /// <summary>The checkpoint; null where the experiment names none.</summary>
    /// <exception cref="InvalidInputException">There is no such run or checkpoint.</exception>
    public static Checkpoint? Of(LoadedExperiment experiment)
    {
        if (experiment.Options.Start is not { } start) return null;
        return StoredRun.Choose(StoredRun.FolderAt(InputFile.Resolve(experiment.BaseFolder, start.Run)), null, start.Step, _ => { });
    }

    /// <summary>Gives a generator the checkpoint's weights: those of the moving average where the run kept one.</summary>
    /// <exception cref="InvalidInputException">The run has other tokens or another generator, or the file is no longer what the fingerprint
    /// says.</exception>
    public static void Load(Generator generator, ITokenizer tokenizer, RunFingerprint fingerprint)
    {
        if (fingerprint.Start is not { } checkpoint) return;
        var run = new RunFolder(Path.GetDirectoryName(checkpoint.Folder)!);
        if (new ContentHashes().Of(checkpoint.TensorFile) != fingerprint.Contents[Place])
            throw RunFingerprint.ChangedMeanwhile(checkpoint.TensorFile);
        var theirs = StoredRun.EncoderOf(
            run, ExperimentFile.ReadConfig(run.Config, fingerprint.Experiment.Settings with { Only = [], Edits = [] }), _ => { }).Tokenizer;
        if (Difference(theirs, tokenizer) is { } difference)
            throw new InvalidInputException(Place,
                $"the run '{run.Root}' has another tokenizer ({difference}); a generator works only with the tokens that it has learnt.");
        var bag = checkpoint.Read();
        try
        {
            ModuleState.Load(generator, StoredRun.WeightsIn(bag));
        }
        catch (InvalidDataException mismatch)
        {
            throw new InvalidInputException(Place,
                $"checkpoint {checkpoint.Name} of '{run.Root}' does not fit this experiment's generator: {mismatch.Message}.");
        }
        finally
        {
            bag.Clear();
        }
    }

    /// <summary>The first thing that two tokenizers do not agree in; null where their ids mean the same.</summary>
    internal static string? Difference(ITokenizer there, ITokenizer here)
    {
        if (there.VocabularySize != here.VocabularySize)
            return $"{Amount.Of(there.VocabularySize, "token")} there and {here.VocabularySize:N0} here";
        if ((there.StartId, there.EndId, there.PaddingId, there.UnknownId) != (here.StartId, here.EndId, here.PaddingId, here.UnknownId))
            return "other tokens begin, end or stand for unknown words";
        for (var id = 0; id < here.VocabularySize; id++)
            if (there.TokenText(id) != here.TokenText(id))
                return $"token {id} is '{there.TokenText(id)}' there and '{here.TokenText(id)}' here";
        return null;
    }
}
