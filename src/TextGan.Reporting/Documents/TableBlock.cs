using System.Text.Json;

namespace TextGan.Reporting.Documents;

/// <summary>The block "table": a row for each experiment, figures with their spread over seeds.</summary>
static class TableBlock
{
    /// <exception cref="Problems.InvalidInputException">The block cannot be understood, or names what does not exist.</exception>
    public static IEnumerable<string> Lines(BlockJson json, Func<string, ResultFile> read)
    {
        var results = new ResultSet(json, read);
        var rows = results.Rows(json);
        var items = json.Items("columns");
        if (items.Count == 0) throw json.Bad("'columns' is missing: what the table shows.");
        List<TableColumn> columns = [.. items.SelectMany(item =>
            TableColumn.Of(BlockJson.Of(item.Value, json.Place, item.Path), results, rows))];
        var order = Order(json, columns, rows.Count);
        json.End();
        yield return Line("experiment", columns.Select(column => column.Header));
        yield return "|---" + string.Concat(columns.Select(_ => "|---")) + "|";
        foreach (var row in order) yield return Line(rows[row].Header, columns.Select(column => Text(column, row)));
        foreach (var note in Notes(items.Select(item => item.Value), columns, rows))
        {
            yield return "";
            yield return note;
        }
    }

    static string Line(string first, IEnumerable<string> cells) => $"| {first} | {string.Join(" | ", cells)} |";

    /// <summary>A cell; in bold if no other of its column shows a better figure.</summary>
    static string Text(TableColumn column, int row)
    {
        var cell = column.Cells[row];
        var isBest = column.HigherIsBest is { } higher && !cell.IsEmpty
            && !column.Cells.Any(other => (higher ? other.Key > cell.Key : other.Key < cell.Key) && other.Lead != cell.Lead);
        return (isBest ? $"**{cell.Lead}**" : cell.Lead) + cell.Tail;
    }

    /// <summary>The rows' numbers in the order of "sort"; rows without a figure come last.</summary>
    static IEnumerable<int> Order(BlockJson json, List<TableColumn> columns, int count)
    {
        var all = Enumerable.Range(0, count);
        if (json.Find("sort") is not { } given) return all;
        var sort = BlockJson.Of(given, json.Place, "$.sort");
        var (header, ascending) = (sort.RequiredText("column"), sort.Choice("order", "descending", "ascending") == "ascending");
        sort.End();
        var cells = columns.Find(column => column.Header == MarkdownText.Written(header))?.Cells ?? throw sort.Bad(
            $"no column has the header '{header}'; there are {BlockJson.List([.. columns.Select(column => column.Header)])}.", "column");
        return all.OrderBy(row => double.IsNaN(cells[row].Key)).ThenBy(row => ascending ? cells[row].Key : -cells[row].Key);
    }

    static IEnumerable<string> Notes(
        IEnumerable<JsonElement> items, List<TableColumn> columns, IReadOnlyList<TableRow> rows)
    {
        var usual = TableColumn.Usual(rows);
        if (usual < 2) yield break;
        var same = rows.Select(row => row.Seeds).Distinct().Count() == 1;
        yield return same ? $"Means over seeds {rows[0].Seeds} (smallest to largest)."
            : $"Means over seeds (smallest to largest), over {usual} of them where n is not given.";
        string[] controls = [.. items.Select(item => item.TryGetProperty("against", out var control) ? control.GetString() : null)
            .OfType<string>().Distinct().Select(MarkdownText.Name)];
        if (controls.Length > 0)
            yield return $"Differences from {string.Join(" and ", controls)} are means over pairs of runs with the same seed " +
                $"({(same ? $"n = {usual}" : $"n = {usual} where it is not given")}), with the 95% interval by Student's t; \\* marks " +
                "intervals that leave out 0. They are not corrected for the number of comparisons.";
    }
}
