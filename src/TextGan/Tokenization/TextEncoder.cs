using TextGan.Safety;

namespace TextGan.Tokenization;

/// <summary>Texts to rows of ids of one length, and rows back to texts.</summary>
/// <param name="tokenizer">Text to ids.</param>
/// <param name="length">T: positions in a row.</param>
/// <param name="promptLength">The most tokens of a prompt, below T; null: half of T.</param>
public sealed class TextEncoder(ITokenizer tokenizer, int length, int? promptLength = null)
{
    public ITokenizer Tokenizer { get; } = tokenizer;

    /// <summary>T: positions in a row, prompt and end token included.</summary>
    public int Length { get; } = length;

    /// <summary>The most tokens of a prompt: of a longer one the last ones are kept.</summary>
    public int PromptLength { get; } = promptLength ?? length / 2;

    /// <summary>
    /// The ids of a prompt (null for none) and of the text that answers it. <paramref name="controls"/> says whether control tokens of the
    /// prompt are marked in it (<see cref="ControlText"/>). <paramref name="drawn"/> are the ids that the text was drawn as, without an
    /// end: they are taken where this tokenizer gives the same text for them, which it may encode to other ids; null where it was not
    /// drawn.
    /// </summary>
    /// <exception cref="InvalidInputException">
    /// The tokenizer makes an end token of a part of the text that is not its last, or of a part of the prompt.
    /// </exception>
    public EncodedText Read(string text, string? prompt = null, bool controls = false, IReadOnlyList<int>? drawn = null)
    {
        var ids = drawn is not null && Gives(drawn, text) ? drawn : Tokenizer.Encode(text);
        RequireNoEnd(text, ids, ids.Count - 1);
        var before = string.IsNullOrEmpty(prompt) ? [] : EncodePrompt(prompt, controls);
        var kept = Math.Min(before.Count, PromptLength);
        return new(before, kept, ids, Length - kept);
    }

    /// <summary>
    /// Writes the row of a prompt and its text (<see cref="Read"/>) into <paramref name="row"/>, T ids (<see cref="EncodedText.Fill"/>). A
    /// longer text is cut; it has no end, nor has one that fills the row exactly.
    /// </summary>
    /// <exception cref="ArgumentException">The text is shorter than T and the tokenizer has no end token.</exception>
    /// <exception cref="InvalidInputException">As in <see cref="Read"/>.</exception>
    public EncodedText EncodeRow(string text, Span<long> row, string? prompt = null, bool controls = false,
        IReadOnlyList<int>? drawn = null)
    {
        var read = Read(text, prompt, controls, drawn);
        read.Fill(row, Tokenizer);
        return read;
    }

    /// <summary>Whether ids are those of the text in this vocabulary.</summary>
    bool Gives(IReadOnlyList<int> ids, string text) =>
        ids.All(id => id < Tokenizer.VocabularySize) && Tokenizer.Decode(ids) == text;

    /// <summary>All ids of a prompt.</summary>
    /// <param name="prompt">The text.</param>
    /// <param name="controls">Whether its control tokens are marked (<see cref="ControlText"/>). One of them may be the end token, which
    /// then ends a turn of the prompt and no text.</param>
    /// <exception cref="InvalidInputException">Ordinary text becomes an end token, or the tokenizer has not such a control
    /// token.</exception>
    public IReadOnlyList<int> EncodePrompt(string prompt, bool controls = false)
    {
        if (controls)
            return [.. ControlText.Parts(prompt).SelectMany(part => part.IsToken ? [ControlId(part.Text)] : EncodePrompt(part.Text))];
        var ids = Tokenizer.Encode(prompt);
        RequireNoEnd(prompt, ids, ids.Count);
        return ids;
    }

    int ControlId(string name) => Tokenizer.ControlId(name) ?? throw new InvalidInputException("$.tokenizer",
        $"has no special token \"{name}\", which the 'template' of a data set puts into its prompts; take the tokenizer of a model that " +
        $"was trained with it, or the template \"plain\", which works with every tokenizer.");

    /// <summary>Rejects an end token before <paramref name="before"/>.</summary>
    void RequireNoEnd(string text, IReadOnlyList<int> ids, int before)
    {
        if (Tokenizer.EndId is not { } end) return;
        var at = 0;
        while (at < ids.Count && ids[at] != end) at++;
        if (at >= before) return;
        var shown = SafeText.Line(text.Length <= 60 ? text : text[..57] + "...");
        throw new InvalidInputException("$.tokenizer",
            $"The text \"{shown}\" becomes the end token (id {end}) at token {at + 1} of {ids.Count}; what follows it would be lost.");
    }

    /// <summary>[N,T] int64 on the CPU.</summary>
    public Tensor Encode(IReadOnlyList<string> texts)
    {
        var flat = new long[texts.Count * (long)Length];
        for (var i = 0; i < texts.Count; i++) EncodeRow(texts[i], flat.AsSpan(i * Length, Length));
        return tensor(flat, [texts.Count, Length], int64);
    }

    /// <summary>The token ids of each row up to, not including, its end. <paramref name="ids"/> is [N,T] int64 on any device.</summary>
    public IReadOnlyList<int[]> Rows(Tensor ids) => Rows(ids, null);

    /// <summary>The token ids of each response up to, not including, its end.</summary>
    public IReadOnlyList<int[]> Responses(TextBatch texts) => Rows(texts.Ids, texts.HasPrompts ? texts.Response : null);

    int[][] Rows(Tensor ids, Tensor? response)
    {
        using var scope = NewDisposeScope();
        var flat = ids.cpu().contiguous().data<long>().ToArray();
        var counted = response?.cpu().contiguous().data<float>().ToArray();
        var (rows, length) = (ids.shape[0], (int)ids.shape[1]);
        var result = new int[rows][];
        for (var i = 0; i < rows; i++)
        {
            var row = flat.AsSpan(i * length, length);
            if (counted is not null) row = row[Math.Max(0, counted.AsSpan(i * length, length).IndexOf(1f))..];
            var end = Tokenizer.EndId is { } e ? row.IndexOf(e) : -1;
            if (end >= 0) row = row[..end];
            result[i] = new int[row.Length];
            for (var t = 0; t < row.Length; t++) result[i][t] = (int)row[t];
        }
        return result;
    }

    /// <summary>The texts of prompts.</summary>
    public IReadOnlyList<string> Decode(PromptBatch prompts)
    {
        using var scope = NewDisposeScope();
        var (flat, longest) = (prompts.Ids.cpu().contiguous().data<long>().ToArray(), (int)prompts.Ids.shape[1]);
        var lengths = prompts.Lengths.cpu().contiguous().data<long>().ToArray();
        return [.. lengths.Select((count, row) => Tokenizer.Decode([.. flat.Skip(row * longest).Take((int)count).Select(id => (int)id)]))];
    }

    /// <summary>The texts of the rows of [N,T] ids.</summary>
    public IReadOnlyList<string> Decode(Tensor ids) => [.. Rows(ids).Select(row => Tokenizer.Decode(row))];
}
