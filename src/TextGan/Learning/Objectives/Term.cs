namespace TextGan.Learning.Objectives;

/// <summary>One named part of the generator's objective; smaller is better.</summary>
/// <param name="Name">The discriminator's name, or "entropy", "likelihood", "kl", "distillation", "mediator",
/// "manager", "intrinsic".</param>
/// <param name="Surrogate">Makes a scalar whose gradient is the (estimated) gradient of the objective; its value may mean nothing
/// (REINFORCE). Not called where one surrogate stands for several terms.</param>
/// <param name="Value">Scalar, detached: the objective's value on this batch, which is weighted in the log and which combiners may weigh
/// by.</param>
/// <param name="Raw">Scalar, detached: the value before it was normalised; null where it was not.</param>
public sealed record Term(string Name, Func<Tensor> Surrogate, Tensor Value, Tensor? Raw = null)
{
    /// <summary>
    /// Of a discriminator: makes its generator loss, a scalar without a gradient: the mean over all texts of the rollout, never normalised,
    /// and a loss under a policy gradient too, where <see cref="Value"/> is minus a reward. It may cost a pass of the discriminator. Null
    /// for every other term.
    /// </summary>
    public Func<Tensor>? Loss { get; init; }

    /// <summary>
    /// (from, count) → the surrogate of these rows of the batch alone, up to a factor: what tells signal from noise
    /// (<see cref="TermConflict"/>). Null where it cannot be made.
    /// </summary>
    public Func<long, long, Tensor>? Part { get; init; }
}
