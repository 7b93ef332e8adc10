namespace TextGan.Problems;

/// <summary>One thing that is wrong with what a user gave: where it is, what was found and what is allowed.</summary>
/// <param name="Place">A JSON path (<c>$.training.batch</c>), a file with a line number (<c>train.txt:17</c>), both
/// (<c>experiments.json:17: $.training.batch</c>), or a file.</param>
/// <param name="Message">One sentence: what was found, what is allowed, and the nearest match where there is one.</param>
public sealed record Problem(string Place, string Message)
{
    public override string ToString() => $"{Place}: {Message}";
}
