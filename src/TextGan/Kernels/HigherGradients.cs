namespace TextGan.Kernels;

/// <summary>
/// Where a gradient is itself differentiated (a gradient penalty), this library's own loops stand back: they have a gradient and no second one.
/// Who differentiates twice says so around the pass forward: <c>using (HigherGradients.Keep()) ...</c>.
/// </summary>
public static class HigherGradients
{
    [ThreadStatic] static int keepers;

    /// <summary>Whether the calling thread is inside of <see cref="Keep"/>.</summary>
    public static bool Wanted => keepers > 0;

    /// <summary>Until the result is disposed, what the calling thread computes can be differentiated as often as wanted.</summary>
    public static IDisposable Keep()
    {
        keepers++;
        return new Keeper();
    }

    sealed class Keeper : IDisposable
    {
        bool ended;

        public void Dispose()
        {
            if (ended) return;
            ended = true;
            keepers--;
        }
    }
}
