namespace TextGan.Generators;

/// <summary>The run-time facts that a generator is built from beside its options.</summary>
/// <param name="VocabularySize">V.</param>
/// <param name="Length">T: the longest sequence.</param>
/// <param name="Device">Where the parameters live. Initial values are drawn on the CPU from the global random state, then moved, so that
/// they do not depend on the device.</param>
public sealed record GeneratorContext(int VocabularySize, int Length, Device Device);
