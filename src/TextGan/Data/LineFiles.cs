using System.Globalization;

namespace TextGan.Data;

/// <summary>
/// What the data kinds that read files line by line have in common: a file (and perhaps a second one that is held out), a limit,
/// what to do at a malformed line, and how the held-out part is chosen.
/// </summary>
internal sealed record LineFiles(
    string Path, string? HeldOutPath, double HeldOut, int Seed, int? Limit, MalformedLines OnError, int MaximumLineLength, bool? Stream)
{
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
        if (HeldOutPath is not null && HeldOut > 0)
            yield return new Problem($"{path}.heldOut",
                $"{HeldOut.ToString(CultureInfo.InvariantCulture)} cannot be combined with \"heldOutPath\"; give one of them: a share of " +
                $"the file, or a second file.");
    }

    /// <summary>
    /// Reads the file (and the second one), and splits. <paramref name="itemName"/> is for the summary: what one item is called.
    /// </summary>
    public Loaded<T> Load<T>(string baseFolder, string itemName, Func<string, ParsedLine<T>> parse) where T : class
    {
        var path = InputFile.Resolve(baseFolder, Path);
        if (HeldOutPath is not null)
        {
            var heldOutPath = InputFile.Resolve(baseFolder, HeldOutPath);
            var (one, notes) = Whole(path, parse);
            var (other, otherNotes) = Whole(heldOutPath, parse);
            return new(one, other,
                $"{Amount.Of(one.Items.Count, itemName)} from {path}{notes}; {other.Items.Count:N0} held out from " +
                $"{heldOutPath}{otherNotes}");
        }
        var (train, heldOut, said) = Sides(path, parse);
        if (train.Items.Count == 0)
            throw new InvalidInputException(path,
                $"With {Amount.Of(heldOut.Items.Count, itemName)} in all, nothing would be left for training.");
        var held = heldOut.Items.Count > 0 ? $" and {heldOut.Items.Count:N0} held out" : "";
        return new(train, heldOut, $"{Amount.Of(train.Items.Count, itemName)}{held} from {path}{said}");
    }

    (Side<T> Train, Side<T> HeldOut, string Notes) Sides<T>(string path, Func<string, ParsedLine<T>> parse) where T : class
    {
        if (Stream != true && Read(path, parse) is var (items, notes))
        {
            var (train, heldOut) = Split(items);
            return (new(train, false), new(heldOut, false), notes);
        }
        return Streamed(path, parse);
    }

    /// <summary>One walk over the file finds how many items there are and whether all lines are sound.</summary>
    (Side<T> Train, Side<T> HeldOut, string Notes) Streamed<T>(string path, Func<string, ParsedLine<T>> parse) where T : class
    {
        using var items = new LineItems<T>(this, path, parse);
        while (items.TryNext(out _)) { }
        var notes = items.Notes();
        var pick = new HeldOutPick(items.Count, HeldOutOf(items.Count), Seed);
        StreamedItems<T> Side(bool heldOut) => new(() => new LineItems<T>(this, path, parse), path, pick, heldOut);
        return (new(Side(false), true), new(Side(true), true), (notes.Length > 0 ? notes[..^1] + "; " : " (") + "streamed)");
    }

    /// <summary>All of a file on one side.</summary>
    (Side<T> Side, string Notes) Whole<T>(string path, Func<string, ParsedLine<T>> parse) where T : class
    {
        var (side, _, notes) = (this with { HeldOut = 0 }).Sides(path, parse);
        return (side, notes);
    }

    int HeldOutOf(int count) => HeldOut <= 0 ? 0
        : Math.Min(count, Math.Max(1, (int)Math.Round(HeldOut * count, MidpointRounding.AwayFromZero)));

    (List<T> Train, List<T> HeldOut) Split<T>(List<T> items)
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
    (List<T> Items, string Notes)? Read<T>(string path, Func<string, ParsedLine<T>> parse) where T : class
    {
        using var items = new LineItems<T>(this, path, parse);
        var all = new List<T>();
        while (items.TryNext(out var item))
        {
            all.Add(item);
            if (Stream is null && items.Characters > MostInMemory) return null;
        }
        return (all, items.Notes());
    }
}
