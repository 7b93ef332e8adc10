using System.Text.Json.Nodes;
using TextGan.Experiments;
using TextGan.Experiments.Catalogue;

namespace TextGan.Cli.Commands;

/// <summary>Lists the experiments of a file, or the kinds of components.</summary>
public static class ListCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new ExperimentFiles();
        var kinds = new Kinds();
        var listKinds = new Option<string?>("--kinds")
        {
            Description = "List the kinds of components instead, of all families or of one.",
            HelpName = "FAMILY",
            Arity = ArgumentArity.ZeroOrOne,
        };
        listKinds.CompletionSources.Add(Completions.Of(_ => KindCatalogue.BuiltIn.Families.Select(family => family.Name)));
        var command = new Command("list", "List the experiments of a file, or the kinds of components.");
        files.AddTo(command, terminal);
        command.Add(listKinds);
        kinds.AddSourceTo(command);
        var form = new ResultForm(hasQuiet: false);
        form.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetResult(listKinds) is null)
            {
                var experiments = files.Read(parsed, terminal);
                if (form.IsJson(parsed)) ResultForm.Write(Json(experiments), terminal);
                else ListExperiments(experiments, terminal);
            }
            else
            {
                var families = Families(
                    kinds.Catalogue(parsed, terminal, files.Settings(parsed, terminal)), parsed.GetValue(listKinds));
                if (form.IsJson(parsed)) ResultForm.Write(Json(families), terminal);
                else ListKinds(families, terminal);
            }
            return ExitCode.Success;
        });
        return command;
    }

    static void ListExperiments(IReadOnlyList<LoadedExperiment> experiments, Terminal terminal)
    {
        foreach (var sweep in experiments.Select(experiment => experiment.Options).GroupBy(options => SweepName.SweepOf(options.Name)))
        {
            var options = sweep.First();
            var isSweep = options.Swept.Count > 0;
            var seeds = $"{(options.Seeds.Count == 1 ? "seed" : "seeds")} {string.Join(", ", options.Seeds)}";
            terminal.WriteLine($"{sweep.Key}  " +
                $"({(isSweep ? $"sweep of {Amount.Of(sweep.Count(), "experiment")}; " : "")}{seeds})");
            foreach (var line in Wrapped.Lines(options.Description ?? "", terminal.Width, "    ")) terminal.WriteLine(line);
            if (!isSweep) continue;
            foreach (var line in Table([.. sweep]).Lines(terminal.Width - 4)) terminal.WriteLine($"    {line}".TrimEnd());
        }
    }

    /// <summary>The experiments of a sweep with what varies.</summary>
    static TextTable Table(IReadOnlyList<ExperimentOptions> settings)
    {
        var table = new TextTable(["", .. settings[0].Swept.Select(swept => SafeText.Line(swept.Name))]);
        foreach (var one in settings)
            table.Add([SafeText.Line(one.Name), .. one.Swept.Select(swept => SafeText.Line(swept.Value, 40))]);
        return table;
    }

    static JsonArray Json(IReadOnlyList<LoadedExperiment> experiments) =>
        [.. experiments.Select(experiment => experiment.Options).Select(options => new JsonObject
        {
            ["name"] = options.Name,
            ["description"] = options.Description,
            ["seeds"] = new JsonArray([.. options.Seeds.Select(seed => (JsonNode)seed)]),
            ["sweep"] = options.Swept.Count > 0 ? SweepName.SweepOf(options.Name) : null,
            ["swept"] = new JsonObject(options.Swept.Select(swept => KeyValuePair.Create(swept.Name, (JsonNode?)swept.Value))),
        })];

    static JsonArray Json(IReadOnlyList<FamilyDescription> families) => [.. families.Select(family => new JsonObject
    {
        ["family"] = family.Name,
        ["kinds"] = new JsonArray([.. family.Kinds.Select(kind => new JsonObject
        {
            ["name"] = kind.Name, ["summary"] = Wrapped.FirstSentence(kind.Summary), ["plugin"] = kind.Plugin,
        })]),
    })];

    /// <summary>All families, or the one of a name.</summary>
    static List<FamilyDescription> Families(KindCatalogue catalogue, string? only)
    {
        var families = catalogue.Families.Where(family => only is null || family.Name == only).ToList();
        if (families.Count == 0)
        {
            var names = catalogue.Families.Select(family => family.Name).ToList();
            throw new InvalidInputException("--kinds",
                $"there is no family '{only}'.{NearestMatch.Hint(only!, names)} There are {string.Join(", ", names)}.");
        }
        return families;
    }

    static void ListKinds(IReadOnlyList<FamilyDescription> families, Terminal terminal)
    {
        var width = families.SelectMany(family => family.Kinds).Select(kind => kind.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var family in families)
        {
            terminal.WriteLine(SafeText.Line(family.Name));
            foreach (var kind in family.Kinds)
            {
                var summary = Wrapped.Lines(Wrapped.FirstSentence(kind.Summary) + (kind.Plugin is null ? "" : $" (plug-in {kind.Plugin})"),
                    terminal.Width, new string(' ', width + 6)).ToList();
                terminal.WriteLine(
                    $"    {SafeText.Line(kind.Name).PadRight(width)}  {summary.FirstOrDefault("").TrimStart()}".TrimEnd());
                foreach (var line in summary.Skip(1)) terminal.WriteLine(line);
            }
        }
    }
}
