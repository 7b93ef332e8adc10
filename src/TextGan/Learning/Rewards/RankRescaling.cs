namespace TextGan.Learning.Rewards;

/// <summary>
/// Rewards by rank (LeakGAN's bootstrapped rescaled activation, 1709.08624): the reward at each position becomes σ(δ (0.5 - rank/B)), where
/// rank 1 is the highest of the B texts at that position, so that rewards have about the same spread however well the discriminator tells
/// texts apart.
/// </summary>
public sealed record RankRescalingOptions : ComponentOptions
{
    /// <summary>
    /// δ: how far apart the values of high and low ranks are; 0 makes them all ½. Default 16, as in the published code.
    /// </summary>
    [Range(0.0, 1000.0)]
    public double Smoothness { get; init; } = 16;
}

/// <summary>σ(δ (0.5 - rank/B)) of each position's rewards; equal rewards share the mean of their ranks.</summary>
public static class RankRescaling
{
    /// <param name="returns">[B,T].</param>
    /// <param name="counted">[B,T]: 1 where a return takes part; null where all do. What does not becomes any number.</param>
    /// <param name="groupSize">G: rows b·G to b·G + G - 1 are ranked among themselves; null: all rows.</param>
    /// <param name="smoothness">δ.</param>
    /// <returns>[B,T], between 0 and 1.</returns>
    public static Tensor Of(Tensor returns, Tensor? counted, int? groupSize, double smoothness)
    {
        using var scope = NewDisposeScope();
        var (batch, steps) = (returns.shape[0], returns.shape[1]);
        var group = groupSize ?? batch;
        var values = Grouped(returns); // [B/G,T,G]
        var enters = counted is null ? ones_like(values) : Grouped(counted);
        var ascending = values.masked_fill(enters.eq(Held(0)), Held(double.NegativeInfinity)).sort(-1).Values;
        // [B/G,T,G]: how many are not above each, and how many are below
        var notAbove = searchsorted(ascending, values, right: true).to_type(values.dtype);
        var below = searchsorted(ascending, values, right: false).to_type(values.dtype);
        var rank = (notAbove.Plus(below) - Held(2L * group + 1)) / Held(-2); // the mean of first and last rank of equal ones
        var count = enters.sum(-1, keepdim: true).clamp_min(Held(1));
        var rescaled = ((-(rank / count)).Plus(0.5) * Held(smoothness)).sigmoid();
        return rescaled.transpose(1, 2).reshape(batch, steps).MoveToOuterDisposeScope();

        Tensor Grouped(Tensor values) => values.reshape(batch / group, group, steps).transpose(1, 2).contiguous();
    }
}
