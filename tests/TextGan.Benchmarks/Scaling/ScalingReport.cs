using System.Globalization;
using System.Text;

namespace TextGan.Benchmarks.Scaling;

/// <summary>The tables of docs/scaling.md.</summary>
static class ScalingReport
{
    const double Gibibyte = 1024.0 * 1024 * 1024;

    /// <param name="points">What was measured; null: memory would not have sufficed, or did not.</param>
    /// <param name="memory">Bytes of the machine.</param>
    public static string Of(IReadOnlyDictionary<(string Path, ScalingSizes Sizes), ScalingPoint?> points, double memory)
    {
        var text = new StringBuilder();
        var culture = CultureInfo.InvariantCulture;
        text.AppendLine("# How the cost of a step grows").AppendLine();
        text.AppendLine(culture,
            $"Made by `dotnet run -c Release --project tests/TextGan.Benchmarks -- scaling`; {Environment.ProcessorCount} cores, " +
            $"{memory / Gibibyte:F0} GiB.");
        text.AppendLine("Seconds a step (median) and, after it, the memory that the step adds to its process, parameters and optimiser " +
            "included. LSTM generator of width H; 'gumbel-softmax' is a generator step (relaxed tokens) against one CNN discriminator; " +
            "'sampling' draws B texts; 'product' is T times the product [B,H]·[H,V] alone, by LibTorch. — : memory ends.").AppendLine();
        text.AppendLine(culture, $"| V | T | B | H | {string.Join(" | ", ScalingPaths.Names)} |");
        text.AppendLine(culture, $"|---|---|---|---|{string.Concat(ScalingPaths.Names.Select(_ => "---|"))}");
        foreach (var sizes in points.Keys.Select(key => key.Sizes).Distinct())
            text.AppendLine(culture,
                $"| {sizes.Vocabulary:N0} | {sizes.Length} | {sizes.Batch} | {sizes.Width} | " +
                $"{string.Join(" | ", ScalingPaths.Names.Select(path => Cell(points.GetValueOrDefault((path, sizes)))))} |");

        text.AppendLine().AppendLine("## The fitted law").AppendLine();
        text.AppendLine("Least squares of the logarithms over all rows; in brackets the largest factor by which a row differs from it. " +
            "Small steps are bound by the number of calls, not by arithmetic, so each law holds best at its larger sizes.").AppendLine();
        foreach (var path in ScalingPaths.Names)
        {
            ScalingPoint[] measured = [.. points.Values.OfType<ScalingPoint>().Where(point => point.Path == path)];
            if (measured.Length < 6) continue; // five unknowns
            var law = PowerLaw.Fit(measured);
            text.AppendLine(culture, $"- {path}: {law} (factor {law.Worst(measured):F1})");
        }

        text.AppendLine().AppendLine("## Where memory ends").AppendLine();
        foreach (var path in ScalingPaths.Names.Except([ScalingPaths.Product]))
        {
            var largest = points.Values.OfType<ScalingPoint>().Where(point => point.Path == path).MaxBy(point => point.Sizes.Table);
            if (largest is null) continue;
            var perNumber = largest.Bytes / largest.Sizes.Table;
            text.AppendLine(culture,
                $"- {path}: {perNumber:F2} bytes for each number of a [B,T,V] table at the largest size that ran " +
                $"({largest.Sizes.Table / 1e6:N0} million numbers, {largest.Bytes / Gibibyte:F1} GiB), so {memory / Gibibyte:F0} GiB end " +
                $"near B·T·V = {memory / perNumber / 1e9:F1}·10⁹.");
        }

        text.AppendLine().AppendLine("## Drawing from a large vocabulary").AppendLine();
        if (Growth(points, ScalingPaths.Drawing) is { } sampling && Growth(points, ScalingPaths.Product) is { } product)
            text.AppendLine(culture,
                $"From V = 5,000 to V = 100,000 (T = 20, B = 64, H = 32) sampling takes {sampling:F1} times as long, the matrix product " +
                $"alone {product:F1} times.");
        return text.ToString();
    }

    static double? Growth(IReadOnlyDictionary<(string Path, ScalingSizes Sizes), ScalingPoint?> points, string path) =>
        points.GetValueOrDefault((path, new(100_000, 20, 64, 32)))?.Seconds / points.GetValueOrDefault(
            (path, new(5_000, 20, 64, 32)))?.Seconds;

    static string Cell(ScalingPoint? point) => point is null ? "—"
        : string.Create(CultureInfo.InvariantCulture, $"{point.Seconds:G3} s, {point.Bytes / (1024 * 1024):N0} MiB");
}
