using System.Globalization;

namespace TextGan.Data;

/// <summary>
/// What the data kinds that read files line by line have in common: a file (and perhaps a second one that is held out), a limit,
/// what to do at a malformed line, and how the held-out part is chosen.
/// </summary>
internal sealed record LineFiles(
    string Path, string? HeldOutPath, double HeldOut, int Seed, int? Limit, MalformedLines OnError, int MaximumLineLength, bool? Stream)
{
    /// <summary>The columns that are read of tables (Parquet, JSON arrays); null where the files can only be lines.</summary>
    public TableColumns? Columns { get; init; }

    /// <summary>The split that is trained on, where <see cref="Path"/> is a folder; null for "train", or the only one.</summary>
    public string? Split { get; init; }

    /// <summary>The split that is held out, of <see cref="HeldOutPath"/> or, without it, of <see cref="Path"/>.</summary>
    public string? HeldOutSplit { get; init; }

    /// <summary>
    /// Characters of usable lines above which a file is streamed; in memory they would take twice as many bytes and more.
    /// </summary>
    const long MostInMemory = 256L << 20;

    /// <summary>The items of a split; streamed ones are read from the file again at each walk.</summary>
    internal sealed record Side<T>(IReadOnlyList<T> Items, bool Streamed);

    /// <summary>Both splits and the line for the log.</summary>
    internal sealed record Loaded<T>(Side<T> Train, Side<T> HeldOut, string Summary);

    public IEnumerable<Problem> Validate(string path)
    {
        if (HeldOut <= 0) yield break;
        var share = HeldOut.ToString(CultureInfo.InvariantCulture);
        if (HeldOutPath is not null)
            yield return new Problem($"{path}.heldOut",
                $"{share} cannot be combined with \"heldOutPath\"; give one of them: a share of the file, or a second file.");
        else if (HeldOutSplit is not null)
            yield return new Problem($"{path}.heldOut",
                $"{share} cannot be combined with \"heldOutSplit\"; give one of them: a share of the split, or another split.");
    }

    /// <summary>The files of <see cref="Path"/> that are read.</summary>
    public IReadOnlyList<string> FilesFrom(string baseFolder) => DataFolder.FilesOf(InputFile.Resolve(baseFolder, Path), Split);

    /// <summary>The files of a folder that may be read, for a checksum.</summary>
    public IReadOnlyList<string> FilesIn(string folder) => DataFolder.FilesIn(folder,
        HeldOutPath is null && HeldOutSplit is null ? [Split] : [Split, HeldOutSplit]);

    /// <summary>
    /// Reads the file (and the second one), and splits. <paramref name="itemName"/> is for the summary: what one item is called.
    /// </summary>
    public Loaded<T> Load<T>(string baseFolder, string itemName, Func<string, ParsedLine<T>> parse) where T : class
    {
        var path = InputFile.Resolve(baseFolder, Path);
        var files = FilesFrom(baseFolder);
        if (HeldOutPath is not null || HeldOutSplit is not null)
        {
            var heldOutPath = InputFile.Resolve(baseFolder, HeldOutPath ?? Path);
            var heldOutFiles = DataFolder.FilesOf(heldOutPath, HeldOutSplit);
            if (files.SequenceEqual(heldOutFiles))
                throw new InvalidInputException(path, "The held-out files are the training files; name another split or another file.");
            var (one, notes) = Whole(files, parse);
            var (other, otherNotes) = Whole(heldOutFiles, parse);
            return new(one, other,
                $"{Amount.Of(one.Items.Count, itemName)} from {Shown(path, files)}{notes}; {other.Items.Count:N0} held out from " +
                $"{Shown(heldOutPath, heldOutFiles)}{otherNotes}");
        }
        var (train, heldOut, said) = Sides(files, parse);
        if (train.Items.Count == 0)
            throw new InvalidInputException(path,
                $"With {Amount.Of(heldOut.Items.Count, itemName)} in all, nothing would be left for training.");
        var held = heldOut.Items.Count > 0 ? $" and {heldOut.Items.Count:N0} held out" : "";
        return new(train, heldOut, $"{Amount.Of(train.Items.Count, itemName)}{held} from {Shown(path, files)}{said}");
    }

    /// <summary>A file, or of a folder the file or the first of those that are read.</summary>
    static string Shown(string path, IReadOnlyList<string> files) =>
        files.Count == 1 ? files[0] : $"{files.Count} files of {path}, {System.IO.Path.GetRelativePath(path, files[0])} the first";

    (Side<T> Train, Side<T> HeldOut, string Notes) Sides<T>(IReadOnlyList<string> paths, Func<string, ParsedLine<T>> parse) where T : class
    {
        if (Stream != true && Read(paths, parse) is var (items, notes))
        {
            var (train, heldOut) = Divide(items);
            return (new(train, false), new(heldOut, false), notes);
        }
        return Streamed(paths, parse);
    }

    /// <summary>One walk over the files finds how many items there are and whether all lines are sound.</summary>
    (Side<T> Train, Side<T> HeldOut, string Notes) Streamed<T>(IReadOnlyList<string> paths, Func<string, ParsedLine<T>> parse)
        where T : class
    {
        using var items = new LineItems<T>(this, paths, parse);
        while (items.TryNext(out _)) { }
        var notes = items.Notes();
        var pick = new HeldOutPick(items.Count, HeldOutOf(items.Count), Seed);
        StreamedItems<T> Side(bool heldOut) => new(() => new LineItems<T>(this, paths, parse), paths[0], pick, heldOut);
        return (new(Side(false), true), new(Side(true), true), (notes.Length > 0 ? notes[..^1] + "; " : " (") + "streamed)");
    }

    /// <summary>All of some files on one side.</summary>
    (Side<T> Side, string Notes) Whole<T>(IReadOnlyList<string> paths, Func<string, ParsedLine<T>> parse) where T : class
    {
        var (side, _, notes) = (this with { HeldOut = 0 }).Sides(paths, parse);
        return (side, notes);
    }

    int HeldOutOf(int count) => HeldOut <= 0 ? 0
        : Math.Min(count, Math.Max(1, (int)Math.Round(HeldOut * count, MidpointRounding.AwayFromZero)));

    (List<T> Train, List<T> HeldOut) Divide<T>(List<T> items)
    {
        if (HeldOut <= 0) return (items, []);
        var count = HeldOutOf(items.Count);
        int[] order = [.. Enumerable.Range(0, items.Count)];
        // The algorithm of a seeded Random is fixed, so the pick is the same on every machine.
        new Random(Seed).Shuffle(order);
        var isHeldOut = new bool[items.Count];
        foreach (var index in order.AsSpan(0, count)) isHeldOut[index] = true;
        var (train, heldOut) = (new List<T>(), new List<T>());
        for (var i = 0; i < items.Count; i++) (isHeldOut[i] ? heldOut : train).Add(items[i]);
        return (train, heldOut);
    }

    /// <summary>All items; null where they are too many to be kept, unless they are to be kept however many they are.</summary>
    (List<T> Items, string Notes)? Read<T>(IReadOnlyList<string> paths, Func<string, ParsedLine<T>> parse) where T : class
    {
        using var items = new LineItems<T>(this, paths, parse);
        var all = new List<T>();
        while (items.TryNext(out var item))
        {
            all.Add(item);
            if (Stream is null && items.Characters > MostInMemory) return null;
        }
        return (all, items.Notes());
    }
}
