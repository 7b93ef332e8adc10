using System.Collections;

namespace TextGan.Tokenization;

/// <summary>Which tokens of a vocabulary rows have, and which occur only in what is cut away.</summary>
public sealed class VocabularyUse(TextEncoder encoder)
{
    readonly BitArray kept = new(encoder.Tokenizer.VocabularySize), cutAway = new(encoder.Tokenizer.VocabularySize);

    /// <param name="text">The next text.</param>
    public void Add(EncodedText text)
    {
        for (var t = 0; t < text.Ids.Count; t++) (t < text.Room ? kept : cutAway)[text.Ids[t]] = true;
        for (var t = 0; t < text.Prompt.Count; t++) (t >= text.Prompt.Count - text.PromptLength ? kept : cutAway)[text.Prompt[t]] = true;
    }

    /// <summary>How many tokens occur, but in no row.</summary>
    public long OnlyCutAway => Enumerable.Range(0, kept.Count).LongCount(id => cutAway[id] && !kept[id]);
}
