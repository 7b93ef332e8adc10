using System.Text.Json;

namespace TextGan.Reporting.Documents;

/// <summary>A column of a table.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Cells">A cell for each row.</param>
/// <param name="HigherIsBest">Whether its highest (true) or its lowest figure is set in bold; null if no figure is.</param>
sealed record TableColumn(string Header, IReadOnlyList<TableCell> Cells, bool? HigherIsBest = null)
{
    /// <summary>How many names a message lists at most.</summary>
    const int MostNamed = 40;

    /// <summary>The columns that an item of "columns" asks for.</summary>
    /// <exception cref="Problems.InvalidInputException">The item cannot be understood, or no row has its value.</exception>
    public static IEnumerable<TableColumn> Of(BlockJson json, ResultSet results, IReadOnlyList<TableRow> rows)
    {
        var label = json.Text("label") is { } written ? MarkdownText.Written(written) : null;
        if (json.Choice("show", [.. Facts.Keys]) is not { } fact) return OfMetric(json, label, results, rows);
        if (json.Has("metric")) throw json.Bad("a column has either 'metric' or 'show'.");
        json.End();
        return [new(label ?? fact, [.. rows.Select(row => row.At is null ? Facts[fact](row, Usual(rows)) : TableCell.Empty)])];
    }

    /// <summary>The largest number of seeds of a row: cells with as many do not write it.</summary>
    public static int Usual(IReadOnlyList<TableRow> rows) => rows.Max(row => row.Runs.Count);

    /// <summary>What is known of runs beside their evaluations.</summary>
    static readonly OrderedDictionary<string, Func<TableRow, int, TableCell>> Facts = new()
    {
        ["seeds"] = (row, _) => new(row.Seeds, "", row.Runs.Count),
        ["iterations"] = (row, usual) => TableCell.Of(row.Runs.Select(run => run.Iterations), value => MarkdownText.Number(value, 0), usual,
            spread: row.Runs.Select(run => run.Iterations).Distinct().Count() > 1),
        ["seconds"] = (row, usual) => Time(row, 1, 0, usual),
        ["minutes"] = (row, usual) => Time(row, 60, 1, usual),
        ["hours"] = (row, usual) => Time(row, 3600, 1, usual),
        ["version"] = (row, _) => Words(row.Runs.Select(run => CommandBlock.Short(run.Version))),
        ["date"] = (row, _) => Words(row.Runs.Select(run => run.Date)),
        ["machine"] = (row, _) => Words(row.Runs.Select(run => run.Machine)),
        ["command"] = (row, _) => Words(row.Commands),
    };

    static TableCell Time(TableRow row, double unit, int digits, int usual) =>
        TableCell.Of(row.Runs.Select(run => run.Seconds / unit), value => MarkdownText.Number(value, digits), usual, spread: true);

    static TableCell Words(IEnumerable<string> words) =>
        new(string.Join(", ", words.Where(word => word.Length > 0).Distinct().Select(MarkdownText.Escape)), "", double.NaN);

    static List<TableColumn> OfMetric(BlockJson json, string? label, ResultSet results, IReadOnlyList<TableRow> rows)
    {
        if (!json.Has("metric")) throw json.Bad("a column needs 'metric' or 'show'.");
        var metric = json.RequiredText("metric");
        var change = json.Choice("change", "absolute", "percent", "ratio");
        var (closed, control) = (json.Number("closed"), json.Text("against"));
        if (new[] { change is not null, closed is not null, control is not null }.Count(given => given) > 1)
            throw json.Bad("a column has one of 'change', 'closed' and 'against'.");
        if (control is not null && results.Find(control) is null) throw json.Bad(results.Unknown(control), "against");
        var digits = json.Whole("digits", 10) ?? (change == "percent" ? 1 : 3);
        var spread = json.Flag("spread") ?? true;
        var best = json.Choice("best", "higher", "lower") is { } end ? end == "higher" : (bool?)null;
        EvaluationChoice[] choices = [.. json.Items("at").Select(item => EvaluationChoice.Parse(item.Value, json.Place, item.Path))];
        var isList = choices.Length > 1;
        if (choices.Length == 0) choices = [EvaluationChoice.Last];
        var published = json.Find("published") is { } figures ? BlockJson.Of(figures, json.Place, $"{json.Path}.published") : null;
        json.End();

        double Value(RunSummary run, EvaluationChoice at)
        {
            var (value, start) = (at.In(run, metric) ?? double.NaN, EvaluationChoice.Start.In(run, metric) ?? double.NaN);
            return change switch
            {
                "absolute" => value - start,
                "percent" => 100 * (value - start) / Math.Abs(start),
                "ratio" => value / start,
                _ => closed is { } target ? (value - start) / (target - start) : value,
            };
        }

        string Format(double value) => MarkdownText.Number(value, digits, signed: change is "absolute" or "percent")
            + (change == "percent" ? "%" : "");

        TableCell Cell(TableRow row, EvaluationChoice at)
        {
            if (control is null) return TableCell.Of(row.Runs.Select(run => Value(run, row.At ?? at)), Format, Usual(rows), spread);
            if (row.At is not null || row.Experiment == control) return TableCell.Empty;
            return TableCell.Of(PairedDifference.Of(
                from run in row.Runs
                from other in results.Find(control)!.Runs
                where run.Seed == other.Seed
                select Value(run, at) - Value(other, at)), digits, Usual(rows));
        }

        var columns = new List<TableColumn>();
        foreach (var at in choices)
        {
            var header = label is null
                ? MarkdownText.Escape(metric) + (isList || at != EvaluationChoice.Last ? $", {at.Words}" : "") + change switch
                {
                    "absolute" => ", change",
                    "percent" => ", change in %",
                    "ratio" => ", end / start",
                    _ => closed is { } target ? $", closed of the distance to {NumberText.Brief(target)}"
                        : control is not null ? $", difference from {MarkdownText.Name(control)}" : "",
                }
                : label + (isList ? $", {at.Words}" : "");
            TableCell[] cells = [.. rows.Select(row => Cell(row, at))];
            if (cells.All(cell => cell.IsEmpty)) throw Nothing(json, metric, rows);
            columns.Add(new(header, cells, best));
            if (published is not null) columns.AddRange(Published(header, cells, rows, published, digits));
        }
        return columns;
    }

    static IEnumerable<TableColumn> Published(
        string header, TableCell[] ours, IReadOnlyList<TableRow> rows, BlockJson published, int digits)
    {
        double?[] figures = [.. rows.Select(row =>
            published.Number(row.Experiment) ?? (row.Label is { } label ? published.Number(label) : null))];
        published.End();
        yield return new($"{header}, published", [.. figures.Select(figure => figure is { } known
            ? new TableCell(MarkdownText.Number(known, digits), "", known) : TableCell.Empty)]);
        yield return new($"{header}, difference", [.. figures.Zip(ours, (figure, cell) => figure is { } known && !cell.IsEmpty
            ? new TableCell(MarkdownText.Number(cell.Key - known, digits, signed: true), "", cell.Key - known) : TableCell.Empty)]);
    }

    static Problems.InvalidInputException Nothing(BlockJson json, string metric, IReadOnlyList<TableRow> rows)
    {
        PhaseSummary[] phases = [.. rows.SelectMany(row => row.Runs).SelectMany(run => new[] { run.Adversarial, run.Pretraining })
            .OfType<PhaseSummary>()];
        string[] names = [.. phases.SelectMany(phase => phase.Values.Keys).Distinct()];
        if (!names.Contains(metric) && !names.Contains(LogNames.Metric + metric))
            return json.Bad($"no row has the value '{metric}'; there are {BlockJson.List([.. names.Take(MostNamed)
                .Select(name => name.StartsWith(LogNames.Metric, StringComparison.Ordinal) ? name[LogNames.Metric.Length..] : name)])}" +
                $"{(names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : "")}.", "metric");
        return json.Bad($"no row has a figure of '{metric}' here; the evaluations of the adversarial phase are at " +
            $"{string.Join(", ", rows.SelectMany(row => row.Runs).SelectMany(run => run.Adversarial?.Steps ?? []).Distinct().Order())}.",
            "metric");
    }
}
