namespace TextGan.Learning.Updates;

/// <summary>What Gumbel-softmax lowers.</summary>
public enum PathwiseObjective
{
    /// <summary>The generator's part of the discriminator's loss.</summary>
    Loss,

    /// <summary>Minus the logit, whatever the loss: what the reward "logit" of 'reinforce' is.</summary>
    Logit,
}
