using TextGan.Operations.Cpu;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// Draws tokens from softmax(z/temperature) by inverting the distribution function: the first token whose cumulative probability exceeds a
/// uniform number. That takes one random number per draw; torch.multinomial takes one per entry of the vocabulary. On an accelerator a
/// single draw is a race between the tokens (<see cref="Race"/>). A token of probability 0 is never drawn. Not differentiable.
/// </summary>
/// <param name="temperature">Logits are divided by it; 0 draws the most probable token.</param>
/// <param name="topK">Only the k most probable tokens are drawn from; 0: from all.</param>
/// <param name="topP">Only the fewest tokens that reach this probability together are drawn from (nucleus, 1904.09751); 1: from
/// all.</param>
public sealed class TokenDrawer(double temperature = 1, int topK = 0, double topP = 1)
{
    /// <summary>The largest float below 1 by which every float total shrinks when it is multiplied.</summary>
    const double BelowOne = 1 - 1.0 / (1 << 23);

    /// <summary>
    /// A logit divided by less might be no float any more; so small a temperature draws the most probable token in any case.
    /// </summary>
    const double LeastTemperature = 1e-30;

    readonly double temperature = temperature > 0 ? Math.Max(temperature, LeastTemperature) : temperature;

    HeadDrawer? fused;

    /// <summary>Whether a draw reads its uniform numbers; greedy decoding does not.</summary>
    public bool NeedsUniform => temperature > 0;

    /// <summary>
    /// As <see cref="Draw(Tensor, Tensor)"/> with the logits of <paramref name="hidden"/> [B,H]. In main memory, and where neither top-k
    /// nor top-p needs whole rows, the table of logits is never made. For this the head is copied at the first call: a drawer lives no
    /// longer than the weights stay as they are.
    /// </summary>
    public DrawnTokens Draw(ILogitSource model, Tensor hidden, Tensor uniform)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var drawn = NeedsUniform && topK == 0 && topP == 1 && model.Head(hidden) is { } head && HeadDrawer.Supports(head)
            ? (fused = HeadDrawer.For(head, (float)temperature, fused)).Draw(head.Features, uniform)
            : Draw(model.Logits(hidden), uniform);
        return new DrawnTokens(drawn.Tokens.MoveToOuterDisposeScope(), drawn.LogProbabilities.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Logits [B,V] and uniform numbers [B,N] in [0,1) → N tokens for each row. At temperature 0 the most probable token is taken
    /// (of equal ones the first) and its log-probability is 0. Top-k keeps k tokens, of equal ones the first; top-p then keeps the
    /// fewest of these that reach p together, at least one. An accelerator may take random numbers of its own instead of the uniform ones.
    /// </summary>
    public DrawnTokens Draw(Tensor logits, Tensor uniform)
    {
        using var gradients = no_grad();
        if (CpuLoop.SupportsCopy(logits)) return RowDrawer.Draw(logits, uniform, temperature, topK, topP);
        using var scope = NewDisposeScope();
        if (!NeedsUniform) return Greedy(logits, uniform.shape[1]);

        if (logits.dtype != ScalarType.Float32) logits = logits.to(ScalarType.Float32);
        if (temperature != 1) logits = logits / Held(temperature);
        if (topK > 0 && topK < logits.shape[1]) logits = KeepTop(logits, topK);
        if (topP == 1 && uniform.shape[1] == 1 && logits.device_type != DeviceType.CPU) return Race(logits.softmax(1));

        Tensor? order = null; // [B,V]: the token at each rank
        if (topP < 1) (logits, order) = logits.sort(1, descending: true, stable: true);
        var probabilities = logits.softmax(1); // [B,V]
        var cumulative = probabilities.cumsum(1); // [B,V]
        var total = order is null ? cumulative.narrow(1, cumulative.shape[1] - 1, 1) : Reaching(cumulative, topP); // [B,1]

        // The first entry beyond u·total: it has probability above 0, and u·total < total keeps it within the nucleus.
        var threshold = uniform.clamp(max: Held(BelowOne)) * total; // [B,N]
        var index = searchsorted(cumulative, threshold, right: true).clamp_(max: Held(cumulative.shape[1] - 1)); // [B,N]
        if (logits.device_type != DeviceType.CPU)
            // A parallel sum need not be monotone to the last bit, and then an entry of probability 0 could seem to add something.
            index = where(probabilities.gather(1, index).gt(Held(0)), index, probabilities.argmax(1, keepdim: true));

        var log = (probabilities.gather(1, index) / total).log_(); // [B,N]
        var tokens = order is null ? index : order.gather(1, index); // [B,N]
        return new DrawnTokens(tokens.MoveToOuterDisposeScope(), log.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Probabilities [B,V] → one draw from each row: the entry with the largest p/e, with e exponentially distributed. Takes a random
    /// number an entry, but half as many operations as the search in a cumulative sum, which on an accelerator is what counts.
    /// </summary>
    internal static DrawnTokens Race(Tensor probabilities)
    {
        using var scope = NewDisposeScope();
        var tokens = (probabilities / empty_like(probabilities).exponential_()).argmax(1, keepdim: true); // [B,1]
        return new DrawnTokens(tokens.MoveToOuterDisposeScope(), probabilities.gather(1, tokens).log_().MoveToOuterDisposeScope());
    }

    static DrawnTokens Greedy(Tensor logits, long draws)
    {
        var best = logits.argmax(1, keepdim: true).expand(logits.shape[0], draws).contiguous(); // [B,N]
        return new DrawnTokens(best.MoveToOuterDisposeScope(), zeros_like(best, ScalarType.Float32).MoveToOuterDisposeScope());
    }

    /// <summary>All but the k largest of each row become -∞.</summary>
    static Tensor KeepTop(Tensor logits, int k)
    {
        var (largest, _) = logits.topk(k, 1); // [B,k]
        var least = largest.narrow(1, k - 1, 1); // [B,1]
        var above = logits.gt(least); // [B,V]
        var level = logits.eq(least); // [B,V]
        var places = Held(k).Minus(above.sum(1, keepdim: true)); // [B,1]: how many of the equal ones have room
        var kept = above.logical_or_(level.logical_and_(level.cumsum(1).le(places)));
        return logits.masked_fill(kept.logical_not_(), Held(double.NegativeInfinity)); // in place would change the caller's logits
    }

    /// <summary>The first cumulative probability [B,1] of each row that is at least p.</summary>
    static Tensor Reaching(Tensor cumulative, double p) =>
        cumulative.gather(1, cumulative.lt(Held(p)).sum(1, keepdim: true).clamp_(max: Held(cumulative.shape[1] - 1)));
}
