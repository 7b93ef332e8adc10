namespace TextGan.Experiments.Reading;

/// <summary>Finds files that an experiment names and that are not there.</summary>
static class MissingFiles
{
    static readonly string[] endings = ["Path", "File", "Folder", "Paths", "Files", "Folders", "Model"];

    /// <summary>
    /// Whether the property of this name holds a file or folder: where it is, or ends with, Path, File, Folder (in the plural, for lists of
    /// them) or Model; "run" holds the folder of a run.
    /// </summary>
    public static bool HoldsPath(string property) => property == "run" || property.Length > 0
        && endings.Any(ending => (char.ToUpperInvariant(property[0]) + property[1..]).EndsWith(ending, StringComparison.Ordinal));

    public static IEnumerable<Problem> Of(ComponentOptions options, string path, string baseFolder, KindRegistry kinds, WrittenPaths paths)
    {
        foreach (var (place, file) in NamedFiles.Of(options, path, kinds))
        {
            if (Missing(file, baseFolder, paths) is { } message) yield return new(place, message);
        }
    }

    /// <summary>
    /// The end of a sentence: "; did you mean 'x'?" where a file of a similar name lies in the same folder, else a full stop.
    /// </summary>
    public static string Nearest(string path, WrittenPaths? paths = null)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path));
            if (folder is null) return ".";
            if (!Directory.Exists(folder)) return $", nor is its folder '{Wording.Clip(paths?.Show(folder) ?? folder)}'.";
            var names = Directory.EnumerateFileSystemEntries(folder).Take(1000).Select(entry => Path.GetFileName(entry));
            return NearestMatch.Of(Path.GetFileName(path), names) is { } nearest ? $"; did you mean '{nearest}'?" : ".";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return ".";
        }
    }

    static string? Missing(string file, string baseFolder, WrittenPaths paths)
    {
        if (file.Contains('\0')) return "the name of the file has the character U+0000.";
        var full = Path.GetFullPath(Path.Combine(baseFolder, file));
        if (Exists(full)) return null;
        if (Path.DirectorySeparatorChar == '/' && file.Contains('\\') && Exists(Path.Combine(baseFolder, file.Replace('\\', '/'))))
            return $"the file '{paths.Show(full)}' is not there; separate folders by '/', which every system understands.";
        return $"the file '{paths.Show(full)}' is not there{Nearest(full, paths)}";

        static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);
    }
}
