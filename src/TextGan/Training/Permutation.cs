using System.Numerics;

namespace TextGan.Training;

/// <summary>
/// A seeded permutation of 0..n-1 without a table: a Feistel cipher on the smallest even number of bits that n fits in, applied
/// again until it falls below n (cycle walking; Black and Rogaway 2002). Less than four applications are expected.
/// </summary>
public readonly struct Permutation
{
    const int Rounds = 10; // with six, orders of a handful of rows are not all as likely

    const ulong Step = 0x9E3779B97F4A7C15; // 2^64 / golden ratio

    readonly ulong count, key;
    readonly int half;

    public Permutation(long count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        this.count = (ulong)count;
        key = Seeds.Mix((ulong)seed + Step);
        half = Math.Max(1, (65 - BitOperations.LeadingZeroCount(this.count - 1)) / 2);
    }

    /// <summary>Where the item at <paramref name="position"/> comes from.</summary>
    public long this[long position]
    {
        get
        {
            var value = (ulong)position;
            do value = Encrypt(value);
            while (value >= count);
            return (long)value;
        }
    }

    ulong Encrypt(ulong value)
    {
        var mask = (1UL << half) - 1;
        var (left, right) = (value >> half, value & mask);
        for (var round = 1UL; round <= Rounds; round++)
            (left, right) = (right, left ^ (Seeds.Mix(right ^ Seeds.Mix(key + round * Step)) & mask));
        return (left << half) | right;
    }
}
