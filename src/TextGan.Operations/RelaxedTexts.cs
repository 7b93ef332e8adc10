using TextGan.Native;
using TextGan.Operations.Cpu;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>Which relaxed texts are to be drawn.</summary>
/// <param name="batch">B.</param>
/// <param name="length">T.</param>
/// <param name="temperature">τ.</param>
/// <param name="straightThrough">Whether drawn tokens are shown and fed back one-hot, with the gradient of the relaxed ones.</param>
/// <param name="startId">The token before the first one.</param>
/// <param name="endId">The token that ends a text, or null.</param>
public sealed class RelaxedTexts(int batch, int length, double temperature, bool straightThrough, int startId, int? endId)
{
    /// <summary>Texts that a thread leads through all positions together: they share each row of a table that is read.</summary>
    const int AtOnce = 16;

    long? seed;

    public int Batch { get; } = batch;

    public int Length { get; } = length;

    public double Temperature { get; } = temperature;

    public bool StraightThrough { get; } = straightThrough;

    public int StartId { get; } = startId;

    public int? EndId { get; } = endId;

    /// <summary>
    /// Of the noise of all positions, where a loop of this library's own makes it; drawn from the global random state when it is first
    /// asked for, which must not be within a parallel loop.
    /// </summary>
    internal long Seed
    {
        get => seed ??= randint(long.MaxValue, [1], int64).item<long>();
        init => seed = value;
    }

    /// <summary>Calls <paramref name="body"/>(first text, number of texts) for blocks of texts, on all threads.</summary>
    internal void Share(Action<int, int> body) =>
        RowBlocks.Run(Batch, AtOnce, MatrixProduct.LeastRows, ThreadTeam.Size, (begin, end) => body(begin, end - begin));
}
