namespace TextGan.Generators;

/// <summary>The sizes of a <see cref="Gpt2Generator"/>.</summary>
/// <param name="VocabularySize">V.</param>
/// <param name="Hidden">H: the width of the model; a multiple of the number of heads.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Heads">Number of heads, each H/heads wide.</param>
/// <param name="FeedForward">The width of the feed-forward network.</param>
/// <param name="Positions">The most tokens of a text: each position has an embedding of its own.</param>
public sealed record Gpt2Shape(int VocabularySize, int Hidden, int Layers, int Heads, int FeedForward, int Positions);
