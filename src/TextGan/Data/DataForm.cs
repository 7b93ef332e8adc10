namespace TextGan.Data;

/// <summary>What form a data file has, by its first bytes and, where these leave it open, by its name.</summary>
internal static class DataForm
{
    static readonly string[] jsonEndings = [".jsonl", ".ndjson", ".json"];

    /// <summary>The endings of data files without ".gz", those of tables first.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".parquet", .. jsonEndings, ".txt"];

    /// <summary>The ending of a data file's name without ".gz"; null for other names.</summary>
    public static string? EndingOf(string path)
    {
        var name = Path.GetFileName(path);
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) name = name[..^3];
        return Endings.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether its lines or rows are objects with named fields, not texts.</summary>
    public static bool HoldsObjects(string path) => jsonEndings.Contains(EndingOf(path)) || IsParquet(path);

    /// <summary>Whether it is Parquet, whatever its name.</summary>
    public static bool IsParquet(string path)
    {
        using var stream = InputFile.Open(path);
        Span<byte> beginning = stackalloc byte[5];
        return Try(path, stream, beginning) is var read && ForeignForm.IsParquet(beginning[..read]);
    }

    /// <summary>Whether it is one JSON array, as files that end in .json may be, and not a line each.</summary>
    public static bool IsJsonArray(string path)
    {
        if (EndingOf(path) != ".json") return false;
        using var stream = TextFile.Open(path, out _);
        Span<byte> beginning = stackalloc byte[64];
        var text = beginning[..Try(path, stream, beginning)];
        if (text.StartsWith("\uFEFF"u8)) text = text[3..];
        return text.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
    }

    static int Try(string path, Stream stream, Span<byte> beginning)
    {
        try
        {
            return stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            return 0; // damaged gzip, of which whoever reads it all tells more
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(path, exception);
        }
    }
}
