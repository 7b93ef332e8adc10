using TextGan.Learning.Objectives.Regularizers;

namespace TextGan.Learning.Objectives;

/// <summary>Further terms of the generator's objective; a weight of 0 leaves a term out.</summary>
public sealed record RegularizerOptions : ComponentOptions
{
    /// <summary>
    /// Weight of the negative entropy of the next-token distribution, in nats per token: larger keeps samples diverse. Default 0.
    /// </summary>
    [Range(0.0, 1e6)]
    public double Entropy { get; init; }

    /// <summary>Weight of the negative log-likelihood of real text, in nats per token (maximum-likelihood mixing). Default 0.</summary>
    [Range(0.0, 1e6)]
    public double Likelihood { get; init; }

    /// <summary>The data set whose likelihood is added; null (default) means the pretraining's.</summary>
    public string? LikelihoodData { get; init; }

    /// <summary>
    /// KL(generator ‖ the generator at the start of adversarial training): a number is the weight of a loss in nats per token, summed over
    /// the vocabulary; "loss" and "reward" have further settings. Default: a weight of 0.
    /// </summary>
    public KlOptions Kl { get; init; } = new KlLossOptions();

    /// <summary>
    /// The divergence from a teacher's next-token distributions on the generator's own texts; null (default) for none.
    /// </summary>
    public DistillationOptions? Distillation { get; init; }

    /// <summary>
    /// The divergence from a mediator that learns the even mixture of real texts and the generator's (cooperative training); null (default)
    /// for none.
    /// </summary>
    public MediatorOptions? Mediator { get; init; }

    /// <summary>
    /// Weight of what the manager of the generator "leak" learns in the adversarial phase: goals towards which texts of high advantage went
    /// (LeakGAN). It acts on the manager alone. Default 0: the manager stays as its pretraining left it.
    /// </summary>
    [Range(0.0, 1e6)]
    public double Manager { get; init; }

    /// <summary>
    /// Weight of the intrinsic reward of the worker of the generator "leak": how far each token went where the goals pointed (LeakGAN), as
    /// a REINFORCE term without a baseline. It acts on the worker alone. Default 0.
    /// </summary>
    [Range(0.0, 1e6)]
    public double Intrinsic { get; init; }
}
