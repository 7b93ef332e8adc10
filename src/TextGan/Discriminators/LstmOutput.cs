namespace TextGan.Discriminators;

/// <summary>What an LSTM discriminator gives a logit to.</summary>
public enum LstmOutput
{
    /// <summary>One logit for a text, from the state at its last token.</summary>
    Sequence,

    /// <summary>One logit for each token, from what was read up to it (ScratchGAN 1905.09922).</summary>
    PerStep,
}
