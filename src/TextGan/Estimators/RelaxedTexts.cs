namespace TextGan.Estimators;

/// <summary>Which relaxed texts are to be drawn in one call.</summary>
/// <param name="Batch">B.</param>
/// <param name="Length">T.</param>
/// <param name="Temperature">τ.</param>
/// <param name="Relaxation">What is fed back and shown.</param>
/// <param name="StartId">What stands before the first token.</param>
/// <param name="EndId">The token that ends a text, or null.</param>
/// <param name="Seed">Of the noise.</param>
public sealed record RelaxedTexts(int Batch, int Length, float Temperature, Relaxation Relaxation, int StartId, int? EndId, long Seed)
{
    /// <summary>Texts that a thread leads through all positions together: they share each row of a table that is read.</summary>
    internal const int AtOnce = 16;

    /// <summary>Calls <paramref name="body"/>(first text, number of texts) for blocks of texts, on all threads.</summary>
    internal void Share(Action<int, int> body) => Kernels.RowBlocks.Run(Batch, AtOnce, (begin, end) => body(begin, end - begin));
}
