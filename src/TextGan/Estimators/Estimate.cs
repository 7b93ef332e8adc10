using TextGan.Objectives;
using static TorchSharp.torch;

namespace TextGan.Estimators;

/// <summary>What an estimator makes of one batch.</summary>
/// <param name="Terms">One differentiable term per discriminator, in their order.</param>
/// <param name="Generated">The batch.</param>
/// <param name="Diagnostics">Further values for the log by name (0-dim tensors, not yet read to the host), such as each discriminator's mean signal.</param>
/// <param name="Settings">Numbers that are known on the host, such as the temperature.</param>
public sealed record Estimate(
    IReadOnlyList<Term> Terms, GeneratedBatch Generated, IReadOnlyDictionary<string, Tensor> Diagnostics, IReadOnlyDictionary<string, double> Settings);
