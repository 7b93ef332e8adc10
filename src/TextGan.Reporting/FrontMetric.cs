namespace TextGan.Reporting;

/// <summary>A metric that experiments are compared in.</summary>
/// <param name="Name">Its name without "metric/".</param>
/// <param name="HigherIsBetter">Which end of it is better.</param>
public sealed record FrontMetric(string Name, bool HigherIsBetter)
{
    /// <summary>A value as a gain, of which more is better; the gain of a gain is the value.</summary>
    public double Gain(double value) => HigherIsBetter ? value : -value;

    /// <summary>"nll (lower is better)".</summary>
    public string Titled => $"{Name} ({(HigherIsBetter ? "higher" : "lower")} is better)";
}
