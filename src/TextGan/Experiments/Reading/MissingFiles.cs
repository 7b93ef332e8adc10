using TextGan.Problems;

namespace TextGan.Experiments.Reading;

/// <summary>Finds files that an experiment names and that are not there.</summary>
static class MissingFiles
{
    public static IEnumerable<Problem> Of(ComponentOptions options, string path, string baseFolder, KindRegistry kinds)
    {
        foreach (var (place, file) in NamedFiles.Of(options, path, kinds))
        {
            if (Missing(file, baseFolder) is { } message) yield return new(place, message);
        }
    }

    /// <summary>The end of a sentence: "; did you mean 'x'?" where a file of a similar name lies in the same folder, else a full stop.</summary>
    public static string Nearest(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path));
            if (folder is null) return ".";
            if (!Directory.Exists(folder)) return $", nor is its folder '{Wording.Clip(folder)}'.";
            var names = Directory.EnumerateFileSystemEntries(folder).Take(1000).Select(entry => Path.GetFileName(entry));
            return NearestMatch.Of(Path.GetFileName(path), names) is { } nearest ? $"; did you mean '{nearest}'?" : ".";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return ".";
        }
    }

    static string? Missing(string file, string baseFolder)
    {
        if (file.Contains('\0')) return "the name of the file has the character U+0000.";
        var full = Path.GetFullPath(Path.Combine(baseFolder, file));
        if (File.Exists(full) || Directory.Exists(full)) return null;
        return $"the file '{full}' is not there{Nearest(full)}";
    }
}
