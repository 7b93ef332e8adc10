using TextGan.Experiments.Catalogue;

namespace TextGan.Cli.Commands;

/// <summary>
/// Where the kinds that a command speaks of come from: the library, and the plug-ins of an experiment file if one is named.
/// </summary>
public sealed class Kinds
{
    readonly Option<string?> experiment = new("--plugins-of") {
        Description = "Experiment file whose plug-ins are included.", HelpName = "FILE" };
    readonly ReadingOptions reading = new();

    public void AddTo(Command command)
    {
        AddSourceTo(command);
        reading.AddTo(command);
    }

    /// <summary>For a command that has the other options of <see cref="ExperimentFiles"/> already.</summary>
    public void AddSourceTo(Command command) => command.Add(experiment);

    public KindRegistry Registry(ParseResult parsed, Terminal terminal, ReadingSettings? settings = null)
    {
        if (parsed.GetValue(experiment) is not { } file) return KindRegistry.BuiltIn;
        var experiments = ExperimentFiles.Read(file, terminal,
            (settings ?? reading.Settings(parsed, terminal)) with { CheckFiles = false });
        return experiments.Select(experiment => experiment.Kinds).Aggregate(KindRegistry.BuiltIn, Larger);
    }

    public KindCatalogue Catalogue(ParseResult parsed, Terminal terminal, ReadingSettings? settings = null)
    {
        var registry = Registry(parsed, terminal, settings);
        return registry == KindRegistry.BuiltIn ? KindCatalogue.BuiltIn : new KindCatalogue(registry);
    }

    /// <summary>Experiments of a file may name different plug-ins; the one with most kinds stands for all.</summary>
    static KindRegistry Larger(KindRegistry one, KindRegistry other) =>
        other.Families.Sum(family => family.Kinds.Count) > one.Families.Sum(family => family.Kinds.Count) ? other : one;
}
