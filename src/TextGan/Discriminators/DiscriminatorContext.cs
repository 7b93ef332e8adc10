using TextGan.Generators;

namespace TextGan.Discriminators;

/// <summary>The run-time facts that a discriminator is built from beside its options.</summary>
/// <param name="VocabularySize">V.</param>
/// <param name="Length">T: positions in a row.</param>
/// <param name="EndId">The id that ends a text, or null.</param>
/// <param name="Device">Where the parameters live. Initial values are drawn on the CPU from the global random state, then moved.</param>
/// <param name="Decode">The text of a row of ids (end tokens left out), for discriminators that judge by rule.</param>
public sealed record DiscriminatorContext(int VocabularySize, int Length, int? EndId, Device Device, Func<IReadOnlyList<int>,
    string> Decode)
{
    /// <summary>The id before a text's first token.</summary>
    public int StartId { get; init; }

    /// <summary>
    /// Gives a model that never learns, on <see cref="Device"/>, the same one to all that ask for it: that of a folder, or for null the
    /// generator as it is when the adversarial phase begins. Whoever asks does not own it.
    /// </summary>
    public Func<string?, Generator> Frozen { get; init; } =
        _ => throw new InvalidOperationException("There are no frozen models here.");

    /// <summary>Gives the generator that learns, on <see cref="Device"/>; whoever asks does not own it.</summary>
    public Func<Generator> Generator { get; init; } = () => throw new InvalidOperationException("There is no generator here.");
}
