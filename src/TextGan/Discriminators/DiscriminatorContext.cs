namespace TextGan.Discriminators;

/// <summary>The run-time facts that a discriminator is built from beside its options.</summary>
/// <param name="VocabularySize">V.</param>
/// <param name="Length">T: positions in a row.</param>
/// <param name="EndId">The id that ends a text, or null.</param>
/// <param name="Device">Where the parameters live. Initial values are drawn on the CPU from the global random state, then moved.</param>
/// <param name="Decode">The text of a row of ids (end tokens left out), for discriminators that judge by rule.</param>
public sealed record DiscriminatorContext(int VocabularySize, int Length, int? EndId, Device Device, Func<IReadOnlyList<int>,
    string> Decode);
