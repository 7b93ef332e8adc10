namespace TextGan.Generators;

/// <summary>Copies tensors into a module's parameters and buffers by name.</summary>
public static class NamedWeights
{
    /// <param name="module">What takes the values; its own tensors stay, so optimisers and tied weights are not disturbed.</param>
    /// <param name="weights">Tensors by name, on any device and of any floating type.</param>
    /// <param name="place">The file that they came from, for messages.</param>
    /// <param name="ignored">Names that may be there without a counterpart.</param>
    /// <exception cref="InvalidInputException">A name is missing or unknown, or a shape differs; all are named, and nothing is
    /// changed.</exception>
    public static void Load(nn.Module module, IReadOnlyDictionary<string, Tensor> weights, string place, Func<string, bool>? ignored = null)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var own = module.state_dict();
        var problems = new List<Problem>();
        foreach (var (name, target) in own)
            if (!weights.TryGetValue(name, out var source)) problems.Add(new Problem(place, $"the tensor '{name}' is missing."));
            else if (!source.shape.SequenceEqual(target.shape))
                problems.Add(new Problem(place, $"the tensor '{name}' is {Show(source)}; the model has {Show(target)}."));
        foreach (var name in weights.Keys)
            if (!own.ContainsKey(name) && ignored?.Invoke(name) != true)
                problems.Add(new Problem(place, $"the model has no tensor '{name}'."));
        if (problems.Count > 0) throw new InvalidInputException(problems);
        foreach (var (name, target) in own) target.copy_(weights[name]);
    }

    static string Show(Tensor tensor) => $"[{string.Join(",", tensor.shape)}]";
}
