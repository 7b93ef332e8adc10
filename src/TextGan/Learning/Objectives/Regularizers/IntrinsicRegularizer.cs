using TextGan.Generators;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>
/// What the worker of a generator with goals learns from following them (LeakGAN, 1709.08624): REINFORCE with the intrinsic reward r of
/// each token, -(1/B) Σ_i Σ_t r_it log p(x_it). The term's value is -(1/B) Σ_i Σ_t r_it. Only the worker has a gradient.
/// </summary>
/// <param name="goals">The generator.</param>
public sealed class IntrinsicRegularizer(IGoalDirected goals) : Regularizer
{
    /// <summary>The term's name.</summary>
    public const string TermName = "intrinsic";

    public override string Name => TermName;

    public override Tensor Of(GeneratedBatch batch)
    {
        var logs = batch.LogProbabilities ?? throw new InvalidOperationException("The estimator does not score its texts."); // [B,T]
        var rewards = goals.IntrinsicRewards(batch.Tokens.Ids); // [B,T]
        // 1 + log p - log p has the value 1 and the gradient of log p.
        return Mean(-(rewards * (logs - logs.detach()).Plus(1)), batch.Tokens.Response, LengthNormalization.None);
    }
}
