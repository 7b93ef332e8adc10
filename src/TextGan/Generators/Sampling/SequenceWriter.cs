using TorchSharp;
using static TextGan.Native.KeptTensor;

namespace TextGan.Generators.Sampling;

/// <summary>
/// Takes N sequences that are drawn token after token. While a sequence's prompt lasts, its tokens take the place of drawn ones, with
/// log-probability 0. What is drawn for a sequence after its end token is replaced by padding with log-probability 0 only when all is drawn
/// (<see cref="Ids"/>); until then the generator reads what was drawn. So a position costs nothing but the drawing.
/// </summary>
sealed class SequenceWriter : IDisposable
{
    readonly Tensor prefix; // [N,P]
    readonly int length, padding;
    readonly int? endId;
    readonly PromptBatch? prompts;
    readonly List<Tensor> tokens = [], logProbabilities = []; // [N] each, from position P on
    Tensor? ended; // [N] bool: those that have ended before position P + known
    int known;

    /// <param name="prefix">[N,P]: what the sequences begin with. Must outlive the writer.</param>
    /// <param name="length">T.</param>
    /// <param name="endId">The token that ends a sequence, or null.</param>
    /// <param name="prompts">N prompts, of which <paramref name="prefix"/> may be a part; null for none.</param>
    /// <param name="paddingId">What fills a sequence after its end; null: the end token.</param>
    public SequenceWriter(Tensor prefix, int length, int? endId, PromptBatch? prompts = null, int? paddingId = null)
    {
        (this.prefix, this.length, this.endId, this.prompts, padding) = (prefix, length, endId, prompts, paddingId ?? endId ?? 0);
        if (endId is null) return;
        using var scope = NewDisposeScope();
        Keep(ref ended, Ends(prefix, 0).any(1));
    }

    /// <summary>
    /// Writes <paramref name="drawn"/> [N] at the next position and gives what the generator reads next, [N], which belongs to the writer.
    /// </summary>
    public Tensor Write(DrawnTokens drawn)
    {
        using var scope = NewDisposeScope();
        var position = (int)prefix.shape[1] + tokens.Count;
        var token = drawn.Tokens.flatten(); // [N]
        var log = drawn.LogProbabilities.flatten(); // [N]
        if (prompts is not null && position < prompts.Ids.shape[1])
        {
            token = prompts.Over(token, position);
            log = log.masked_fill(prompts.Covers(position), Held(0));
        }
        tokens.Add(token.DetachFromDisposeScope());
        logProbabilities.Add(log.DetachFromDisposeScope());
        return token;
    }

    /// <summary>Whether every sequence is known to have ended before the next position.</summary>
    public bool Finished()
    {
        if (endId is null || !EarlyEnd.IsAsked(prefix.device, (int)prefix.shape[1] + tokens.Count)) return false;
        using var scope = NewDisposeScope();
        if (known < tokens.Count) Keep(ref ended, ended!.logical_or(Ends(stack(tokens[known..], 1), (int)prefix.shape[1] + known).any(1)));
        known = tokens.Count;
        return ended!.all().item<bool>();
    }

    /// <summary>[N,T] int64: the sequences.</summary>
    public Tensor Ids()
    {
        using var scope = NewDisposeScope();
        var ids = Rows(tokens, prefix, padding); // [N,T]
        return (AfterEnd(ids) is { } after ? ids.masked_fill_(after, Held(padding)) : ids).MoveToOuterDisposeScope();
    }

    /// <summary>[N,T]: the tokens' log-probabilities, 0 in prefix and prompt and after the end.</summary>
    /// <param name="ids">What <see cref="Ids"/> gave.</param>
    public Tensor LogProbabilities(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var log = Rows(logProbabilities, zeros_like(prefix, ScalarType.Float32), 0); // [N,T]
        return (AfterEnd(ids) is { } after ? log.masked_fill_(after, Held(0)) : log).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// [N,P], then a column for each position that was written, then as many of <paramref name="filling"/> as are missing.
    /// </summary>
    Tensor Rows(List<Tensor> columns, Tensor before, int filling)
    {
        var missing = length - before.shape[1] - columns.Count;
        List<Tensor> parts = [before];
        if (columns.Count > 0) parts.Add(stack(columns, 1));
        if (missing > 0) parts.Add(full([before.shape[0], missing], Held(filling), before.dtype, before.device));
        return cat(parts, 1);
    }

    /// <summary>
    /// [N,k] bool: which of the tokens [N,k] from position <paramref name="from"/> on end a sequence; those of a prompt do not.
    /// </summary>
    Tensor Ends(Tensor written, int from)
    {
        var ends = written.eq(Held(endId!.Value));
        return prompts is null ? ends
            : ends & Indices(written.shape[1], ScalarType.Int64, written.device).Plus((long)from).ge(prompts.Lengths.unsqueeze(1));
    }

    /// <summary>[N,T] bool: what follows a sequence's end; null where sequences have no end.</summary>
    Tensor? AfterEnd(Tensor ids) => endId is null ? null : TextBatch.MaskOf(ids, endId, prompts?.Lengths).eq(Held(0));

    public void Dispose()
    {
        foreach (var tensor in tokens.Concat(logProbabilities)) tensor.Dispose();
        ended?.Dispose();
    }
}
