namespace TextGan.Training;

/// <summary>
/// All randomness of a run as a function of its seed, a purpose and a step: before each step the global random state is set
/// anew. So nothing that happens between steps (an evaluation, a resumed process) changes what later steps draw, and no
/// random state needs to be stored.
/// </summary>
public static class Seeds
{
    /// <summary>
    /// A 32-bit seed from a run's seed, a purpose ("pretraining", "discriminator/helpfulness") and a step (FNV-1a, then SplitMix64's
    /// mixing).
    /// </summary>
    public static int Derive(int seed, string purpose, long step = 0) => (int)(Bits(seed, purpose, step) & 0x7FFFFFFF);

    /// <summary>64 bits of the same.</summary>
    internal static ulong Bits(int seed, string purpose, long step)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in purpose) hash = (hash ^ c) * 1099511628211UL;
        hash = Mix(hash ^ Mix((ulong)(uint)seed));
        return Mix(hash ^ Mix((ulong)step + 0x9E3779B97F4A7C15UL));
    }

    /// <summary>Sets the global random state of every device for one step.</summary>
    public static void Set(int seed, string purpose, long step = 0) => manual_seed(Derive(seed, purpose, step));

    /// <summary>SplitMix64's mixing.</summary>
    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
