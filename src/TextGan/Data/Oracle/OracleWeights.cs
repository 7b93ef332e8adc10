namespace TextGan.Data.Oracle;

/// <summary>
/// The 15 parameters of SeqGAN's oracle, float32 on the CPU: embedding [V,E]; for each gate i, f, o and the candidate c the input
/// weights W [E,H], the state weights U [H,H] and the bias b [H]; and the output layer Wout [H,V], bout [V].
/// </summary>
public sealed class OracleWeights : IDisposable
{
    static readonly string[] gates = ["i", "f", "o", "c"];
    readonly IReadOnlyDictionary<string, Tensor> tensors;

    OracleWeights(IReadOnlyDictionary<string, Tensor> tensors)
    {
        this.tensors = tensors;
        foreach (var tensor in tensors.Values) tensor.DetachFromDisposeScope();
    }

    /// <summary>V: number of token ids.</summary>
    public int Vocabulary => (int)tensors["embedding"].shape[0];

    /// <summary>E: width of a token's embedding.</summary>
    public int Embedding => (int)tensors["embedding"].shape[1];

    /// <summary>H: width of the state.</summary>
    public int Hidden => (int)tensors["Wout"].shape[0];

    /// <summary>A parameter by its name in the file. It belongs to this object.</summary>
    public Tensor this[string name] => tensors[name];

    /// <summary>The parameters' names, in the order of the file.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["embedding", .. gates.SelectMany(gate => new[] { $"W{gate}", $"U{gate}", $"b{gate}" }), "Wout", "bout"];

    /// <summary>Every parameter drawn from N(0,1), as the paper does.</summary>
    public static OracleWeights Random(int vocabulary, int embedding, int hidden, long seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new TorchSharp.torch.Generator(unchecked((ulong)seed), CPU);
        return new OracleWeights(
            Names.ToDictionary(name => name, name => randn(ShapeOf(name, vocabulary, embedding, hidden), float32, generator: generator)));
    }

    /// <summary>Reads the parameters from a safetensors file.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or a parameter is missing or has another shape or type.</exception>
    public static OracleWeights Load(string path)
    {
        using var file = SafeTensors.Load(path);
        long[] Matrix(string name)
        {
            if (!file.Tensors.TryGetValue(name, out var tensor))
                throw new InvalidInputException(path, $"There is no tensor '{name}'; an oracle has {string.Join(", ", Names)}.");
            return tensor.shape is [> 0, > 0] shape && shape.All(size => size <= int.MaxValue) ? shape
                : throw new InvalidInputException(
                path, $"The tensor '{name}' has the shape [{string.Join(",", tensor.shape)}]; a matrix is needed.");
        }
        var (embedding, output) = (Matrix("embedding"), Matrix("Wout"));
        foreach (var name in Names) file.Require(name, float32, ShapeOf(name, embedding[0], embedding[1], output[0]));
        return new OracleWeights(Names.ToDictionary(name => name, name => file.Tensors[name].alias()));
    }

    static long[] ShapeOf(string name, long vocabulary, long embedding, long hidden) => name switch
    {
        "embedding" => [vocabulary, embedding],
        "Wout" => [hidden, vocabulary],
        "bout" => [vocabulary],
        _ => name[0] switch { 'W' => [embedding, hidden], 'U' => [hidden, hidden], _ => [hidden] },
    };

    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }
}
