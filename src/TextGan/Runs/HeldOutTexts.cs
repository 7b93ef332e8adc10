using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TextGan.Runs;

/// <summary>
/// The held-out texts of one data set, among which training texts are looked up: texts as they were read, before encoding. In place of a
/// text stand 128 bits of its SHA-256, so that different texts are never taken for one. Of more than a million different held-out texts
/// some are kept, chosen by their hash and so by chance: memory stays below 100 MB, and the share is right to a tenth of a percent.
/// </summary>
/// <param name="most">Different texts that are kept at most.</param>
public sealed class HeldOutTexts(int most = 1 << 20)
{
    readonly Dictionary<UInt128, int> counts = [];
    readonly HashSet<UInt128> found = [];
    UInt128 mask; // only hashes with zeros under it are kept

    /// <summary>Held-out texts that are looked at: all of them, or those that were kept.</summary>
    public long Count { get; private set; }

    /// <summary>Whether some were left out.</summary>
    public bool IsSample => mask != 0;

    /// <summary>Those of them that were looked up since <see cref="Forget"/>.</summary>
    public long Found { get; private set; }

    /// <summary>The hash of a text.</summary>
    public static UInt128 HashOf(string text)
    {
        Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), sum);
        return MemoryMarshal.Read<UInt128>(sum);
    }

    /// <summary>Adds a held-out text.</summary>
    public void Add(UInt128 hash)
    {
        if ((hash & mask) != 0) return;
        CollectionsMarshal.GetValueRefOrAddDefault(counts, hash, out _)++;
        Count++;
        if (counts.Count <= most) return;
        mask = (mask << 1) | 1;
        foreach (var (dropped, times) in counts)
        {
            if ((dropped & mask) == 0) continue;
            counts.Remove(dropped);
            Count -= times;
        }
    }

    /// <summary>Looks a training text up.</summary>
    public void LookUp(UInt128 hash)
    {
        if (counts.TryGetValue(hash, out var times) && found.Add(hash)) Found += times;
    }

    /// <summary>Begins with other training texts.</summary>
    public void Forget()
    {
        found.Clear();
        Found = 0;
    }
}
