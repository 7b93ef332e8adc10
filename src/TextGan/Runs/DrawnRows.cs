namespace TextGan.Runs;

/// <summary>
/// Gives the rows of ids that a data set of this name draws: those that were drawn before, or what the function draws, or null where
/// nothing is to be drawn, because nothing is trained.
/// </summary>
public delegate IReadOnlyList<int[]>? DrawnRows(string name, Func<IReadOnlyList<int[]>> draw);
