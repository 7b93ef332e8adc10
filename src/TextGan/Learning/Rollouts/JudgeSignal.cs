namespace TextGan.Learning.Rollouts;

/// <summary>One discriminator's signal for a rollout.</summary>
/// <param name="PerToken">[B,T]: the advantage of each token (its return, normalised and less its baseline; 0 outside the response), or,
/// where returns are summed before they are normalised, the return itself.</param>
/// <param name="Value">Scalar: minus the mean reward, normalised where that is done for each discriminator by itself.</param>
/// <param name="Raw">Scalar: minus the mean reward; null where <paramref name="Value"/> is that.</param>
public sealed record JudgeSignal(Tensor PerToken, Tensor Value, Tensor? Raw)
{
    /// <summary>Moves the tensors to the scope around the present one.</summary>
    public JudgeSignal Outlive()
    {
        PerToken.MoveToOuterDisposeScope();
        Value.MoveToOuterDisposeScope();
        Raw?.MoveToOuterDisposeScope();
        return this;
    }
}
