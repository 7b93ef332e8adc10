using TextGan.Problems;
using TextGan.Safety;
using static TorchSharp.torch;

namespace TextGan.Tokenization;

/// <summary>Texts to rows of ids of one length, and rows back to texts.</summary>
public sealed class TextEncoder(ITokenizer tokenizer, int length)
{
    public ITokenizer Tokenizer { get; } = tokenizer;

    /// <summary>T: positions in a row, the end token included.</summary>
    public int Length { get; } = length;

    /// <summary>One row of T ids: the text's first tokens, then end tokens. A text longer than T is cut; neither it nor one of exactly T tokens has an end.</summary>
    /// <exception cref="ArgumentException">The text is shorter than T and the tokenizer has no end token to fill it with.</exception>
    /// <exception cref="InvalidInputException">The tokenizer makes an end token of a part of the text that is not its last.</exception>
    public long[] EncodeRow(string text)
    {
        var row = new long[Length];
        EncodeRow(text, row);
        return row;
    }

    /// <summary>Writes the text's row into <paramref name="row"/>, T ids. Returns all ids of the text, those that are cut away among them.</summary>
    /// <exception cref="ArgumentException">As above.</exception>
    public IReadOnlyList<int> EncodeRow(string text, Span<long> row)
    {
        var ids = Tokenizer.Encode(text);
        if (Tokenizer.EndId is { } end && FirstEnd(ids, end) is var at && at < ids.Count - 1)
            throw new InvalidInputException("$.tokenizer", $"The text \"{SafeText.Line(text.Length <= 60 ? text : text[..57] + "...")}\" becomes the end token (id {end}) at token {at + 1} of {ids.Count}; what follows it would be lost.");
        for (var t = 0; t < Length; t++)
        {
            row[t] = t < ids.Count ? ids[t] : Tokenizer.EndId
                ?? throw new ArgumentException($"A text has {Amount.Of(ids.Count, "token")}; it needs {Length}: the tokenizer has no end token to fill up with.");
        }
        return ids;
    }

    /// <summary>The place of the first end, or the number of ids where there is none.</summary>
    static int FirstEnd(IReadOnlyList<int> ids, int end)
    {
        var at = 0;
        while (at < ids.Count && ids[at] != end) at++;
        return at;
    }

    /// <summary>[N,T] int64 on the CPU.</summary>
    public Tensor Encode(IReadOnlyList<string> texts)
    {
        var flat = new long[texts.Count * (long)Length];
        for (var i = 0; i < texts.Count; i++) EncodeRow(texts[i]).CopyTo(flat.AsSpan(i * Length));
        return tensor(flat, [texts.Count, Length], int64);
    }

    /// <summary>The token ids of each row up to, not including, its end. <paramref name="ids"/> is [N,T] int64 on any device.</summary>
    public IReadOnlyList<int[]> Rows(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var flat = ids.cpu().contiguous().data<long>().ToArray();
        var (rows, length) = (ids.shape[0], (int)ids.shape[1]);
        var result = new int[rows][];
        for (var i = 0; i < rows; i++)
        {
            var row = flat.AsSpan(i * length, length);
            var end = Tokenizer.EndId is { } e ? row.IndexOf(e) : -1;
            if (end >= 0) row = row[..end];
            result[i] = new int[row.Length];
            for (var t = 0; t < row.Length; t++) result[i][t] = (int)row[t];
        }
        return result;
    }

    /// <summary>The texts of the rows of [N,T] ids.</summary>
    public IReadOnlyList<string> Decode(Tensor ids) => [.. Rows(ids).Select(row => Tokenizer.Decode(row))];
}
