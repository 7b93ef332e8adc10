namespace TextGan.Reporting;

/// <summary>An option that differs between runs of sweeps: where its values lie on an axis and on a scale of colours.</summary>
public sealed class SweptOption
{
    /// <summary>From this ratio of the greatest to the smallest on, listed numbers are drawn by their logarithms.</summary>
    const double WideRatio = 10;

    /// <summary>The share of the colour scale that white paper shows; its end is a pale yellow.</summary>
    const double ColorShare = 0.88;

    static readonly ScottPlot.Colormaps.Viridis Colors = new();

    SweptOption(string option, IReadOnlyList<SweptValue> values)
    {
        (Option, Name) = (option, values[0].Name);
        IsNumeric = values.All(value => !double.IsNaN(value.Number));
        var distinct = values.DistinctBy(value => value.Value);
        Values = [.. (IsNumeric ? distinct.OrderBy(value => value.Number) : distinct).Select(value => value.Value)];
        IsLogarithmic = IsNumeric && values.All(value => value.Number > 0) && (values.Any(value => value.IsLogarithmic == true)
            || (values.All(value => value.IsLogarithmic is null)
                && values.Max(value => value.Number) >= WideRatio * values.Min(value => value.Number)));
    }

    /// <summary>Its path.</summary>
    public string Option { get; }

    /// <summary>What experiments' names call it.</summary>
    public string Name { get; }

    /// <summary>Whether all values are numbers; otherwise they are categories.</summary>
    public bool IsNumeric { get; }

    /// <summary>Whether the axis has their logarithms.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>The different values: numbers ascending, categories in the order of the runs.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>The options that differ between the runs, in the order in which they appear.</summary>
    public static IReadOnlyList<SweptOption> Of(IEnumerable<RunLog> runs) =>
    [
        .. runs.SelectMany(run => run.Swept).GroupBy(value => value.Option).Select(option => new SweptOption(option.Key, [.. option]))
            .Where(option => option.Values.Count > 1),
    ];

    /// <summary>A run's value; null if its sweep has not this option.</summary>
    public string? In(RunLog run) => run.Swept.FirstOrDefault(value => value.Option == Option)?.Value;

    /// <summary>Where a value lies on the axis: a number or its logarithm; of a category its place, from 0.</summary>
    public double X(string value)
    {
        if (!IsNumeric) return Values.ToList().IndexOf(value);
        var number = double.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
        return IsLogarithmic ? Math.Log10(number) : number;
    }

    /// <summary>The colour of a value: on a continuous scale for numbers, a colour of its own for each category.</summary>
    public Color ColorOf(string value)
    {
        if (!IsNumeric) return LineLook.Of((int)X(value)).Color;
        var (low, high) = (X(Values[0]), X(Values[^1]));
        return Colors.GetColor(ColorShare * (X(value) - low) / (high - low));
    }

    /// <summary>Values for a legend: all, or some that are spread over the scale.</summary>
    public IEnumerable<string> Shown(int most) => Values.Count <= most || !IsNumeric ? Values.Take(most)
        : Enumerable.Range(0, most).Select(i => Values[i * (Values.Count - 1) / (most - 1)]);
}
