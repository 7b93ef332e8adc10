using System.Text;
using CsCheck;

namespace TextGan.Tests.Fuzzing;

/// <summary>Damaged copies of valid files: what editors, transfers and strangers do to bytes.</summary>
static class Mutation
{
    static readonly byte[][] general =
    [
        .. ((string[])["\0", "\r\n", "\n\n", "\uFEFF", "\u2028", "\u202E", "\u001b[31m", "\"", "{", "}", "[", "]", ",", ":", "\\ud800",
            "null", "1e999", "-1", "NaN", "99999999999999999999", "</s>", "<unk>", " "]).Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x1F, 0x8B, 0x08],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    ];

    /// <summary>One to three changes to one of the files.</summary>
    /// <param name="files">Valid ones.</param>
    /// <param name="scraps">What else is worth inserting.</param>
    public static Gen<byte[]> Of(IReadOnlyList<byte[]> files, params string[] scraps)
    {
        byte[][] all = [.. general, .. scraps.Select(Encoding.UTF8.GetBytes)];
        var change = Gen.Select(Gen.Int[0, 12], Gen.Int[0, int.MaxValue], Gen.Int[0, 80], Gen.Byte, Gen.Int[0, all.Length - 1]);
        return Gen.Select(Gen.Int[0, files.Count - 1], change.Array[1, 3]).Select((which, changes) =>
        {
            var bytes = files[which].ToList();
            foreach (var (what, where, length, value, scrap) in changes)
            {
                var at = bytes.Count == 0 ? 0 : where % bytes.Count;
                var count = Math.Min(length, bytes.Count - at);
                switch (what)
                {
                    case 0: bytes.RemoveRange(at, count); break;
                    case 1: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
                    case 2: bytes.RemoveRange(at, bytes.Count - at); break; // cut short
                    case 3 or 4: bytes.InsertRange(at, all[scrap]); break;
                    case 5: bytes.Insert(at, value); break;
                    case 6 when bytes.Count > 0: bytes[at] ^= (byte)(1 << (value % 8)); break;
                    case 7 or 8 or >= 10 when bytes.Count > 0: bytes[at] = Slip(bytes[at], value); break;
                    case 9 when bytes.Count > 0: bytes[at] = value; break;
                }
            }
            return bytes.ToArray();
        });
    }

    /// <summary>Another digit for a digit, another letter for a letter: what is left is well-formed, and wrong.</summary>
    static byte Slip(byte old, byte random) => old switch
    {
        >= (byte)'0' and <= (byte)'9' => (byte)('0' + random % 10),
        >= (byte)'a' and <= (byte)'z' => (byte)('a' + random % 26),
        _ => old,
    };
}
