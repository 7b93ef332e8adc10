namespace TextGan.Reporting;

/// <summary>
/// The horizontal axis: adversarial iterations from 0 to the right and, left of 0, a band for a phase before them. The band
/// takes a fixed share of the picture, whatever its number of updates, and has ticks of its own. Without adversarial
/// iterations the axis counts updates from 0.
/// </summary>
/// <param name="Iterations">Adversarial iterations; 0 where there are none.</param>
/// <param name="Earlier">The phase before them that is shown.</param>
/// <param name="Updates">Its updates; 0 where it is not shown.</param>
public sealed record StepAxis(double Iterations, Phase Earlier = Phase.Pretraining, double Updates = 0)
{
    /// <summary>The band's share of the axis.</summary>
    public const double BandShare = 0.22;

    /// <summary>Whether the earlier phase stands in a band left of 0.</summary>
    public bool HasBand => Iterations > 0 && Updates > 0;

    /// <summary>The band's words: "pretraining" or "discriminator pretraining".</summary>
    public string BandText => Earlier.NameOf().Replace('-', ' ');

    /// <summary>The axis's name with its unit.</summary>
    public string Text => Iterations <= 0 ? $"{BandText} update" : HasBand ? $"iteration (shaded: {BandText}, in updates)" : "iteration";

    /// <summary>The same for narrow panels.</summary>
    public string ShortText => Iterations <= 0 ? "update" : HasBand ? "iteration (shaded: update)" : "iteration";

    public double Left => HasBand ? -BandWidth : 0;

    public double Right => Iterations > 0 ? Iterations : Math.Max(1, Updates);

    double BandWidth => BandShare / (1 - BandShare) * Iterations;

    /// <summary>Where a step lies on the axis.</summary>
    public double X(Phase phase, double step) =>
        Iterations <= 0 ? phase == Earlier ? step : Updates
        : phase == Phase.Adversarial ? step
        : HasBand ? (step / Updates - 1) * BandWidth
        : 0;

    /// <summary>Positions and labels for about <paramref name="count"/> ticks, the band's among them.</summary>
    public (double[] Positions, string[] Labels) Ticks(int count)
    {
        var main = NumberText.WholeTicks(Right, Math.Max(2, HasBand ? (int)(count * (1 - BandShare)) : count))
            .Select(at => (At: at, Step: at));
        if (HasBand)
        {
            // The end of the band is iteration 0: a tick so near that its label would touch that one is left out.
            var band = NumberText.WholeTicks(Updates, Math.Max(2, (int)(count * BandShare))).Where(step => step <= 0.75 * Updates)
                .ToArray();
            main = band.Select(step => (X(Earlier, step), step)).Concat(main);
        }
        var all = main.ToArray();
        return ([.. all.Select(tick => tick.At)], [.. all.Select(tick => NumberText.Brief(tick.Step))]);
    }

    /// <summary>A series of these phases as a curve on this axis; null where none of them logged it.</summary>
    public Curve? Curve(RunLog log, string name, params ReadOnlySpan<Phase> phases)
    {
        var parts = new List<LogSeries>();
        foreach (var phase in phases)
            if (log.Find(phase, name) is { } series)
                parts.Add(new([.. series.Steps.Select(step => X(phase, step))], series.Values));
        return parts.Count == 0 ? null : new(parts);
    }
}
