using TextGan.Learning.Objectives;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Updates;

/// <summary>What an update rule makes of one batch for one step of the optimiser.</summary>
/// <param name="Terms">One differentiable term per discriminator, in their order, and one for a KL in the reward.</param>
/// <param name="Generated">The batch.</param>
/// <param name="Settings">Numbers that are known on the host, such as the temperature.</param>
/// <param name="Together">
/// The terms' weights → one surrogate of all terms, where that is another than the weighted sum of theirs (a clipped loss of the summed
/// advantages); else null.
/// </param>
public sealed record Estimate(
    IReadOnlyList<Term> Terms, GeneratedBatch Generated, IReadOnlyDictionary<string, double> Settings,
    Func<IReadOnlyList<double>, Tensor>? Together = null);
