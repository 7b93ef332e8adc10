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
        var command = new Command("list", "List the experiments of a file, or the kinds of components.");
        files.AddTo(command);
        command.Add(listKinds);
        kinds.AddSourceTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetResult(listKinds) is null) ListExperiments(files.Read(parsed, terminal), terminal);
            else ListKinds(kinds.Catalogue(parsed, terminal, files.Settings(parsed, terminal)), parsed.GetValue(listKinds), terminal);
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
            terminal.Output.WriteLine($"{SafeText.Line(sweep.Key)}  " +
                $"({(isSweep ? $"sweep of {Amount.Of(sweep.Count(), "experiment")}; " : "")}{seeds})");
            foreach (var line in Wrapped.Lines(options.Description ?? "", terminal.Width, "    ")) terminal.Output.WriteLine(line);
            if (!isSweep) continue;
            foreach (var line in Table([.. sweep]).Lines(terminal.Width - 4)) terminal.Output.WriteLine($"    {line}".TrimEnd());
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

    static void ListKinds(KindCatalogue catalogue, string? only, Terminal terminal)
    {
        var families = catalogue.Families.Where(family => only is null || family.Name == only).ToList();
        if (families.Count == 0)
        {
            var names = catalogue.Families.Select(family => family.Name).ToList();
            throw new InvalidInputException("--kinds",
                $"there is no family '{only}'.{NearestMatch.Hint(only!, names)} There are {string.Join(", ", names)}.");
        }
        var width = families.SelectMany(family => family.Kinds).Select(kind => kind.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var family in families)
        {
            terminal.Output.WriteLine(SafeText.Line(family.Name));
            foreach (var kind in family.Kinds)
            {
                var summary = Wrapped.Lines(Wrapped.FirstSentence(kind.Summary) + (kind.Plugin is null ? "" : $" (plug-in {kind.Plugin})"),
                    terminal.Width, new string(' ', width + 6)).ToList();
                terminal.Output.WriteLine(
                    $"    {SafeText.Line(kind.Name).PadRight(width)}  {summary.FirstOrDefault("").TrimStart()}".TrimEnd());
                foreach (var line in summary.Skip(1)) terminal.Output.WriteLine(line);
            }
        }
    }
}
