namespace TextGan.Data;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014): random numbers that depend on the seed and the name of the stream alone, on every
/// platform and in every version of .NET, so that a seed means the same data for ever.
/// </summary>
public sealed class SeededRandom
{
    ulong state;

    /// <param name="seed">Another seed gives another stream.</param>
    /// <param name="name">Another name gives another stream for the same seed.</param>
    public SeededRandom(long seed, string name)
    {
        state = Mix(unchecked((ulong)seed));
        foreach (var letter in name) state = Mix(state ^ letter);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var bits = Mix(state);
        state += 0x9E3779B97F4A7C15UL;
        return bits;
    }

    /// <summary>A number of [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
