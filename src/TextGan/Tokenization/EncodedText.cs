namespace TextGan.Tokenization;

/// <summary>The ids of a text and of the prompt that it answers, and how many of them have room in a row.</summary>
/// <param name="Prompt">All ids of the prompt; none without one.</param>
/// <param name="PromptLength">So many of them, the last ones, are in the row.</param>
/// <param name="Ids">All ids of the text, without start and end.</param>
/// <param name="Room">So many ids, an end among them, have room behind the prompt.</param>
public readonly record struct EncodedText(IReadOnlyList<int> Prompt, int PromptLength, IReadOnlyList<int> Ids, int Room);
