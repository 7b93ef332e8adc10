namespace TextGan.Generators;

/// <summary>
/// Rotary positions for longer texts, as Llama 3.1 has them (2407.21783; Hugging Face's rope type "llama3"): slow rotations become
/// slower by a factor, fast ones stay, and those between are interpolated.
/// </summary>
/// <param name="Factor">By which the slowest rotations become slower.</param>
/// <param name="LowFrequencyFactor">Rotations with fewer turns than this over the original length get the whole factor.</param>
/// <param name="HighFrequencyFactor">Rotations with more turns than this over the original length stay as they are.</param>
/// <param name="OriginalLength">Positions that the model was first trained with.</param>
public sealed record RotaryScaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalLength)
{
    /// <summary>Angles per position [D/2] → those that are used.</summary>
    internal Tensor Scale(Tensor frequencies)
    {
        var turns = frequencies * Held(OriginalLength / (2 * Math.PI)); // over the original length
        var kept = (turns.Plus(-LowFrequencyFactor) / Held(HighFrequencyFactor - LowFrequencyFactor)).clamp(Held(0.0), Held(1.0));
        return frequencies * (kept * Held(1 - 1 / Factor)).Plus(1 / Factor); // kept + (1 - kept) / factor
    }
}
