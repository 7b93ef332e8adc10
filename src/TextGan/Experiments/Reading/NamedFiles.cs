namespace TextGan.Experiments.Reading;

/// <summary>
/// Finds the files that an experiment names. Which properties hold them is told by their names (<see cref="MissingFiles.HoldsPath"/>).
/// </summary>
static class NamedFiles
{
    /// <summary>The files that one record names by properties of its own, each with its JSON path.</summary>
    public static IEnumerable<(string Place, string File)> Of(ComponentOptions options, string path, KindRegistry kinds) =>
        kinds.PropertiesOf(options.GetType()).Where(property => MissingFiles.HoldsPath(property.Name))
            .SelectMany(property => Texts(property, options, path));

    /// <summary>
    /// The full paths of the files and folders that an experiment reads, its plug-ins apart. In a plug-in's own properties any text that
    /// names one counts: what their authors call a property is not for this library to say.
    /// </summary>
    public static IEnumerable<NamedFile> ReadBy(LoadedExperiment experiment)
    {
        foreach (var (path, options) in NestedOptions.Of(experiment.Options, experiment.Kinds))
        {
            foreach (var property in experiment.Kinds.PropertiesOf(options.GetType()))
            {
                var byName = MissingFiles.HoldsPath(property.Name);
                if (!byName && property.Member?.DeclaringType?.Assembly == typeof(ComponentOptions).Assembly) continue;
                foreach (var (place, file) in Texts(property, options, path))
                {
                    if (byName || Path.Exists(Path.Combine(experiment.BaseFolder, file)))
                        yield return new(place, InputFile.Resolve(experiment.BaseFolder, file), options as IFolderReader);
                }
            }
        }
    }

    static IEnumerable<(string, string)> Texts(OptionProperty property, ComponentOptions options, string path)
    {
        var place = path + Origin.Step(property.Name);
        return property.Info.Get?.Invoke(options) switch
        {
            string { Length: > 0 } file => [(place, file)],
            IReadOnlyList<string> files => files.Select((file, index) => ($"{place}[{index}]", file)),
            _ => [],
        };
    }
}
