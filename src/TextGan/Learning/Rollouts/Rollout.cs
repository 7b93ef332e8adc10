namespace TextGan.Learning.Rollouts;

/// <summary>One batch of generated texts with their signals and log-probabilities: what flows from stage to stage.</summary>
/// <param name="Texts">[B,T] ids with mask and response, and relaxed tokens under a pathwise update.</param>
public sealed record Rollout(TextBatch Texts)
{
    /// <summary>The texts as they were written: those that do not count have a response here, and none in <see cref="Texts"/>.</summary>
    public TextBatch Written { get; init; } = Texts;

    /// <summary>
    /// [B,T], detached: log p of each token under the generator as it was when it wrote, by the update's own first pass; null under a
    /// pathwise update.
    /// </summary>
    public Tensor? LogProbabilities { get; init; }

    /// <summary>One per discriminator, in their order; empty under a pathwise update, whose judgement is part of the graph.</summary>
    public IReadOnlyList<JudgeSignal> Signals { get; init; } = [];

    /// <summary>[B,T]: log p of each token under the reference; null where it was not asked for.</summary>
    public Tensor? Reference { get; init; }

    /// <summary>That of a KL in the reward; null where there is none.</summary>
    public JudgeSignal? Kl { get; init; }

    /// <summary>
    /// The weights of the discriminators' terms, and of the KL's, → one advantage [B,T] of them together; null under a pathwise update.
    /// </summary>
    public Func<IReadOnlyList<double>, Tensor>? Together { get; init; }

    /// <summary>The first pass with its graph, where one reads the whole batch; null where minibatches are read one by one.</summary>
    public GeneratorPass? FirstPass { get; init; }
}
