using TextGan.Metrics.Sweeps;
using TextGan.Reporting;

namespace TextGan.Cli.Display;

/// <summary>Best sums and areas of curves over temperature and top-p.</summary>
public static class SweepTable
{
    public static IReadOnlyList<string> Lines(DrawnSweep drawn, int width)
    {
        var table = new TextTable("pair", "over", "run", "best sum", "at", "area", "samples") { LeftAligned = true };
        foreach (var row in drawn.Rows)
            table.Add(row.Pair.Name, SweepCurve.NameOf(row.Variable), SafeText.Line($"{row.Run.Experiment}/{row.Run.Seed}", 40),
                double.IsNaN(row.Best) ? "-" : NumberText.Of(row.Best), double.IsNaN(row.At) ? "-" : NumberText.Of(row.At),
                NumberText.Of(row.Area), $"{row.Run.Samples}");
        return
        [
            .. table.Lines(width), "",
            "Best sum: the lowest sum of both figures, of BLEU self-BLEU minus BLEU; lower is better. Area: the share of the box that " +
                "the curve dominates; higher is better.",
            $"The box of nats reaches from 0 to {NumberText.Of(drawn.Reference)} nats per token in both figures.",
        ];
    }
}
