namespace TextGan.Reporting;

/// <summary>
/// The looks of a sweep's experiments: the value of the first option that varies is the colour, all other values together are dashes and
/// marker.
/// </summary>
/// <param name="runs">The runs that are compared.</param>
public sealed class SweepLooks(IReadOnlyList<RunLog> runs)
{
    /// <summary>The most entries of a legend of experiments; of more, values are shown in their place.</summary>
    const int MostEntries = 8, MostValues = 6;

    static readonly Color Neutral = Color.FromHex("#404040");

    readonly List<string> others = [];
    readonly bool isOnlySweep = runs.Select(run => SweepName.SweepOf(run.Experiment)).Distinct().Count() == 1;

    /// <summary>The options that vary.</summary>
    public IReadOnlyList<SweptOption> Options { get; } = SweptOption.Of(runs);

    /// <summary>The look of a run's experiment; null if nothing of it varies.</summary>
    public LineLook? Of(RunLog run) => ColorOption(run) is not { } option ? null
        : OfOthers(NameOf(run, option)) with { Color = option.ColorOf(option.In(run)!) };

    /// <summary>
    /// What varies in a run, without an option: "batch=64, temperature=0.1", after the sweep's name if there are several; "" for nothing.
    /// </summary>
    public string NameOf(RunLog run, SweptOption? without = null)
    {
        var setting = Options.Where(option => option != without && option.In(run) is not null)
            .Select(option => $"{option.Name}={option.In(run)}");
        return $"{(isOnlySweep ? "" : SweepName.SweepOf(run.Experiment))} {string.Join(", ", setting)}".Trim();
    }

    /// <summary>The dashes and marker of what runs have beside the option that is their colour.</summary>
    public LineLook OfOthers(string name)
    {
        var index = others.IndexOf(name);
        if (index < 0)
        {
            index = others.Count;
            others.Add(name);
        }
        return LineLook.Of(index) with { Color = Neutral };
    }

    /// <summary>A legend of experiments, or of the values behind colours and dashes where there are too many.</summary>
    public IEnumerable<LegendEntry> Legend(IReadOnlyList<(string Text, RunLog Run)> experiments)
    {
        if (experiments.Count <= MostEntries) return experiments.Select(one => new LegendEntry(one.Text, Of(one.Run)!));
        RunLog[] shown = [.. experiments.Select(one => one.Run)];
        var colors = shown.Select(ColorOption).Distinct().SelectMany(option => option!.Shown(MostValues).Select(value => new LegendEntry(
            $"{option.Name}={value}", LineLook.Of(0) with { Color = option.ColorOf(value) })));
        string[] names = [.. shown.Select(run => NameOf(run, ColorOption(run))).Distinct()];
        return names.Length is 1 or > MostEntries ? colors
            : colors.Concat(names.Select(name => new LegendEntry(name, OfOthers(name))));
    }

    SweptOption? ColorOption(RunLog run) => Options.FirstOrDefault(option => option.In(run) is not null);
}
