namespace TextGan.Experiments.Reading;

/// <summary>
/// Whose code experiments may bring. A plug-in runs with the rights of whoever reads the experiment, so naming it in the file is
/// not enough: a file from a stranger cannot run code by itself.
/// </summary>
public sealed class PluginPolicy
{
    readonly Func<string, bool> allows;

    PluginPolicy(Func<string, bool> allows) => this.allows = allows;

    /// <summary>An experiment that names a plug-in is rejected.</summary>
    public static PluginPolicy Refuse { get; } = new(_ => false);

    /// <summary>The assemblies that an experiment names are loaded.</summary>
    public static PluginPolicy Allow { get; } = new(_ => true);

    /// <summary>Assemblies in these folders, or below, are loaded; others are rejected.</summary>
    public static PluginPolicy Folders(IEnumerable<string> folders)
    {
        // What is compared is the path that is opened, so "trusted/../elsewhere" is elsewhere.
        string[] roots = [.. folders.Select(folder =>
            Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar)];
        var comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return new PluginPolicy(file => roots.Any(root => file.StartsWith(root == "//" ? "/" : root, comparison)));
    }

    /// <summary>Whether an assembly may be loaded.</summary>
    public bool Allows(string file) => allows(Path.GetFullPath(file));
}
