using System.Security.Cryptography;
using System.Text;

namespace TextGan.Runs.Format;

/// <summary>
/// The names of a sweep's experiments: the sweep's own name, and what varies ("mle+batch=64+temperature=0.1"). The same setting has the
/// same name however many others there are, so that a sweep can be extended and keep its finished runs.
/// </summary>
public static class SweepName
{
    /// <summary>The most characters of a name, which is a folder's.</summary>
    public const int Longest = 100;

    /// <summary>The most characters of a sweep's own name.</summary>
    public const int LongestSweep = 80;

    // Both are plain characters of file names and command lines on Linux and Windows; '--only' separates names by commas.
    const char Mark = '+', Equal = '=';

    /// <summary>What names of a sweep's experiments have beside the characters of other names.</summary>
    public const string Marks = "+=";

    /// <summary>The name of a setting; the end of one that is too long becomes a checksum of the whole.</summary>
    public static string Of(string sweep, IEnumerable<(string Option, string Value)> setting)
    {
        var name = sweep + string.Concat(setting.Select(one => $"{Mark}{one.Option}{Equal}{one.Value}"));
        return name.Length <= Longest ? name : $"{name[..(Longest - 9)]}-{Checksum(name)}";
    }

    /// <summary>The name of the sweep that an experiment belongs to; its own where it is of no sweep.</summary>
    public static string SweepOf(string experiment) => experiment.Split(Mark)[0];

    /// <summary>Eight characters that stand for a longer text.</summary>
    public static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
