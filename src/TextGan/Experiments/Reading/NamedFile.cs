namespace TextGan.Experiments.Reading;

/// <summary>A file or folder that an experiment reads.</summary>
/// <param name="Place">The JSON path of the option that names it.</param>
/// <param name="Path">Its full path.</param>
/// <param name="Reader">What reads some files of the folder only; null where all of it counts.</param>
sealed record NamedFile(string Place, string Path, IFolderReader? Reader)
{
    /// <summary>The hash of what is read of it, or of a copy of it.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public string Hash(ContentHashes hashes, string? copy = null) => FilesOfReader(copy ?? Path) is { } files
        ? hashes.OfAll(files.Select(file => (System.IO.Path.GetRelativePath(copy ?? Path, file)
            .Replace(System.IO.Path.DirectorySeparatorChar, '/'), file)))
        : hashes.Of(copy ?? Path);

    /// <summary>The full paths of the files that are read.</summary>
    public IEnumerable<string> Files() => FilesOfReader(Path)
        ?? (Directory.Exists(Path) ? Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories) : [Path]);

    IReadOnlyList<string>? FilesOfReader(string path) => Reader is not null && Directory.Exists(path) ? Reader.FilesIn(path) : null;
}
