using TextGan.Optimizers;

namespace TextGan.Training;

/// <summary>The adversarial phase.</summary>
public sealed record TrainingOptions : ComponentOptions
{
    /// <summary>Iterations: in each, every discriminator learns, then the generator. Default 1000; 0 skips the phase.</summary>
    [Range(0, 100_000_000)]
    public int Iterations { get; init; } = 1000;

    /// <summary>Texts generated per step. Default 64.</summary>
    [Range(1, 1_000_000)]
    public int Batch { get; init; } = 64;

    /// <summary>
    /// In how many parts of its batch the generator computes a step: its activations and logits exist for one part at a time, and the
    /// gradient is that of the whole batch, with whatever losses, baselines and combiners. For a third more time, as each part is computed
    /// once more for its gradient. Default 1: all at once.
    /// </summary>
    [Range(1, 1_000_000)]
    public int Accumulate { get; init; } = 1;

    /// <summary>Generator steps per iteration. Default 1.</summary>
    [Range(1, 10_000)]
    public int GeneratorSteps { get; init; } = 1;

    /// <summary>The generator's optimiser. Default: Adam with learning rate 0.0001.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions { LearningRate = 1e-4 };

    /// <summary>Largest norm of the generator's gradient; a larger one is clipped to it. 0 turns clipping off. Default 5.</summary>
    [Range(0.0, 1e9)]
    public double ClipGradient { get; init; } = 5;

    /// <summary>
    /// Decay of a moving average of the generator's weights that evaluation uses instead of them; 0 (default) means no average.
    /// </summary>
    [Range(0.0, 0.9999999)]
    public double WeightAverage { get; init; }

    /// <summary>Logs metrics every n iterations, and after the last. Default 1.</summary>
    [Range(1, 1_000_000)]
    public int LogEvery { get; init; } = 1;

    /// <summary>
    /// A checkpoint every n iterations, and every n updates of the discriminators' pretraining, beside those at evaluations; 0 means at
    /// evaluations only. Default 0.
    /// </summary>
    [Range(0, 100_000_000)]
    public int CheckpointEvery { get; init; }

    /// <summary>How many checkpoints are kept, newest first; the one at the end of pretraining stays beside them. Default 2.</summary>
    [Range(1, 1000)]
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>Also keeps the checkpoint that is best by a metric; null (default) does not.</summary>
    public BestCheckpointOptions? KeepBest { get; init; }

    /// <summary>Measures the conflict between the terms of the objective; null (default) does not.</summary>
    public ConflictOptions? Conflict { get; init; }

    /// <inheritdoc />
    public override IEnumerable<Problem> Validate(string path)
    {
        if (Conflict is { } conflict && conflict.Every % LogEvery != 0)
            yield return new($"{path}.conflict.every",
                $"is {conflict.Every}, but values are logged every {LogEvery} iterations ('training.logEvery'), so that some " +
                "measurements would be lost; take a multiple of that.");
    }
}
