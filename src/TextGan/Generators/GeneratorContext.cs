namespace TextGan.Generators;

/// <summary>The run-time facts that a generator is built from beside its options.</summary>
/// <param name="VocabularySize">V.</param>
/// <param name="Length">T: the longest sequence.</param>
/// <param name="Device">Where the parameters live. Initial values are drawn on the CPU from the global random state, then moved, so that
/// they do not depend on the device.</param>
public sealed record GeneratorContext(int VocabularySize, int Length, Device Device)
{
    /// <summary>Relative paths in the options start here.</summary>
    public string BaseFolder { get; init; } = "";

    /// <summary>Whether weights are read from files, if options name some; false where others are loaded next.</summary>
    public bool ReadsWeights { get; init; } = true;

    /// <summary>
    /// Gives the features of the beginnings of texts by a copy of a discriminator, on <see cref="Device"/>; they belong to whoever asks.
    /// </summary>
    public Func<string, PrefixFeatures> Features { get; init; } =
        _ => throw new InvalidOperationException("There are no discriminators here.");
}
