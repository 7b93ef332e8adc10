using System.Text.RegularExpressions;
using TextGan.Safety;

namespace TextGan.Data;

/// <summary>
/// A folder with a data set in the layout of the Hugging Face hub: its data files are in it, in its folder "data", or in folders that
/// are called as a split is. A split is told by such a folder, by the name of a part (SPLIT-00000-of-00003), or by a word in
/// a file's name. https://huggingface.co/docs/hub/datasets-file-names-and-splits
/// </summary>
internal static partial class DataFolder
{
    const string DefaultSplit = "train";

    static readonly Dictionary<string, string> splitWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = "train", ["training"] = "train",
        ["validation"] = "validation", ["valid"] = "validation", ["val"] = "validation", ["dev"] = "validation",
        ["test"] = "test", ["testing"] = "test", ["eval"] = "test", ["evaluation"] = "test",
    };

    /// <summary>What such folders hold beside data.</summary>
    static readonly string[] otherFiles = ["dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"];
    static readonly string[] otherTexts = ["readme", "license", "licence", "notice", "citation"];

    static readonly char[] digits = [.. "0123456789"];

    /// <summary>The data files that a path means: itself, or a split's files in order.</summary>
    /// <param name="path">A file or a folder.</param>
    /// <param name="split">The split; null means "train", or the only one.</param>
    /// <exception cref="InvalidInputException">There is no such split, or a part of it is missing.</exception>
    public static IReadOnlyList<string> FilesOf(string path, string? split)
    {
        if (!Directory.Exists(path))
            return split is null || !File.Exists(path) ? [path] : throw new InvalidInputException(path,
                $"This is a file, and splits (\"{split}\") are found in folders; name the folder, or leave the split out.");
        var splits = Read(path);
        if (splits.Count == 0) throw new InvalidInputException(path, WhyEmpty(path));
        if (NameOf(splits, split) is not { } name)
            throw new InvalidInputException(path, split is null
                ? $"The folder has no split \"{DefaultSplit}\"; name one of its splits: {List(splits.Keys)}."
                : $"The folder has no split \"{split}\"; its splits are {List(splits.Keys)}.");
        var files = splits[name];
        var endings = files.Select(DataForm.EndingOf).Distinct().ToList();
        if (endings.Count > 1)
            throw new InvalidInputException(path,
                $"The files of the split \"{name}\" have several forms ({string.Join(", ", endings)}); name the file that is meant.");
        if (files.GroupBy(Plain).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidInputException(path,
                $"The split \"{name}\" has {List(twice.Select(Path.GetFileName)!)}, a file plain and compressed; remove one of them, or " +
                "name the file that is meant.");
        if (MissingPart(files) is { } missing)
            throw new InvalidInputException(path, $"A part of the split \"{name}\" is missing: {missing}.");
        return files;
    }

    /// <summary>
    /// The data files that belong to any of these splits, for a checksum of what is read; all data files where the folder has none of them.
    /// </summary>
    public static IReadOnlyList<string> FilesIn(string folder, params IEnumerable<string?> wanted)
    {
        var splits = Read(folder);
        string[] names = [.. wanted.Select(split => NameOf(splits, split)).OfType<string>().Distinct()];
        return [.. (names.Length > 0 ? names : [.. splits.Keys]).SelectMany(name => splits[name])];
    }

    static string? NameOf(SortedDictionary<string, List<string>> splits, string? wanted)
    {
        if (wanted is null) return NameOf(splits, DefaultSplit) ?? (splits.Count == 1 ? splits.Keys.First() : null);
        if (splits.ContainsKey(wanted)) return wanted;
        return splits.Keys.FirstOrDefault(name => splitWords.GetValueOrDefault(name, name) == splitWords.GetValueOrDefault(wanted, wanted));
    }

    /// <summary>The files of each split in the order of their names.</summary>
    static SortedDictionary<string, List<string>> Read(string folder)
    {
        try
        {
            var places = new List<(string Folder, string? Split)>();
            foreach (var place in (string[])[folder, Path.Combine(folder, "data")])
            {
                if (!Directory.Exists(place)) continue;
                places.Add((place, null));
                places.AddRange(Directory.EnumerateDirectories(place)
                    .Where(inner => splitWords.ContainsKey(Path.GetFileName(inner)))
                    .Select(inner => (inner, (string?)splitWords[Path.GetFileName(inner)])));
            }
            var files = places.SelectMany(place => Directory.EnumerateFiles(place.Folder).Where(IsData)
                .Select(file => (File: file, Split: place.Split ?? SplitOf(Path.GetFileName(file))))).ToList();
            // As the hub does: files that no split is told of are training data where none is told of any.
            if (files.All(file => file.Split is null)) files = [.. files.Select(file => (file.File, (string?)DefaultSplit))];
            return new(files.Where(file => file.Split is not null).GroupBy(file => file.Split!)
                .ToDictionary(group => group.Key, group => group.Select(file => file.File).Order(StringComparer.Ordinal).ToList()),
                StringComparer.Ordinal);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(folder, refused);
        }
    }

    static bool IsData(string file)
    {
        var name = Path.GetFileName(file);
        return name[0] is not ('.' or '_') && DataForm.EndingOf(name) is not null
            && !otherFiles.Contains(name)
            && !(name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)
                && otherTexts.Contains(name[..name.IndexOf('.', StringComparison.Ordinal)], StringComparer.OrdinalIgnoreCase));
    }

    static string Plain(string file) => file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;

    /// <summary>The split that a file's name tells; null where it tells none.</summary>
    static string? SplitOf(string name)
    {
        if (Part().Match(name) is { Success: true } part) return part.Groups["split"].Value;
        var stem = name[..name.LastIndexOf(DataForm.EndingOf(name)!, StringComparison.OrdinalIgnoreCase)];
        return Word().Split(stem).Select(word => splitWords.GetValueOrDefault(word.TrimEnd(digits)))
            .FirstOrDefault(found => found is not null);
    }

    /// <summary>The name of a part that its neighbours say there is; null where all are there.</summary>
    static string? MissingPart(IReadOnlyList<string> files)
    {
        var names = files.Select(file => Part().Match(Path.GetFileName(file))).Where(part => part.Success).ToList();
        foreach (var series in names.GroupBy(part => (Split: part.Groups["split"].Value, Count: part.Groups["count"].Value)))
        {
            var there = series.Select(part => int.Parse(part.Groups["number"].Value)).ToHashSet();
            for (var i = 0; i < int.Parse(series.Key.Count); i++)
                if (!there.Contains(i)) return $"{series.Key.Split}-{i:D5}-of-{series.Key.Count}";
        }
        return null;
    }

    static string WhyEmpty(string folder)
    {
        try
        {
            return WhyNoneIn(folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(folder, refused);
        }
    }

    static string WhyNoneIn(string folder)
    {
        var message = $"The folder has no data files ({DataForm.Endings[0]}; {string.Join(", ", DataForm.Endings.Skip(1))}, plain or .gz)";
        var inner = Directory.EnumerateDirectories(folder).Where(place => Path.GetFileName(place)[0] != '.')
            .Order(StringComparer.Ordinal).Where(place => Read(place).Count > 0).ToList();
        if (inner.Count > 0) return $"{message}, but these in it have: {List(inner.Select(Path.GetFileName)!)}. Name one of them.";
        var near = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true };
        return Directory.EnumerateFiles(folder, "*.arrow", near).Any()
            ? $"{message}; Arrow files of save_to_disk are not read. Write them as Parquet with to_parquet." : $"{message}.";
    }

    static string List(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{SafeText.Line(name, 60)}\""));

    [GeneratedRegex(@"^(?<split>\w+(?:[.-]\w+)*)-(?<number>[0-9]{5})-of-(?<count>[0-9]{5})(?:[-.]|$)")]
    private static partial Regex Part();

    [GeneratedRegex(@"[^\p{L}\p{N}]+")]
    private static partial Regex Word();
}
