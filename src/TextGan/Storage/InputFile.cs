using System.Text;

namespace TextGan.Storage;

/// <summary>
/// Opens files that a user named. Whatever is wrong with the file becomes an <see cref="InvalidInputException"/> with its path.
/// </summary>
public static class InputFile
{
    /// <summary>The full path of a file that is named relative to a folder (or by a full path).</summary>
    public static string Resolve(string baseFolder, string path)
    {
        try
        {
            return Path.GetFullPath(Path.Combine(baseFolder, path));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or PathTooLongException)
        {
            throw new InvalidInputException(path.Replace("\0", "\\0", StringComparison.Ordinal),
                $"This is not a path of a file: {exception.Message}");
        }
    }

    /// <summary>Opens a file for reading from its beginning to its end.</summary>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw new InvalidInputException(path, "This is a folder where a file is expected.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidInputException(path, "The file does not exist.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>The system's messages repeat the path, which may be a whole page.</summary>
    const int LongestReason = 500;

    /// <summary>The largest file that is read whole: several times what a tokenizer's largest file has.</summary>
    const int LargestWhole = 64 << 20;

    /// <summary>All bytes of a file that is read whole. A file of more than 64 MB is rejected, and so is one without end.</summary>
    public static byte[] ReadAllBytes(string path)
    {
        using var stream = Open(path);
        try
        {
            return ReadAllBytes(stream, LargestWhole) ?? throw new InvalidInputException(
                path, $"The file is larger than {LargestWhole >> 20} MB, which no file of its kind is.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>All bytes of a stream, or null where there are more than <paramref name="most"/>.</summary>
    public static byte[]? ReadAllBytes(Stream stream, int most)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (bytes.Length + read > most) return null;
            bytes.Write(buffer, 0, read);
        }
        return bytes.ToArray();
    }

    /// <summary>The bytes of a UTF-8 text that is read whole, without a byte order mark.</summary>
    public static ReadOnlyMemory<byte> ReadAllUtf8(string path)
    {
        var bytes = ReadAllBytes(path).AsMemory();
        if (ForeignForm.Of(bytes.Span) is { } form) throw new InvalidInputException(path, $"The file is {form}.");
        return bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
    }

    /// <summary>The exception for a file that the system fails to read on.</summary>
    public static InvalidInputException Unreadable(string path, Exception exception) =>
        new(path, $"The file cannot be read: " +
            $"{(exception.Message.Length <= LongestReason ? exception.Message : exception.Message[..LongestReason] + "…")}");
}
