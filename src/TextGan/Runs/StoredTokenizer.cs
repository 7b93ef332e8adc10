using System.Text.Json;
using TextGan.Experiments.Reading;
using TextGan.Runs.Format;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>
/// The copy of its tokenizer's files that a run folder holds, so that it can be moved: <c>tokenizer/OPTION/FILE</c>. What a tokenizer
/// learnt from the data is not among them but in vocabulary.json.
/// </summary>
public static class StoredTokenizer
{
    /// <summary>The tokenizer in an experiment's JSON.</summary>
    public const string Place = "$.tokenizer";

    /// <summary>Copies the files that the run reads its tokenizer from.</summary>
    /// <exception cref="InvalidInputException">A file is no longer what the fingerprint was made of.</exception>
    public static void Keep(RunFolder folder, RunFingerprint fingerprint)
    {
        var (files, hashes) = (FilesOf(fingerprint.Experiment).ToList(), new ContentHashes());
        foreach (var file in files)
        {
            if (file.Hash(hashes) != fingerprint.Contents[file.Place]) throw RunFingerprint.ChangedMeanwhile(file.Path);
        }
        if (Directory.Exists(folder.Tokenizer)) Directory.Delete(folder.Tokenizer, recursive: true);
        foreach (var named in files)
        {
            var source = Path.TrimEndingDirectorySeparator(named.Path);
            var copy = Path.Combine(FolderOf(folder, named.Place), Path.GetFileName(source));
            foreach (var file in named.Files()) Copy(file, Path.Combine(copy, Path.GetRelativePath(source, file)));
        }
    }

    /// <summary>
    /// The tokenizer's options with the copies in the place of the originals, which may have changed since (then <paramref name="warn"/>
    /// hears of it) or be gone. A run of an earlier version has no copies, nor hashes to know the originals by.
    /// </summary>
    /// <exception cref="InvalidInputException">There is neither, or what there is was not what the run was trained with.</exception>
    public static TokenizerOptions Options(RunFolder folder, LoadedExperiment experiment, Action<string> warn)
    {
        var (kinds, hashes) = (experiment.Kinds, new ContentHashes());
        var (contents, copies) = (RunFingerprint.ContentsIn(folder), new Dictionary<string, string>());
        foreach (var named in FilesOf(experiment))
        {
            var (place, original) = (named.Place, named.Path);
            if (CopyIn(FolderOf(folder, place)) is { } copy) copies[place] = Path.GetFullPath(copy); // not the experiment's folder's
            if (contents?.GetValueOrDefault(place) is not { } hash) continue;
            var used = copies.GetValueOrDefault(place, original);
            if (named.Hash(hashes, used) != hash)
                throw new InvalidInputException(used,
                    $"is not what the run was trained with: its checksum is not the one in {Path.GetFileName(folder.Fingerprint)}.");
            if (used != original && Path.Exists(original) && named.Hash(hashes) != hash)
                warn($"warning: {original} has changed since the run was made; the copy in the run folder is used");
        }
        var json = JsonSerializer.SerializeToNode(experiment.Options.Tokenizer, kinds.Json);
        JsonPlaces.Visit(json, (place, value) => copies.TryGetValue(place, out var copy) ? copy : value, Place);
        return JsonSerializer.Deserialize<TokenizerOptions>(json, kinds.Json)!;
    }

    /// <summary>
    /// The copies that a model's folder in Hugging Face's layout holds, each with its name there; none for tokenizers that learnt from the
    /// data or are built in.
    /// </summary>
    public static IEnumerable<(string File, string Name)> FilesForModel(RunFolder folder, TokenizerOptions options)
    {
        return options switch
        {
            PretrainedTokenizerOptions => Copies("path").Where(file => Path.GetFileName(file) != "config.json")
                .Select(file => (file, Path.GetFileName(file))),
            SentencePieceTokenizerOptions => Copies("model").Select(file => (file, "tokenizer.model")),
            BpeTokenizerOptions => [.. Copies("vocabularyFile").Select(file => (file, "vocab.json")),
                .. Copies("mergesFile").Select(file => (file, "merges.txt"))],
            _ => [],
        };

        IEnumerable<string> Copies(string option) => FolderOf(folder, $"{Place}.{option}") is var copies && Directory.Exists(copies)
            ? Directory.EnumerateFiles(copies, "*", SearchOption.AllDirectories) : [];
    }

    static IEnumerable<NamedFile> FilesOf(LoadedExperiment experiment) =>
        NamedFiles.ReadBy(experiment).Where(file => file.Place.StartsWith(Place, StringComparison.Ordinal));

    /// <summary>By the option, not by the file, whose name may come from an environment variable.</summary>
    static string FolderOf(RunFolder folder, string place) =>
        Path.Combine(folder.Tokenizer,
            string.Concat(place[(Place.Length + 1)..]
            .Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '[' or ']' ? c : '_')));

    static string? CopyIn(string folder) => Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder).FirstOrDefault() : null;

    static void Copy(string source, string target)
    {
        using var from = InputFile.Open(source);
        AtomicFile.Write(target, to => from.CopyTo(to));
    }
}
