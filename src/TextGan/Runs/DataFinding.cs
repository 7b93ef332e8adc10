namespace TextGan.Runs;

/// <summary>Something about the data that their user should know.</summary>
/// <param name="IsWarning">Whether figures may mean less than they seem to; else it is worth knowing and no more.</param>
/// <param name="Text">A sentence with its figures.</param>
public sealed record DataFinding(bool IsWarning, string Text);
