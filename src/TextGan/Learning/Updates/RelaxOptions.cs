using TextGan.Learning.Rewards;
using TextGan.Native;
using TextGan.Optimizers;
using OptimizerOptions = TextGan.Optimizers.OptimizerOptions;

namespace TextGan.Learning.Updates;

/// <summary>
/// RELAX for sequences (Grathwohl et al., 1711.00123, section 3.3): REINFORCE whose control variate is a small network on the generator's
/// state and the relaxed token at each position. The network's own gradient through the relaxed token puts back what it subtracts, so that
/// the estimate stays unbiased, and it learns, together with the temperature, to make the estimate vary least. REBAR (1703.07370) takes the
/// judge itself as the control variate, which is right for independent tokens alone: in a text what is written after a token depends on the
/// drawn token, so that a judgement of the whole relaxed text has no unbiased gradient through it.
/// </summary>
public sealed record RelaxOptions : EstimatorOptions
{
    /// <summary>What a judgement becomes as a reward. Default "logit": the logit D.</summary>
    public RewardTransformOptions Reward { get; init; } = new LogitRewardOptions();

    /// <summary>Width of the network's hidden layer. Default 64.</summary>
    [Range(1, 65_536)]
    public int Hidden { get; init; } = 64;

    /// <summary>The temperature of the relaxed tokens at first; it is learnt. Default 1.</summary>
    [Range(0.001, 1000)]
    public double Temperature { get; init; } = 1;

    /// <summary>The network's optimiser; one update for each batch. Default: Adam with learning rate 0.003.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions { LearningRate = 0.003 };

    /// <inheritdoc />
    public override bool NeedsRelaxedTokens => false;

    /// <inheritdoc />
    public override bool ShowsPlainSamples => true;

    /// <inheritdoc />
    public override bool LearnsFromLosses => Reward.BuildChecked(new BuildContext()).ReadsLoss;

    public override string? WhyNoExactGradient => Reward is MaliGanRewardOptions
        ? "the reward 'maligan' of a text depends on the others of the batch" : null;

    public override UpdateRule Build(EstimatorContext context)
    {
        using var unfinished = new Unfinished();
        var control = unfinished.Add(new ControlVariate(
            context.HiddenSize, context.VocabularySize, Hidden, context.Judges.Count, Temperature, Optimizer, context.Device));
        return unfinished.Finish(new RelaxUpdate(Reward.BuildChecked(new BuildContext()), control));
    }
}
