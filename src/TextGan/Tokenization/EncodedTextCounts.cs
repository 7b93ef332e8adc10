namespace TextGan.Tokenization;

/// <summary>What encoding does to texts, counted one after another.</summary>
/// <param name="encoder">Its tokenizer tells which ids are unknown and whether texts have an end.</param>
public sealed class EncodedTextCounts(TextEncoder encoder)
{
    public long Count { get; private set; }

    /// <summary>Texts without any token: empty ones, and those that only have what the tokenizer removes, such as white space.</summary>
    public long Empty { get; private set; }

    /// <summary>
    /// Texts of more tokens than have room (T, or what a prompt leaves of it): the rest is cut away, and with it the end.
    /// </summary>
    public long Cut { get; private set; }

    /// <summary>
    /// Texts of exactly as many tokens as have room: nothing is cut, but their end has no room. 0 where the tokenizer has no end token.
    /// </summary>
    public long Full { get; private set; }

    /// <summary>Tokens of all rows, neither ends nor what is cut away among them.</summary>
    public long Tokens { get; private set; }

    /// <summary>Unknown tokens among <see cref="Tokens"/>.</summary>
    public long Unknown { get; private set; }

    /// <param name="text">The next text; of its prompt nothing is counted.</param>
    public void Add(EncodedText text)
    {
        var (ids, room) = (text.Ids, text.Room);
        Count++;
        if (ids.Count == 0) Empty++;
        if (ids.Count > room) Cut++;
        else if (ids.Count == room && encoder.Tokenizer.EndId is not null) Full++;
        var kept = Math.Min(ids.Count, room);
        Tokens += kept;
        if (encoder.Tokenizer.UnknownId is not { } unknown) return;
        for (var t = 0; t < kept; t++)
            if (ids[t] == unknown) Unknown++;
    }
}
