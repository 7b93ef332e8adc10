using TorchSharp;

namespace TextGan.Storage;

/// <summary>What a safetensors file says of a tensor before its numbers.</summary>
/// <param name="Type">Of each number.</param>
/// <param name="Shape">Its sizes.</param>
public readonly record struct SafeTensorsShape(ScalarType Type, IReadOnlyList<long> Shape)
{
    /// <summary>How many numbers it has.</summary>
    public long Count => Shape.Aggregate(1L, (count, size) => count * size);
}
