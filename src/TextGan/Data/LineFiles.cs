using System.Globalization;
using TextGan.Problems;
using TextGan.Storage;

namespace TextGan.Data;

/// <summary>
/// What the data kinds that read files line by line have in common: a file (and perhaps a second one that is held out), a limit,
/// what to do at a malformed line, and how the held-out part is chosen.
/// </summary>
internal sealed record LineFiles(
    string Path, string? HeldOutPath, double HeldOut, int Seed, int? Limit, MalformedLines OnError, int MaximumLineLength)
{
    /// <summary>The items of both splits and the line for the log.</summary>
    internal sealed record Loaded<T>(IReadOnlyList<T> Train, IReadOnlyList<T> HeldOut, string Summary);

    sealed record FileContent<T>(List<T> Items, string Notes);

    public IEnumerable<Problem> Validate(string path)
    {
        if (HeldOutPath is not null && HeldOut > 0)
            yield return new Problem($"{path}.heldOut", $"{HeldOut.ToString(CultureInfo.InvariantCulture)} stands beside \"heldOutPath\"; give one of them: a share of the file, or a second file.");
    }

    /// <summary>Reads the file (and the second one), and splits. <paramref name="itemName"/> is for the summary, in the plural.</summary>
    public Loaded<T> Load<T>(string baseFolder, string itemName, Func<string, ParsedLine<T>> parse) where T : class
    {
        var path = InputFile.Resolve(baseFolder, Path);
        var file = Read(path, parse);
        if (HeldOutPath is not null)
        {
            var heldOutPath = InputFile.Resolve(baseFolder, HeldOutPath);
            var other = Read(heldOutPath, parse);
            return new(file.Items, other.Items,
                $"{file.Items.Count:N0} {itemName} from {path}{file.Notes}; {other.Items.Count:N0} held out from {heldOutPath}{other.Notes}");
        }
        var (train, heldOut) = Split(file.Items);
        if (train.Count == 0) throw new InvalidInputException(path, $"All of its {file.Items.Count:N0} {itemName} would be held out and none left for training.");
        var held = heldOut.Count > 0 ? $" and {heldOut.Count:N0} held out" : "";
        return new(train, heldOut, $"{train.Count:N0} {itemName}{held} from {path}{file.Notes}");
    }

    (List<T> Train, List<T> HeldOut) Split<T>(List<T> items)
    {
        if (HeldOut <= 0) return (items, []);
        var count = Math.Max(1, (int)Math.Round(HeldOut * items.Count, MidpointRounding.AwayFromZero));
        var order = new int[items.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        // The algorithm of a seeded Random is fixed, so the pick is the same on every machine.
        new Random(Seed).Shuffle(order);
        var isHeldOut = new bool[items.Count];
        foreach (var index in order.AsSpan(0, Math.Min(count, order.Length))) isHeldOut[index] = true;
        var (train, heldOut) = (new List<T>(), new List<T>());
        for (var i = 0; i < items.Count; i++) (isHeldOut[i] ? heldOut : train).Add(items[i]);
        return (train, heldOut);
    }

    FileContent<T> Read<T>(string path, Func<string, ParsedLine<T>> parse) where T : class
    {
        using var stream = TextFile.Open(path, out var isGzip);
        var reader = new StrictLineReader(stream, MaximumLineLength);
        var items = new List<T>();
        var passedOver = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var skipped = 0;
        Problem? firstSkipped = null;
        try
        {
            while ((Limit is not { } limit || items.Count < limit) && reader.TryRead(out var line))
            {
                var parsed = line.Text is { } text ? parse(text) : ParsedLine<T>.Malformed(line.Fault!);
                if (parsed.Item is { } item) items.Add(item);
                if (parsed.PassedOver is { } reason) passedOver[reason] = passedOver.GetValueOrDefault(reason) + 1;
                if (parsed.Fault is not { } fault) continue;
                var problem = new Problem($"{path}:{line.Number}", fault);
                if (OnError == MalformedLines.Fail) throw new InvalidInputException([problem]);
                skipped++;
                firstSkipped ??= problem;
            }
        }
        catch (InvalidDataException)
        {
            throw new InvalidInputException(path, $"The gzip data are damaged or cut short (after line {reader.LineNumber:N0}).");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(path, exception);
        }
        var notes = passedOver.Select(entry => $"{entry.Value:N0} {entry.Key} passed over").ToList();
        if (skipped > 0) notes.Add($"{skipped:N0} malformed {(skipped == 1 ? "line" : "lines")} skipped, the first at {firstSkipped!.ToString().TrimEnd('.')}");
        if (items.Count == 0)
        {
            throw new InvalidInputException(path, reader.LineNumber == 0 ? "The file is empty."
                : $"The file has no usable line: {reader.LineNumber:N0} read, {(notes.Count > 0 ? string.Join("; ", notes) : "all of them empty")}.");
        }
        if (isGzip) notes.Insert(0, "gzip");
        return new(items, notes.Count > 0 ? $" ({string.Join("; ", notes)})" : "");
    }
}
