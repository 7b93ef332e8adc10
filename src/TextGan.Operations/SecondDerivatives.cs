namespace TextGan.Operations;

/// <summary>
/// Whether the gradient of what is computed now is to be differentiated itself, as a gradient penalty does. Fused kernels do not allow
/// that: a model that has some computes without them then.
/// </summary>
public static class SecondDerivatives
{
    [ThreadStatic]
    static bool areWanted;

    public static bool AreWanted => areWanted;

    /// <summary>On this thread until disposal.</summary>
    public static IDisposable Want()
    {
        var before = areWanted;
        areWanted = true;
        return new Restored(before);
    }

    sealed class Restored(bool before) : IDisposable
    {
        public void Dispose() => areWanted = before;
    }
}
