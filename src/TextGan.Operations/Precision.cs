namespace TextGan.Operations;

/// <summary>How precisely the models of a run multiply matrices. Weights, losses and optimisers are in float32 in any case.</summary>
public enum Precision
{
    /// <summary>TF32 where a CUDA device computes, else float32.</summary>
    Auto,

    /// <summary>Float32 throughout.</summary>
    Float32,

    /// <summary>Float32; CUDA devices round the numbers that they multiply to 10 bits of fraction. On the CPU it is float32.</summary>
    Tf32,

    /// <summary>
    /// The numbers that are multiplied are rounded to 7 bits of fraction, and so is each sum of products, on the CPU as well: in generators
    /// and in discriminators of the kind lstm. Other discriminators, and products of relaxed tokens, are as in <see cref="Tf32"/>.
    /// </summary>
    Bfloat16,
}
