using System.CommandLine;
using TextGan.Experiments.Catalogue;
using TextGan.Experiments.Reading;

namespace TextGan.Cli.Commands;

/// <summary>Where the kinds that a command speaks of come from: the library, and the plug-ins of an experiment file if one is named.</summary>
public sealed class Kinds
{
    readonly Option<string?> plugins = new("--plugins-of") { Description = "Experiment file whose plug-ins are included.", HelpName = "FILE" };

    public void AddTo(Command command) => command.Add(plugins);

    public KindRegistry Registry(ParseResult parsed, Terminal terminal)
    {
        if (parsed.GetValue(plugins) is not { } file) return KindRegistry.BuiltIn;
        var experiments = ExperimentFiles.Read(file, terminal, new ReadingSettings { EnvironmentVariable = terminal.Variable, CheckFiles = false });
        return experiments.Select(experiment => experiment.Kinds).Aggregate(KindRegistry.BuiltIn, Larger);
    }

    public KindCatalogue Catalogue(ParseResult parsed, Terminal terminal)
    {
        var registry = Registry(parsed, terminal);
        return registry == KindRegistry.BuiltIn ? KindCatalogue.BuiltIn : new KindCatalogue(registry);
    }

    /// <summary>Experiments of a file may name different plug-ins; the one with most kinds stands for all.</summary>
    static KindRegistry Larger(KindRegistry one, KindRegistry other) =>
        other.Families.Sum(family => family.Kinds.Count) > one.Families.Sum(family => family.Kinds.Count) ? other : one;
}
