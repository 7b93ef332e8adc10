namespace TextGan.Storage;

/// <summary>What a safetensors file holds. Disposing of it disposes of its tensors.</summary>
public sealed class SafeTensorsFile : IDisposable
{
    internal SafeTensorsFile(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Path, Tensors, Metadata) = (path, tensors, metadata);

    /// <summary>The file that it was read from.</summary>
    public string Path { get; }

    /// <summary>The tensors by name, on the CPU, in no dispose scope.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>The free texts in the header; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of this name, which stays the file's.</summary>
    /// <exception cref="InvalidInputException">The tensor is missing, or its type or shape is another.</exception>
    public Tensor Require(string name, ScalarType type, ReadOnlySpan<long> shape)
    {
        if (!Tensors.TryGetValue(name, out var tensor))
            throw new InvalidInputException(Path, $"There is no tensor '{name}'; there are {string.Join(", ", Tensors.Keys)}.");
        if (tensor.dtype != type)
            throw new InvalidInputException(Path, $"The tensor '{name}' has the type {tensor.dtype}; {type} is needed.");
        if (!shape.SequenceEqual(tensor.shape))
            throw new InvalidInputException(Path,
                $"The tensor '{name}' has the shape [{string.Join(",", tensor.shape)}]; [{string.Join(",", shape.ToArray())}] is needed.");
        return tensor;
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors.Values) tensor.Dispose();
    }
}
