namespace TextGan.Storage;

/// <summary>Options that read some files of the folders that they name: a change of another file there is none of theirs.</summary>
public interface IFolderReader
{
    /// <summary>The full paths of the files that are read from a folder.</summary>
    /// <exception cref="InvalidInputException">A file that names others is damaged.</exception>
    IReadOnlyList<string> FilesIn(string folder);
}
