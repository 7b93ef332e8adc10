namespace TextGan.Reporting;

/// <summary>Points of a line without a gap.</summary>
/// <param name="Xs">Ascending.</param>
/// <param name="Ys">Finite.</param>
public sealed record Stretch(double[] Xs, double[] Ys);
