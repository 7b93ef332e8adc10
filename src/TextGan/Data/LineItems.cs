using System.Diagnostics.CodeAnalysis;

namespace TextGan.Data;

/// <summary>One pass over the usable lines of a data file. Whatever is wrong with the file is told with its place.</summary>
internal sealed class LineItems<T> : IDisposable where T : class
{
    /// <summary>What an object costs beside its characters, in characters.</summary>
    const int ItemCharacters = 24;

    readonly LineFiles files;
    readonly string path;
    readonly Func<string, ParsedLine<T>> parse;
    readonly Stream stream;
    readonly bool isGzip;
    readonly StrictLineReader reader;
    readonly SortedDictionary<string, long> passedOver = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, long> remarks = new(StringComparer.Ordinal);
    long skipped;
    Problem? firstSkipped;

    public LineItems(LineFiles files, string path, Func<string, ParsedLine<T>> parse)
    {
        (this.files, this.path, this.parse) = (files, path, parse);
        stream = TextFile.Open(path, out isGzip);
        reader = new StrictLineReader(stream, files.MaximumLineLength);
    }

    /// <summary>The line that was read last, from 1.</summary>
    public long LineNumber => reader.LineNumber;

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
            while (item is null && reader.TryRead(out var line)) item = Use(line);
        }
        catch (InvalidDataException)
        {
            throw new InvalidInputException(path, $"The gzip data are damaged or cut short (after line {reader.LineNumber:N0}).");
        }
        catch (Exception exception) when (exception is GzipBombException or ForeignFormException)
        {
            throw new InvalidInputException(path, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(path, exception);
        }
        if (item is null) return false;
        Count++;
        return true;
    }

    T? Use(StrictLine line)
    {
        var parsed = line.Text is { } text ? parse(text) : ParsedLine<T>.Malformed(line.Fault!);
        if (parsed.Remark is { } remark) remarks[remark] = remarks.GetValueOrDefault(remark) + 1;
        if (parsed.PassedOver is { } reason) passedOver[reason] = passedOver.GetValueOrDefault(reason) + 1;
        if (parsed.Fault is { } fault)
        {
            var problem = new Problem($"{path}:{line.Number}", fault);
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
        if (skipped > 0) notes.Add($"{Amount.Of(skipped, "malformed line")} skipped, the first at {firstSkipped!.ToString().TrimEnd('.')}");
        if (Count == 0)
        {
            throw new InvalidInputException(path, reader.LineNumber == 0 ? "The file is empty."
                : $"The file has no usable line: {reader.LineNumber:N0} read, " +
                    $"{(notes.Count > 0 ? string.Join("; ", notes) : "all of them empty")}.");
        }
        notes.AddRange(remarks.Select(entry => $"{entry.Value:N0} {entry.Key}"));
        if (isGzip) notes.Insert(0, "gzip");
        return notes.Count > 0 ? $" ({string.Join("; ", notes)})" : "";
    }

    public void Dispose() => stream.Dispose();
}
