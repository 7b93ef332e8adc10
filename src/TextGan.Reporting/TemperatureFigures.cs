using TextGan.Metrics.Sweeps;

namespace TextGan.Reporting;

/// <summary>Quality against diversity of models over temperature and top-p (metric "temperature-sweep"), each model a curve.</summary>
public static class TemperatureFigures
{
    const int PanelsOfPage = 6;

    /// <summary>A panel for each pair of figures and each variable; none of models without curves.</summary>
    /// <param name="name">Of the figure.</param>
    /// <param name="title">What is compared.</param>
    /// <param name="models">The models.</param>
    public static IEnumerable<Figure> Of(string name, string title, IReadOnlyList<SweptModel> models)
    {
        var panels = from variable in Enum.GetValues<SweepVariable>()
                     let curves = models.SelectMany(model => model.Curves.Where(curve => curve.Variable == variable)
                         .Select(curve => (model.Look, Curve: curve))).ToList()
                     from pair in curves.SelectMany(one => one.Curve.Pairs).Distinct()
                     select (Panel)new TemperaturePanel(pair, curves)
                     {
                         Title = $"{pair.Name} over {SweepCurve.NameOf(variable)}", Unit = UnitOf(pair, pair.Quality),
                     };
        return PanelGrid.Pages(name, $"Quality against diversity: {title}", [.. panels], PanelsOfPage, figure => figure with
        {
            Legend = [.. models.Select(model => new LegendEntry(Label.Elide(Label.Clean(model.Name), 40), model.Look)).Distinct()],
            Note = "Numbers: the settings at the ends of a curve. Black square: temperature 1. Large marker: the best sum of both.",
        });
    }

    internal static string UnitOf(SweepPair pair, string figure) => pair.IsBleu
        ? $"{figure} ({(figure == pair.Quality ? "higher" : "lower")} is better)" : $"{figure}, nats per token (lower is better)";
}
