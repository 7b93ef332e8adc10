using TorchSharp;

namespace TextGan.Generators.Sampling;

/// <summary>
/// Takes N sequences that are drawn token after token. After a sequence's end token comes padding, with log-probability 0; while a
/// sequence's prompt lasts, its tokens take the place of drawn ones, with log-probability 0 as well.
/// Positions are the rows of its tables, so that writing one is one copy.
/// </summary>
sealed class SequenceWriter
{
    readonly Tensor ids; // [T,N]
    readonly Tensor? logProbabilities; // [T,N]
    readonly Tensor? ended; // [N] bool
    readonly int? endId;
    readonly int padding;
    readonly PromptBatch? prompts;

    /// <param name="prefix">[N,P]: what the sequences begin with.</param>
    /// <param name="length">T.</param>
    /// <param name="endId">The token that ends a sequence, or null.</param>
    /// <param name="withLogProbabilities">Whether log-probabilities are kept.</param>
    /// <param name="prompts">N prompts, of which <paramref name="prefix"/> may be a part; null for none.</param>
    /// <param name="paddingId">What fills a sequence after its end; null: the end token.</param>
    public SequenceWriter(Tensor prefix, int length, int? endId, bool withLogProbabilities, PromptBatch? prompts = null,
        int? paddingId = null)
    {
        var (batch, given) = (prefix.shape[0], prefix.shape[1]);
        (this.endId, this.prompts, padding) = (endId, prompts, paddingId ?? endId ?? 0);
        ids = full([length, batch], Held(padding), ScalarType.Int64, prefix.device);
        ids.narrow(0, 0, given).copy_(prefix.t());
        if (withLogProbabilities) logProbabilities = zeros([length, batch], ScalarType.Float32, prefix.device);
        if (endId is not { } end) return;
        ended = prefix.eq(Held(end)).any(1);
        // Whatever stood behind an end token in the prefix becomes padding.
        using var scope = NewDisposeScope();
        var isEnd = prefix.eq(Held(end)).to_type(ScalarType.Int64); // [N,P]
        ids.narrow(0, 0, given).masked_fill_((isEnd.cumsum(1) - isEnd).gt(Held(0)).t(), Held(padding));
    }

    /// <summary>[N,T].</summary>
    public Tensor Ids => ids.t().contiguous();

    /// <summary>[N,T].</summary>
    public Tensor LogProbabilities => logProbabilities!.t().contiguous();

    /// <summary>Writes <paramref name="drawn"/> [N] at a position and gives what the generator reads next, [N].</summary>
    public Tensor Write(int position, DrawnTokens drawn)
    {
        using var scope = NewDisposeScope();
        var tokens = drawn.Tokens.flatten(); // [N]
        var log = drawn.LogProbabilities.flatten(); // [N]
        if (prompts is not null && position < prompts.Ids.shape[1])
        {
            tokens = prompts.Over(tokens, position);
            log = log.masked_fill(prompts.Covers(position), Held(0));
        }
        if (ended is not null && endId is { } end)
        {
            tokens = tokens.masked_fill(ended, Held(padding));
            log = log.masked_fill(ended, Held(0));
            ended.logical_or_(tokens.eq(Held(end))); // padding may be another token: what has ended stays so
        }
        ids.select(0, position).copy_(tokens);
        logProbabilities?.select(0, position).copy_(log);
        return tokens.alias().MoveToOuterDisposeScope();
    }

    /// <summary>Whether every sequence is known to have ended before <paramref name="position"/>.</summary>
    public bool Finished(int position) => ended is not null && AllTrue.IsKnown(ended, position);
}
