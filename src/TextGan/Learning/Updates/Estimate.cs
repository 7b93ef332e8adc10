using TextGan.Learning.Objectives;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Updates;

/// <summary>What an estimator makes of one batch.</summary>
/// <param name="Terms">One differentiable term per discriminator, in their order.</param>
/// <param name="Generated">The batch.</param>
/// <param name="Settings">Numbers that are known on the host, such as the temperature.</param>
public sealed record Estimate(IReadOnlyList<Term> Terms, GeneratedBatch Generated, IReadOnlyDictionary<string, double> Settings);
