using System.Security.Cryptography;
using System.Text;

namespace TextGan.Storage;

/// <summary>
/// SHA-256 of files. It is taken of the bytes on their way to the file, not of the file afterwards, so that it tells what was
/// meant and not what a failing disk made of it.
/// </summary>
public static class Checksum
{
    /// <summary>Writes a file whole or not at all and returns the checksum of what was written, in lower-case hexadecimal digits.</summary>
    public static string Write(string path, Action<Stream> write)
    {
        using var hash = SHA256.Create();
        AtomicFile.Write(path, stream =>
        {
            using var hashing = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true);
            write(hashing);
        });
        return Convert.ToHexStringLower(hash.Hash!);
    }

    /// <summary>A list as sha256sum(1) writes it: checksum, two blanks, file name, a line each.</summary>
    public static string List(IEnumerable<(string Sum, string Path)> files) =>
        string.Concat(files.Select(file => $"{file.Sum}  {Path.GetFileName(file.Path)}\n"));

    /// <summary>Throws <see cref="InvalidInputException"/> where a file is missing or its checksum is not the one in the list.</summary>
    public static void Verify(string list, IReadOnlyList<string> paths)
    {
        var expected = new Dictionary<string, string>();
        foreach (var line in Encoding.UTF8.GetString(InputFile.ReadAllBytes(list)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split("  ", 2) is [var sum, var name]) expected[name] = sum;
        }
        foreach (var path in paths)
        {
            var name = Path.GetFileName(path);
            if (!expected.TryGetValue(name, out var sum))
                throw new InvalidInputException(list, $"has no checksum of {name}; it is damaged.");
            using var file = InputFile.Open(path);
            if (Convert.ToHexStringLower(SHA256.HashData(file)) != sum)
                throw new InvalidInputException(path, $"does not have the checksum that {Path.GetFileName(list)} names; it is damaged.");
        }
    }
}
