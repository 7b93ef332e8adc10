using System.Text.Json;

namespace TextGan.Reporting.Documents;

/// <summary>The experiments of the files that a block names.</summary>
sealed class ResultSet
{
    readonly OrderedDictionary<string, TableRow> experiments = [];

    /// <summary>Reads what "results" names; an experiment may have runs in several files.</summary>
    /// <param name="json">The block.</param>
    /// <param name="read">Reads a file by its name in the document.</param>
    /// <exception cref="Problems.InvalidInputException">Files are missing or damaged, or have a run twice.</exception>
    public ResultSet(BlockJson json, Func<string, ResultFile> read)
    {
        var names = json.Items("results");
        if (names.Count == 0) throw json.Bad("'results' is missing: the summaries that the block reads.");
        foreach (var (name, path) in names)
        {
            if (name.ValueKind != JsonValueKind.String) throw BlockJson.Wrong(json.Place, path, name, "the name of a file");
            var file = read(name.GetString()!);
            foreach (var runs in file.Runs.GroupBy(run => run.Experiment))
            {
                var before = experiments.GetValueOrDefault(runs.Key) ?? new TableRow(runs.Key, null, null, [], []);
                if (before.Runs.Select(run => run.Seed).Intersect(runs.Select(run => run.Seed)).ToList() is [var seed, ..])
                    throw json.Bad($"the files have seed {seed} of '{runs.Key}' twice.", "results");
                experiments[runs.Key] = before with
                {
                    Runs = [.. before.Runs.Concat(runs).OrderBy(run => run.Seed)],
                    Commands = [.. before.Commands.Concat(file.Command is null ? [] : [file.Command])],
                };
            }
        }
    }

    /// <summary>The experiment of this name; null if the files have no run of it.</summary>
    public TableRow? Find(string experiment) => experiments.GetValueOrDefault(experiment);

    /// <summary>"no experiment is named 'x'; there are 'a', 'b'."</summary>
    public string Unknown(string name) => $"no experiment is named '{name}'; there are {BlockJson.List([.. experiments.Keys])}.";

    /// <summary>
    /// The rows that a block asks for in "rows": names, in which '*' stands for any characters and fits what is not a row yet; objects with
    /// "name", "label" and "at". All experiments if it does not say.
    /// </summary>
    /// <exception cref="Problems.InvalidInputException">A name fits no experiment.</exception>
    public IReadOnlyList<TableRow> Rows(BlockJson json)
    {
        if (experiments.Count == 0) throw json.Bad("the files have no run.", "results");
        var rows = new List<TableRow>();
        foreach (var (item, path) in json.Items("rows"))
        {
            var row = item.ValueKind == JsonValueKind.String ? null : BlockJson.Of(item, json.Place, path);
            var (name, label) = (row?.RequiredText("name") ?? item.GetString()!, row?.Text("label"));
            var at = row?.Find("at") is { } given ? EvaluationChoice.Parse(given, json.Place, path + ".at") : null;
            row?.End();
            TableRow[] fitting = experiments.TryGetValue(name, out var exact) ? [exact]
                : [.. experiments.Values.Where(one => NamePattern.Fits(name, one.Experiment))];
            if (fitting.Length == 0) throw new Problems.InvalidInputException($"{json.Place}: {path}", Unknown(name));
            if (exact is null) fitting = [.. fitting.Where(one => rows.All(other => other.Experiment != one.Experiment))];
            rows.AddRange(fitting.Select(one => one with { Label = label, At = at }));
        }
        return rows.Count > 0 ? rows : [.. experiments.Values];
    }
}
