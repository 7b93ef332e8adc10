using System.Text.Json.Nodes;

namespace TextGan.Storage;

/// <summary>
/// Everything that a checkpoint holds: named tensors and named values. A component sees only the part under its own prefix
/// (<see cref="Scope"/>), so that names never clash.
/// </summary>
public sealed class StateBag
{
    readonly string prefix;

    public StateBag() : this("", [], []) { }

    public StateBag(IReadOnlyDictionary<string, Tensor> tensors, JsonObject values) : this("", new(tensors), values) { }

    StateBag(string prefix, Dictionary<string, Tensor> tensors, JsonObject values) =>
        (this.prefix, Tensors, Values) = (prefix, tensors, values);

    /// <summary>All tensors by full name ("generator/lstm.weight_ih_l0").</summary>
    public Dictionary<string, Tensor> Tensors { get; }

    /// <summary>All other values by full name.</summary>
    public JsonObject Values { get; }

    /// <summary>The part of this bag whose names begin with <paramref name="name"/> and a slash.</summary>
    public StateBag Scope(string name) => new($"{prefix}{name}/", Tensors, Values);

    /// <summary>Puts a detached copy of the tensor on the CPU into the bag, in the place of an earlier one of that name.</summary>
    public void Put(string name, Tensor value)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        if (Tensors.TryGetValue(prefix + name, out var earlier)) earlier.Dispose();
        Tensors[prefix + name] = value.detach().cpu().clone().DetachFromDisposeScope();
    }

    public void Put(string name, double value) => Values[prefix + name] = BitConverter.DoubleToInt64Bits(value);

    public void Put(string name, long value) => Values[prefix + name] = value;

    public void Put(string name, string value) => Values[prefix + name] = value;

    public Tensor GetTensor(string name) => Tensors.TryGetValue(prefix + name, out var value)
        ? value
        : throw new KeyNotFoundException($"the checkpoint has no tensor '{prefix}{name}'");

    public bool Has(string name) => Tensors.ContainsKey(prefix + name) || Values.ContainsKey(prefix + name);

    /// <summary>Doubles are stored by their bits, so that they come back exactly, NaN included.</summary>
    public double GetDouble(string name) => BitConverter.Int64BitsToDouble(GetLong(name));

    public long GetLong(string name) => Get<long>(name);

    public string GetText(string name) => Get<string>(name);

    T Get<T>(string name)
    {
        if (Values[prefix + name] is not { } value) throw new KeyNotFoundException($"the checkpoint has no value '{prefix}{name}'");
        return value is JsonValue single && single.TryGetValue<T>(out var result)
            ? result
            : throw new InvalidDataException($"the checkpoint's value '{prefix}{name}' is {value.ToJsonString()}");
    }

    /// <summary>Names of the tensors in this scope, without the prefix.</summary>
    public IEnumerable<string> TensorNames() =>
        Tensors.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key => key[prefix.Length..]);

    /// <summary>Names of the other values in this scope, without the prefix.</summary>
    public IEnumerable<string> ValueNames() =>
        Values.Select(pair => pair.Key).Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key => key[prefix.Length..]);

    /// <summary>Frees the tensors.</summary>
    public void Clear()
    {
        foreach (var tensor in Tensors.Values) tensor.Dispose();
        Tensors.Clear();
    }
}
