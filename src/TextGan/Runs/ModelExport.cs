using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;

namespace TextGan.Runs;

/// <summary>A run's generator in Hugging Face's layout, for other programs and other experiments.</summary>
public static class ModelExport
{
    /// <summary>Writes config.json, model.safetensors and the tokenizer's files, all or nothing.</summary>
    /// <param name="runFolder">A run folder.</param>
    /// <param name="target">A folder that is not there yet or is empty.</param>
    /// <param name="checkpointName">As in <see cref="StoredRun.Load"/>.</param>
    /// <param name="settings">As there.</param>
    /// <param name="warn">As there.</param>
    /// <returns>The checkpoint, and the names of the files.</returns>
    /// <exception cref="InvalidInputException">The folder is in use or cannot be written, or the generator has no such layout.</exception>
    public static (Checkpoint Checkpoint, IReadOnlyList<string> Files) Write(string runFolder, string target, string? checkpointName,
        ReadingSettings? settings, Action<string>? warn)
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new InvalidInputException(target, "is there and not empty; name a new or an empty folder.");
        using var run = StoredRun.Load(runFolder, CPU, checkpointName, settings, warn);
        var whole = Path.GetFullPath(target);
        var parts = Path.Combine(Path.GetDirectoryName(whole)!, $".{Path.GetFileName(whole)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(parts);
            WriteModel(run, new RunFolder(runFolder), parts);
            foreach (var (file, name) in StoredTokenizer.FilesForModel(new RunFolder(runFolder), run.Options.Tokenizer))
                File.Copy(file, Path.Combine(parts, name));
            string[] files = [.. Directory.EnumerateFiles(parts).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
            if (Directory.Exists(whole)) Directory.Delete(whole);
            Directory.Move(parts, whole);
            FolderFlush.Flush(Path.GetDirectoryName(whole)!);
            return (run.Checkpoint, files);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(target, $"cannot be written: {refused.Message}");
        }
        finally
        {
            if (Directory.Exists(parts)) Directory.Delete(parts, recursive: true);
        }
    }

    static void WriteModel(StoredRun run, RunFolder folder, string target)
    {
        switch (run.Options.Generator)
        {
            case PretrainedGeneratorOptions:
                ModelWriter.Write(run.Generator, folder.Model, target);
                break;
            case TransformerGeneratorOptions transformer:
                ModelWriter.WriteLlama(run.Generator, transformer, run.Encoder.Length, run.Encoder.Tokenizer, target);
                break;
            default:
                throw new InvalidInputException(folder.Root,
                    "has a generator for which Hugging Face's layout has no architecture; those of the kinds 'pretrained' and " +
                    "'transformer' can be exported.");
        }
    }
}
