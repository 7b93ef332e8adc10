using static TorchSharp.torch;

namespace TextGan.Learning.Rollouts;

/// <summary>One discriminator's signal for a rollout.</summary>
/// <param name="Rewards">[B]: the reward of each text.</param>
/// <param name="Advantages">[B,T]: the return of each token, normalised and less its baseline; 0 outside the response.</param>
/// <param name="Value">Scalar: minus the mean reward, normalised where that is done for each discriminator by itself.</param>
/// <param name="Raw">Scalar: minus the mean reward; null where <paramref name="Value"/> is that.</param>
public sealed record JudgeSignal(Tensor Rewards, Tensor Advantages, Tensor Value, Tensor? Raw)
{
    /// <summary>Moves the tensors to the scope around the present one.</summary>
    public JudgeSignal Outlive()
    {
        Rewards.MoveToOuterDisposeScope();
        Advantages.MoveToOuterDisposeScope();
        Value.MoveToOuterDisposeScope();
        Raw?.MoveToOuterDisposeScope();
        return this;
    }
}
