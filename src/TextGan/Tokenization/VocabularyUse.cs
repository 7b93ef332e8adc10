using System.Collections;

namespace TextGan.Tokenization;

/// <summary>Which tokens of a vocabulary rows of T tokens have, and which occur only in what is cut away.</summary>
public sealed class VocabularyUse(TextEncoder encoder)
{
    readonly BitArray kept = new(encoder.Tokenizer.VocabularySize), cutAway = new(encoder.Tokenizer.VocabularySize);

    /// <param name="ids">All ids of a text.</param>
    public void Add(IReadOnlyList<int> ids)
    {
        for (var t = 0; t < ids.Count; t++) (t < encoder.Length ? kept : cutAway)[ids[t]] = true;
    }

    /// <summary>How many tokens occur, but in no row.</summary>
    public long OnlyCutAway => Enumerable.Range(0, kept.Count).LongCount(id => cutAway[id] && !kept[id]);
}
