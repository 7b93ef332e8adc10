namespace TextGan.Metrics;

/// <summary>A discriminator, or another judge of the objective, as metrics ask it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its configured weight in the generator's objective.</param>
/// <param name="IsStructured">Whether its logit is f(x) - log q(x).</param>
/// <param name="Scores">[n,T] ids on the CPU → its score of each text [n].</param>
/// <param name="Rewards">The same → minus the loss whose expectation the update rule lowers, [n]; only where the rule names one.</param>
public sealed record EvaluatedJudge(
    string Name, double Weight, bool IsStructured, Func<TextBatch, Tensor> Scores, Func<TextBatch, Tensor> Rewards);
