namespace TextGan.Generators.Pretrained;

/// <summary>
/// Options that name the folder of a model, in Hugging Face's layout, which stays as it is and reads the ids of the experiment's texts.
/// </summary>
interface IModelReader : IFolderReader
{
    /// <summary>The folder; null: the generator as it is when the adversarial phase begins.</summary>
    string? Model { get; }

    IReadOnlyList<string> IFolderReader.FilesIn(string folder) => ModelFiles.Of(folder);

    /// <summary>Yields what does not go together: the model and texts of <paramref name="length"/> tokens.</summary>
    /// <param name="path">The JSON path of the options.</param>
    /// <param name="name">What messages call the model.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="longest">Tokens that it reads at most; null for any number.</param>
    /// <param name="length">T.</param>
    IEnumerable<Problem> CheckShape(string path, string name, int layers, int? longest, int length)
    {
        if (length > longest)
            yield return new Problem($"{path}.model", $"{name} reads at most {longest} tokens; 'length' is {length}.");
    }
}
