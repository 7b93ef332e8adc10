namespace TextGan.Metrics;

/// <summary>With what a fresh discriminator compares the generator's texts.</summary>
public enum ComparedSide
{
    /// <summary>Held-out texts of the data set.</summary>
    Data,

    /// <summary>Texts of the generator as it was at the start of the adversarial phase.</summary>
    Reference,
}
