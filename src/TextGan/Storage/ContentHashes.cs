using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TextGan.Storage;

/// <summary>
/// SHA-256 of the content of files and folders. A file is read each time that it is asked for, unless it is larger than
/// <see cref="LargestUnremembered"/>: then what was found is remembered for as long as its <see cref="FileStamp"/> stays the same.
/// </summary>
/// <param name="memory">The file that remembers across commands; null for none. One that is damaged, or cannot be written, costs time
/// only.</param>
/// <param name="message">Hears when a large file is read.</param>
/// <param name="clock">Tells how old a file is; null for the system's.</param>
public sealed class ContentHashes(string? memory = null, Action<string>? message = null, TimeProvider? clock = null)
{
    /// <summary>64 MB.</summary>
    public const long LargestUnremembered = 64L << 20;

    /// <summary>
    /// File systems count time in steps: a file that was written less than this ago could change again and keep its stamp.
    /// </summary>
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    readonly Dictionary<string, Entry> known = [];

    /// <summary>What is remembered of a file.</summary>
    public sealed record Entry(FileStamp Stamp, string Hash);

    /// <summary>The hash of a file's bytes, or of all that a folder holds, names included, in lower-case hexadecimal digits.</summary>
    /// <exception cref="Problems.InvalidInputException">It cannot be read.</exception>
    public string Of(string path)
    {
        if (!Directory.Exists(path)) return OfFile(Path.GetFullPath(path));
        try
        {
            return OfAll(Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Select(file => (Path.GetRelativePath(path, file).Replace(Path.DirectorySeparatorChar, '/'), file)));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(path, refused);
        }
    }

    /// <summary>One hash of several files and what they are called.</summary>
    public string OfAll(IEnumerable<(string Name, string Path)> files) => Hex(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => $"{Of(file.Path)}  {file.Name}")))));

    string OfFile(string path)
    {
        var stamp = FileStamp.Of(path);
        if (stamp.Size <= LargestUnremembered) return Read(path);
        var key = Hex(SHA256.HashData(Encoding.UTF8.GetBytes(path))); // a path may hold what is nobody else's business
        if ((known.GetValueOrDefault(key) ?? Remembered().GetValueOrDefault(key)) is { } entry && entry.Stamp == stamp) return entry.Hash;
        message?.Invoke($"reading {path} ({stamp.Size / 1e9:N1} GB) for its checksum");
        var hash = Read(path);
        var settled = (clock ?? TimeProvider.System).GetUtcNow().UtcDateTime - Settled > stamp.Latest;
        if (!settled || FileStamp.Of(path) != stamp) return hash;
        known[key] = new Entry(stamp, hash);
        Remember();
        return hash;
    }

    static string Read(string path)
    {
        using var file = InputFile.Open(path);
        try
        {
            return Hex(SHA256.HashData(file));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(path, refused);
        }
    }

    static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    Dictionary<string, Entry> Remembered()
    {
        try
        {
            return memory is not null && File.Exists(memory)
                ? JsonSerializer.Deserialize<Dictionary<string, Entry>>(File.ReadAllBytes(memory)) ?? [] : [];
        }
        catch (Exception damaged) when (damaged is JsonException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    void Remember()
    {
        if (memory is null) return;
        var all = Remembered(); // another command may have added to it
        foreach (var (key, entry) in known) all[key] = entry;
        try
        {
            AtomicFile.Write(memory, stream => JsonSerializer.Serialize(stream, all));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The next command reads the file again.
        }
    }
}
