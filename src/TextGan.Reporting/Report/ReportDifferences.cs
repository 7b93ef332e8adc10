using System.Text.Json;
using TextGan.Safety;

namespace TextGan.Reporting.Report;

/// <summary>What settings of runs have in common and where they differ.</summary>
/// <param name="Columns">The runs that have the same settings, column by column.</param>
/// <param name="Rows">Settings that differ, each with its value in every column; null where a column does not have it.</param>
/// <param name="Equal">Settings that are the same everywhere, with their value.</param>
sealed record ReportDifferences(
    IReadOnlyList<ReportColumn> Columns, IReadOnlyList<ReportSetting> Rows, IReadOnlyList<ReportSetting> Equal)
{
    /// <summary>Compares the settings of runs; those that are alike in all share a column.</summary>
    /// <param name="runs">What each run's column may be shared by, such as its experiment; and its settings by path.</param>
    public static ReportDifferences Of(IReadOnlyList<(string Group, IReadOnlyDictionary<string, string> Settings)> runs)
    {
        var columns = runs.Index()
            .GroupBy(run => (run.Item.Group, string.Join('\0', run.Item.Settings.Select(one => $"{one.Key}\0{one.Value}"))))
            .Select(same => (Runs: same.Select(run => run.Index).ToArray(), same.First().Item.Settings)).ToList();
        var rows = columns.SelectMany(column => column.Settings.Keys).Distinct().Select(path => new ReportSetting(SafeText.Line(path),
            [.. columns.Select(column => column.Settings.TryGetValue(path, out var value) ? SafeText.Line(value) : null)])).ToList();
        return new([.. columns.Select(column => new ReportColumn(column.Runs))],
            [.. rows.Where(row => row.Values.Distinct().Count() > 1)],
            [.. rows.Where(row => row.Values.Distinct().Count() == 1).Select(row => row with { Values = row.Values.Take(1).ToArray() })]);
    }

    /// <summary>
    /// An object's values by path, such as "discriminators[helpful].loss.kind": items of lists are called by their name or kind, lists of
    /// plain values stand as they are.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Flat(JsonElement json, params string[] without)
    {
        var settings = new Dictionary<string, string>();
        if (json.ValueKind == JsonValueKind.Object)
            foreach (var property in json.EnumerateObject().Where(property => !without.Contains(property.Name)))
                Add(property.Name, property.Value);
        return settings;

        void Add(string path, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any())
                foreach (var property in value.EnumerateObject()) Add($"{path}.{property.Name}", property.Value);
            else if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object))
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    var place = $"{path}[{NameOf(item) ?? $"{index}"}]";
                    Add(settings.Keys.Any(key => key == place || key.StartsWith(place + ".", StringComparison.Ordinal))
                        ? $"{path}[{NameOf(item)} {index}]" : place, item);
                }
            else settings[path] = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
    }

    static string? NameOf(JsonElement item) => item.ValueKind != JsonValueKind.Object ? null
        : item.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()
        : item.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null;
}

/// <summary>Runs with the same settings.</summary>
sealed record ReportColumn(IReadOnlyList<int> Runs);

/// <summary>A setting, by its path, and its values.</summary>
sealed record ReportSetting(string Path, IReadOnlyList<string?> Values);
