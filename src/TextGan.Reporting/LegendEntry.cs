namespace TextGan.Reporting;

/// <summary>A name in a legend and the look of its line.</summary>
public sealed record LegendEntry(string Text, LineLook Look);
