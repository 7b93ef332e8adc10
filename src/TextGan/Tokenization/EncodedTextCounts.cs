namespace TextGan.Tokenization;

/// <summary>What encoding does to texts, counted one after another.</summary>
/// <param name="encoder">Tokenizer and row length T.</param>
public sealed class EncodedTextCounts(TextEncoder encoder)
{
    public long Count { get; private set; }

    /// <summary>Texts without any token: empty ones, and those that only have what the tokenizer removes, such as white space.</summary>
    public long Empty { get; private set; }

    /// <summary>Texts of more than T tokens: the rest is cut away, and with it the end.</summary>
    public long Cut { get; private set; }

    /// <summary>Texts of exactly T tokens: nothing is cut, but their end has no room. 0 where the tokenizer has no end token.</summary>
    public long Full { get; private set; }

    /// <summary>Tokens of all rows, neither ends nor what is cut away among them.</summary>
    public long Tokens { get; private set; }

    /// <summary>Unknown tokens among <see cref="Tokens"/>.</summary>
    public long Unknown { get; private set; }

    /// <param name="ids">All ids of a text.</param>
    public void Add(IReadOnlyList<int> ids)
    {
        var length = encoder.Length;
        Count++;
        if (ids.Count == 0) Empty++;
        if (ids.Count > length) Cut++;
        else if (ids.Count == length && encoder.Tokenizer.EndId is not null) Full++;
        var kept = Math.Min(ids.Count, length);
        Tokens += kept;
        if (encoder.Tokenizer.UnknownId is not { } unknown) return;
        for (var t = 0; t < kept; t++)
            if (ids[t] == unknown) Unknown++;
    }
}
