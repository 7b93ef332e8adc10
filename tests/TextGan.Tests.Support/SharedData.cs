namespace TextGan.Tests;

/// <summary>
/// Public data that some tests read where it is there: the folder TEXTGAN_SHARED, or a folder "shared" beside the project.
/// </summary>
static class SharedData
{
    /// <summary>The full path of a file or folder of the shared data, or null where it is missing.</summary>
    public static string? Find(string relative)
    {
        if (Environment.GetEnvironmentVariable("TEXTGAN_SHARED") is { Length: > 0 } root) return Existing(Path.Combine(root, relative));
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared", relative)) is { } found) return found;
        }
        return null;
    }

    static string? Existing(string path) => File.Exists(path) || Directory.Exists(path) ? path : null;
}
