namespace TextGan.Metrics.Sweeps;

/// <summary>What was measured of texts drawn at one setting.</summary>
/// <param name="At">The temperature or top-p.</param>
/// <param name="Values">Figures by name: "nll-oracle", "bleu-5".</param>
public sealed record SweepPoint(double At, IReadOnlyDictionary<string, double> Values);
