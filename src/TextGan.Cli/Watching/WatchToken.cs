using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace TextGan.Cli.Watching;

/// <summary>A secret without which nothing is served.</summary>
public sealed partial class WatchToken
{
    /// <summary>The word for one that is drawn.</summary>
    public const string Auto = "auto";

    /// <summary>The fewest characters of one that a user gives.</summary>
    public const int Shortest = 16;

    const int RandomBytes = 24;

    readonly byte[] hash;

    WatchToken(string text) => (Text, hash) = (text, HashOf(text));

    /// <summary>The secret itself, of characters that need no escape in an address.</summary>
    public string Text { get; }

    /// <summary>A name for its cookie: browsers keep the cookies of all ports of a machine together.</summary>
    public string CookieName => $"textgan-{Convert.ToHexString(hash.AsSpan(0, 4))}";

    /// <param name="text">What a user chose, or "auto".</param>
    /// <exception cref="InvalidInputException">It is too short, or has other characters.</exception>
    public static WatchToken Of(string text) => text == Auto
        ? new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)))
        : Characters().IsMatch(text) ? new(text)
        : throw new InvalidInputException("--token", $"a token has {Shortest} to 200 letters, digits, '-' and '_'; '{Auto}' draws one.");

    /// <summary>Whether somebody has it; takes the same time for all that do not.</summary>
    public bool Is(string? given) => given is not null && CryptographicOperations.FixedTimeEquals(HashOf(given), hash);

    static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{16,200}\z")]
    private static partial Regex Characters();
}
