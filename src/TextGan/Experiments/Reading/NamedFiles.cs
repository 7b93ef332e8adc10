using TextGan.Problems;
using TextGan.Storage;

namespace TextGan.Experiments.Reading;

/// <summary>
/// Finds the files that an experiment names. A property holds a file or folder where its name is, or ends with, Path, File, Folder (in
/// the plural, for lists of them) or Model.
/// </summary>
static class NamedFiles
{
    static readonly string[] endings = ["Path", "File", "Folder", "Paths", "Files", "Folders", "Model"];

    /// <summary>The files that one record names by properties of its own, each with its JSON path.</summary>
    public static IEnumerable<(string Place, string File)> Of(ComponentOptions options, string path, KindRegistry kinds) =>
        kinds.PropertiesOf(options.GetType()).Where(HoldsFiles).SelectMany(property => Texts(property, options, path));

    /// <summary>
    /// The full paths of the files and folders that an experiment reads, its plug-ins apart. In a plug-in's own properties any text that
    /// names one counts: what their authors call a property is not for this library to say.
    /// </summary>
    public static IEnumerable<(string Place, string Path)> ReadBy(LoadedExperiment experiment)
    {
        foreach (var (path, options) in NestedOptions.Of(experiment.Options, experiment.Kinds))
        {
            foreach (var property in experiment.Kinds.PropertiesOf(options.GetType()))
            {
                var byName = HoldsFiles(property);
                if (!byName && property.Member?.DeclaringType?.Assembly == typeof(ComponentOptions).Assembly) continue;
                foreach (var (place, file) in Texts(property, options, path))
                {
                    if (byName || Path.Exists(Path.Combine(experiment.BaseFolder, file))) yield return (place, InputFile.Resolve(experiment.BaseFolder, file));
                }
            }
        }
    }

    static bool HoldsFiles(OptionProperty property)
    {
        var name = char.ToUpperInvariant(property.Name[0]) + property.Name[1..];
        return endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));
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
