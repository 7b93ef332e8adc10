using System.Diagnostics.CodeAnalysis;

namespace TextGan.Data;

/// <summary>
/// One pass over the usable lines of data files that follow each other. Whatever is wrong with one is told with its place.
/// </summary>
internal sealed class LineItems<T> : IDisposable where T : class
{
    /// <summary>What an object costs beside its characters, in characters.</summary>
    const int ItemCharacters = 24;

    readonly LineFiles files;
    readonly IReadOnlyList<string> paths;
    readonly Func<string, ParsedLine<T>> parse;
    readonly SortedSet<string> forms = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, long> passedOver = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, long> remarks = new(StringComparer.Ordinal);
    LineSource source;
    int file;
    long skipped, linesBefore; // of the files before
    Problem? firstSkipped;

    public LineItems(LineFiles files, IReadOnlyList<string> paths, Func<string, ParsedLine<T>> parse)
    {
        (this.files, this.paths, this.parse) = (files, paths, parse);
        source = Open();
    }

    string Path => paths[file];

    /// <summary>Where what was read last stands: a file and its line or row.</summary>
    public string Place => PlaceOf(source.Number);

    /// <summary>Items given so far.</summary>
    public int Count { get; private set; }

    /// <summary>Characters of the lines that gave an item, and some for each item itself.</summary>
    public long Characters { get; private set; }

    /// <summary>The next item, or false at the end of the file or of the allowed number.</summary>
    public bool TryNext([NotNullWhen(true)] out T? item)
    {
        item = null;
        if (Count == (files.Limit ?? int.MaxValue)) return false;
        try
        {
            while (item is null && TryRead(out var line)) item = Use(line);
        }
        catch (InvalidDataException)
        {
            throw new InvalidInputException(Path, $"The gzip data are damaged or cut short (after {source.Unit} {source.Number:N0}).");
        }
        catch (Exception exception) when (exception is GzipBombException or ForeignFormException)
        {
            throw new InvalidInputException(Path, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(Path, exception);
        }
        if (item is null) return false;
        Count++;
        return true;
    }

    LineSource Open()
    {
        var opened = LineSource.Open(Path, files.Columns, files.MaximumLineLength);
        if (opened.Form is { } form) forms.Add(form);
        return opened;
    }

    bool TryRead(out StrictLine line)
    {
        while (!source.TryRead(out line))
        {
            if (file == paths.Count - 1) return false;
            linesBefore += source.Number;
            source.Dispose();
            file++;
            source = Open();
        }
        return true;
    }

    string PlaceOf(int number) => source.Unit == "line" ? $"{Path}:{number}" : $"{Path}, {source.Unit} {number}";

    T? Use(StrictLine line)
    {
        var parsed = line.Text is { } text ? parse(text) : ParsedLine<T>.Malformed(line.Fault!);
        if (parsed.Remark is { } remark) remarks[remark] = remarks.GetValueOrDefault(remark) + 1;
        if (parsed.PassedOver is { } reason) passedOver[reason] = passedOver.GetValueOrDefault(reason) + 1;
        if (parsed.Fault is { } fault)
        {
            var problem = new Problem(PlaceOf(line.Number), fault);
            if (files.OnError == MalformedLines.Fail) throw new InvalidInputException([problem]);
            skipped++;
            firstSkipped ??= problem;
        }
        if (parsed.Item is not null) Characters += line.Text!.Length + ItemCharacters;
        return parsed.Item;
    }

    /// <summary>What the summary says of this pass, in brackets; empty where there is nothing to say.</summary>
    /// <exception cref="InvalidInputException">There was no item.</exception>
    public string Notes()
    {
        var notes = passedOver.Select(entry => $"{entry.Value:N0} {entry.Key} skipped").ToList();
        if (skipped > 0)
            notes.Add($"{Amount.Of(skipped, $"malformed {source.Unit}")} skipped, the first at {firstSkipped!.ToString().TrimEnd('.')}");
        if (Count == 0)
        {
            var read = linesBefore + source.Number;
            throw new InvalidInputException(Path, read == 0 ? paths.Count == 1 ? "The file is empty." : $"{paths.Count} files are empty."
                : $"{(paths.Count == 1 ? "The file has" : $"{paths.Count} files have")} no usable {source.Unit}: {read:N0} read, " +
                    $"{(notes.Count > 0 ? string.Join("; ", notes) : "all of them empty")}.");
        }
        notes.AddRange(remarks.Select(entry => $"{entry.Value:N0} {entry.Key}"));
        notes.InsertRange(0, forms);
        return notes.Count > 0 ? $" ({string.Join("; ", notes)})" : "";
    }

    public void Dispose() => source.Dispose();
}
