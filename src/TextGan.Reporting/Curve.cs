namespace TextGan.Reporting;

/// <summary>A series on an axis: a part for each phase, so that no average runs across the border of phases.</summary>
public sealed record Curve(IReadOnlyList<LogSeries> Parts)
{
    /// <summary>From so many points on a part is shown thin with its moving average above.</summary>
    public const int DenseFrom = 100;

    /// <summary>Whether the curve is an average already and is drawn as it is.</summary>
    public bool IsAveraged { get; init; }

    /// <summary>This curve with a multiple of another one added, whose values are at the same places.</summary>
    public Curve Plus(Curve other, double factor) => new([.. Parts.Zip(other.Parts, (part, added) =>
        part with { Values = [.. part.Values.Zip(added.Values, (value, more) => value + factor * more)] })]);

    /// <summary>Whether any value is finite.</summary>
    public bool HasValues => Parts.Any(part => part.Values.Any(double.IsFinite));

    /// <summary>Whether it is drawn thin with its moving average above.</summary>
    public bool IsDense => !IsAveraged && Parts.Any(part => part.Steps.Count >= DenseFrom);

    /// <summary>The curve with dense parts averaged, at some hundreds of places.</summary>
    public Curve Smooth() =>
        new([.. Parts.Select(part => part.Steps.Count >= DenseFrom ? part.Smooth(part.Steps[0], part.Steps[^1]) : part)]);

    /// <summary>The curve in so few points that a picture of that width can show it, in stretches without gaps.</summary>
    public IReadOnlyList<Stretch> Thin(int pixels)
    {
        // Parts that touch are one line: thin them together, for the border of phases is no gap.
        var (xs, ys) = (new List<double>(), new List<double>());
        foreach (var part in Parts)
        {
            xs.AddRange(part.Steps);
            ys.AddRange(part.Values);
        }
        return Thinning.MinMax(xs, ys, pixels);
    }
}
