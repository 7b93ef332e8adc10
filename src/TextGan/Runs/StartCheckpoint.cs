using TextGan.Discriminators;
using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;

namespace TextGan.Runs;

/// <summary>The checkpoints of other runs that an experiment's <c>start</c> and those of its discriminators name.</summary>
static class StartCheckpoint
{
    /// <summary>The run that the generator begins with, in an experiment's JSON.</summary>
    public const string Place = "$.start.run";

    /// <summary>The run that a discriminator begins with.</summary>
    public static string PlaceOf(int discriminator) => $"$.discriminators[{discriminator}].start.run";

    /// <summary>The checkpoints by their places; none where the experiment names none.</summary>
    /// <exception cref="InvalidInputException">There is no such run or checkpoint.</exception>
    public static IReadOnlyDictionary<string, Checkpoint> AllOf(LoadedExperiment experiment)
    {
        var found = new Dictionary<string, Checkpoint>();
        if (experiment.Options.Start is { } start) found[Place] = Of(start.Run, start.Step);
        for (var k = 0; k < experiment.Options.Discriminators.Count; k++)
            if (experiment.Options.Discriminators[k].Start is { } own) found[PlaceOf(k)] = Of(own.Run, own.Step);
        return found;

        Checkpoint Of(string run, long? step) =>
            StoredRun.Choose(StoredRun.FolderAt(InputFile.Resolve(experiment.BaseFolder, run)), null, step, _ => { });
    }

    /// <summary>Gives a generator the checkpoint's weights: those of the moving average where the run kept one.</summary>
    /// <exception cref="InvalidInputException">The run has other tokens or another generator, or the file is no longer what the fingerprint
    /// says.</exception>
    public static void Load(Generator generator, ITokenizer tokenizer, RunFingerprint fingerprint) =>
        Load(Place, generator, StoredRun.WeightsIn, "generator", tokenizer, fingerprint);

    /// <summary>Gives the discriminator of a number the weights of the one that its <c>start</c> names.</summary>
    /// <exception cref="InvalidInputException">The run has other tokens or no such discriminator, or the file is no longer what the
    /// fingerprint says.</exception>
    public static void Load(Discriminator discriminator, int index, ITokenizer tokenizer, RunFingerprint fingerprint)
    {
        var options = fingerprint.Experiment.Options.Discriminators[index];
        var (place, name) = (PlaceOf(index), options.Start?.Discriminator ?? options.Name);
        Load(place, discriminator, bag =>
        {
            var (start, end) = ("discriminators/", "/weights/");
            string[] names = [.. bag.TensorNames().Where(one => one.StartsWith(start, StringComparison.Ordinal) && one.Contains(end))
                .Select(one => one[start.Length..one.IndexOf(end, StringComparison.Ordinal)]).Distinct()];
            return names.Contains(name) ? bag.Scope($"discriminators/{name}/weights") : throw new InvalidInputException(place,
                $"checkpoint {fingerprint.Starts[place].Name} has no discriminator '{name}' that learns; it has " +
                $"{(names.Length == 0 ? "none" : string.Join(", ", names))}.");
        }, $"discriminator '{options.Name}'", tokenizer, fingerprint);
    }

    static void Load(string place, nn.Module module, Func<StateBag, StateBag> weightsIn, string what, ITokenizer tokenizer,
        RunFingerprint fingerprint)
    {
        if (!fingerprint.Starts.TryGetValue(place, out var checkpoint)) return;
        var run = new RunFolder(Path.GetDirectoryName(checkpoint.Folder)!);
        if (new ContentHashes().Of(checkpoint.TensorFile) != fingerprint.Contents[place])
            throw RunFingerprint.ChangedMeanwhile(checkpoint.TensorFile);
        var theirs = StoredRun.EncoderOf(
            run, ExperimentFile.ReadConfig(run.Config, fingerprint.Experiment.Settings with { Only = [], Edits = [] }), _ => { }).Tokenizer;
        if (Difference(theirs, tokenizer) is { } difference)
            throw new InvalidInputException(place,
                $"the run '{run.Root}' has another tokenizer ({difference}); a model works only with the tokens that it has learnt.");
        var bag = checkpoint.Read();
        try
        {
            ModuleState.Load(module, weightsIn(bag));
        }
        catch (InvalidDataException mismatch)
        {
            throw new InvalidInputException(place,
                $"checkpoint {checkpoint.Name} of '{run.Root}' does not fit this experiment's {what}: {mismatch.Message}.");
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
