using TextGan.Optimizers;

namespace TextGan.Training;

/// <summary>Maximum-likelihood training before the adversarial phase.</summary>
public sealed record PretrainingOptions : ComponentOptions
{
    /// <summary>The data set to learn from.</summary>
    [Required]
    public string Data { get; init; } = "";

    /// <summary>
    /// Passes over the data: in each, every training text is read once, in a new order. The last batch of a pass holds the texts that are
    /// left and may be smaller than the others. Default 10.
    /// </summary>
    [Range(0, 1_000_000)]
    public int Epochs { get; init; } = 10;

    /// <summary>
    /// Texts per update, whose loss is the mean over their tokens. If the data have fewer texts, every update reads all of them. Default
    /// 64.
    /// </summary>
    [Range(1, 1_000_000)]
    public int Batch { get; init; } = 64;

    /// <summary>
    /// In how many parts the batch of an update is read: only one part's activations exist at a time, and the gradients are summed. Default
    /// 1: all at once.
    /// </summary>
    [Range(1, 1_000_000)]
    public int Accumulate { get; init; } = 1;

    /// <summary>The optimiser. Default: Adam with learning rate 0.001.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>Largest norm of the gradient; a larger one is clipped to it. 0 turns clipping off. Default 5.</summary>
    [Range(0.0, 1e9)]
    public double ClipGradient { get; init; } = 5;

    /// <summary>
    /// Ends after this many epochs without a better held-out loss and restores the best weights; 0 (default) trains all epochs.
    /// Needs a data set with held-out texts.
    /// </summary>
    [Range(0, 1_000_000)]
    public int Patience { get; init; }

    /// <summary>
    /// A model whose distribution of each next token is learnt beside or in place of the data's tokens (distillation). The teacher reads at
    /// least as many tokens as the generator. "generator/loss" and "generator/heldOutLoss" are then those of this loss. Null (default):
    /// none, the likelihood of the data alone.
    /// </summary>
    public PretrainingTeacherOptions? Teacher { get; init; }

    /// <summary>A checkpoint every n updates, from which an interrupted run resumes; 0 means at the end only. Default 500.</summary>
    [Range(0, 100_000_000)]
    public int CheckpointEvery { get; init; } = 500;
}
