using TextGan.Generators;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>
/// What the manager of a generator with goals learns from the worth of texts (LeakGAN, 1709.08624): -(1/B) Σ_i Σ_t A_it cos(f_{t+c} - f_t,
/// g_t). A is the advantage by all discriminators at their configured weights; the paper has the action value itself, which it is without a
/// baseline. Only the manager has a gradient.
/// </summary>
/// <param name="goals">The generator.</param>
public sealed class ManagerRegularizer(IGoalDirected goals) : Regularizer
{
    /// <summary>The term's name.</summary>
    public const string TermName = "manager";

    public override string Name => TermName;

    public override Tensor Of(GeneratedBatch batch)
    {
        var advantages = batch.Advantages ?? throw new InvalidOperationException("The estimator gives tokens no advantages.");
        var progress = goals.Progress(batch.Tokens.Ids, batch.Tokens.Mask); // [B,T]
        return Mean(-(advantages * progress), batch.Tokens.Response, LengthNormalization.None);
    }
}
