namespace TextGan.Data;

/// <summary>
/// Opens a file as it is, or through gzip where its first bytes say so (not its name): 1F 8B begins every gzip file and no
/// UTF-8 text.
/// </summary>
public static class TextFile
{
    /// <summary>
    /// Opens the file. Reading from a gzip stream that is damaged or cut short throws <see cref="InvalidDataException"/>.
    /// </summary>
    public static Stream Open(string path, out bool isGzip)
    {
        var file = InputFile.Open(path);
        try
        {
            Span<byte> magic = stackalloc byte[2];
            isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
            file.Position = 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            file.Dispose();
            throw InputFile.Unreadable(path, exception);
        }
        return isGzip ? new WholeGzipStream(file) : file;
    }
}
