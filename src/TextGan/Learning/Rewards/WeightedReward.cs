namespace TextGan.Learning.Rewards;

/// <summary>One reward of several judges: Σ_k w_k r_k with the configured weights and the judges' logits as r_k.</summary>
/// <param name="judges">The judges.</param>
/// <param name="weights">The weight of each by name.</param>
/// <param name="device">Where the rewards are wanted.</param>
public sealed class WeightedReward(IReadOnlyList<Judge> judges, IReadOnlyDictionary<string, double> weights, Device device)
{
    readonly RewardScorer scorer = new(new LogitReward(), device);

    /// <summary>The reward of each text, [B], without a gradient.</summary>
    public Tensor Of(TextBatch texts)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var onDevice = texts.PerDevice();
        return judges.Select(judge => scorer.OfTexts(judge, onDevice(judge.Device)) * Held(weights[judge.Name]))
            .Aggregate((one, other) => one.Plus(other)).MoveToOuterDisposeScope();
    }
}
