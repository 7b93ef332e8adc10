using TextGan.Generators.Pretrained;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>How far the student's next-token distribution is from the teacher's.</summary>
public enum DistillationDivergence
{
    /// <summary>KL(teacher ‖ student): the student is to cover all that the teacher may say.</summary>
    Forward,

    /// <summary>KL(student ‖ teacher): the student is to say nothing that the teacher would not.</summary>
    Reverse,

    /// <summary>β KL(teacher ‖ m) + (1-β) KL(student ‖ m) with m = β teacher + (1-β) student.</summary>
    JensenShannon,
}

/// <summary>
/// On-policy distillation (GKD, 2306.13649): at each token of the texts that the generator writes, a divergence between its next-token
/// distribution and that of a teacher, summed over the vocabulary, mean over the tokens of the responses. The written prefixes are held
/// fixed. With it the adversarial phase needs no discriminator.
/// </summary>
public sealed record DistillationOptions : ComponentOptions, IModelReader
{
    /// <summary>The weight of the divergence, in nats per token. A combiner with schedules may change it. Default 1.</summary>
    [Range(0.0, 1e6)]
    public double Weight { get; init; } = 1;

    /// <summary>
    /// The teacher's folder in Hugging Face's layout; its vocabulary is that of the experiment's tokenizer. A relative path starts at the
    /// folder of the experiment file.
    /// </summary>
    [Required]
    public string Model { get; init; } = "";

    /// <summary>
    /// "forward" is KL(teacher ‖ student), "reverse" (default) KL(student ‖ teacher), "jensen-shannon" lies between them (equation 1).
    /// </summary>
    public DistillationDivergence Divergence { get; init; } = DistillationDivergence.Reverse;

    /// <summary>
    /// β of "jensen-shannon", the teacher's share: near 0 the gradient is like that of "forward" times β, near 1 like that of "reverse"
    /// times 1-β. Default 0.5.
    /// </summary>
    [Range(0.001, 0.999)]
    public double Beta { get; init; } = 0.5;

    /// <summary>
    /// The logits of both are divided by it. Unlike that of the pretraining, the term is not multiplied by its square. Default 1.
    /// </summary>
    [Range(0.01, 100.0)]
    public double Temperature { get; init; } = 1;
}
