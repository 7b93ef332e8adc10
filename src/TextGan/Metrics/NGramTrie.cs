namespace TextGan.Metrics;

/// <summary>
/// Numbers n-grams of every order. An n-gram is the pair (number of its first n-1 tokens, its last token); the pair fills a 64-bit
/// key exactly and whole keys are compared, so that two different n-grams never share a number.
/// </summary>
internal sealed class NGramTrie
{
    /// <summary>The number of the empty n-gram.</summary>
    public const int Root = 0;

    /// <summary>What <see cref="Find"/> returns for an n-gram that was never added.</summary>
    public const int Absent = -1;

    const ulong Multiplier = 0x9E3779B97F4A7C15; // 2^64 / golden ratio, odd: spreads neighbouring keys

    // Open addressing with linear probing: one probe is one cache line, which a chained dictionary does not manage.
    (ulong Key, int Node)[] slots = new (ulong, int)[64];
    int shift = 64 - 6;

    /// <summary>Numbers given so far, the root's included: they are 0 .. Count-1.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>
    /// The number of the n-gram that continues <paramref name="prefix"/> by <paramref name="token"/>; numbered now if it is new.
    /// </summary>
    public int Add(int prefix, int token)
    {
        if (Count * 2 >= slots.Length) Grow();
        ref var slot = ref slots[Slot(Key(prefix, token))];
        if (slot.Key == 0) slot = (Key(prefix, token), Count++);
        return slot.Node;
    }

    /// <summary>
    /// Like <see cref="Add"/>, but <see cref="Absent"/> for what is new. Safe from several threads while nothing is added.
    /// </summary>
    public int Find(int prefix, int token)
    {
        var slot = slots[Slot(Key(prefix, token))];
        return slot.Key == 0 ? Absent : slot.Node;
    }

    // One is added because key 0 marks a free slot.
    static ulong Key(int prefix, int token) => ((ulong)(uint)(prefix + 1) << 32) | (uint)token;

    /// <summary>Where the key is, or the free slot where it belongs.</summary>
    int Slot(ulong key)
    {
        var hash = key * Multiplier;
        hash = (hash ^ (hash >> 32)) * Multiplier;
        var slot = (int)(hash >> shift);
        while (slots[slot].Key != 0 && slots[slot].Key != key) slot = (slot + 1) & (slots.Length - 1);
        return slot;
    }

    void Grow()
    {
        var old = slots;
        slots = new (ulong, int)[old.Length * 2];
        shift--;
        foreach (var entry in old)
        {
            if (entry.Key != 0) slots[Slot(entry.Key)] = entry;
        }
    }
}
