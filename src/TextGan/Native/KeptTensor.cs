using System.Diagnostics.CodeAnalysis;

namespace TextGan.Native;

/// <summary>Tensors that live from step to step, whatever scope they were made in.</summary>
public static class KeptTensor
{
    /// <summary>Puts a tensor, or nothing, in the place of the one that was kept, which is disposed of.</summary>
    public static void Keep([NotNullIfNotNull(nameof(next))] ref Tensor? kept, Tensor? next)
    {
        var earlier = kept;
        kept = next?.DetachFromDisposeScope();
        earlier?.Dispose();
    }
}
