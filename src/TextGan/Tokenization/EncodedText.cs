namespace TextGan.Tokenization;

/// <summary>The ids of a text and of the prompt that it answers, and how many of them have room in a row.</summary>
/// <param name="Prompt">All ids of the prompt; none without one.</param>
/// <param name="PromptLength">So many of them, the last ones, are in the row.</param>
/// <param name="Ids">All ids of the text, without start and end.</param>
/// <param name="Room">So many ids, an end among them, have room behind the prompt.</param>
public readonly record struct EncodedText(IReadOnlyList<int> Prompt, int PromptLength, IReadOnlyList<int> Ids, int Room)
{
    /// <summary>The tokens of the text that have room.</summary>
    public int Kept => Math.Min(Ids.Count, Room);

    /// <summary>Whether an end has room behind the text.</summary>
    public bool HasEnd => Ids.Count < Room;

    /// <summary>
    /// Writes a row: the prompt's last tokens, the text's first ones, the end token, padding. A text that does not leave room for it has no
    /// end.
    /// </summary>
    /// <exception cref="ArgumentException">The row is longer than the text, and the tokenizer has no end token.</exception>
    public void Fill(Span<long> row, ITokenizer tokenizer)
    {
        for (var t = 0; t < PromptLength; t++) row[t] = Prompt[Prompt.Count - PromptLength + t];
        for (var t = PromptLength; t < row.Length; t++)
        {
            var at = t - PromptLength;
            row[t] = at < Ids.Count ? Ids[at] : at > Ids.Count ? tokenizer.PaddingId : tokenizer.EndId
                ?? throw new ArgumentException(
                    $"A text has {Amount.Of(PromptLength + Ids.Count, "token")}; it needs {row.Length}: the tokenizer has no end token " +
                    $"to fill up with.");
        }
    }
}
