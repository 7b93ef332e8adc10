namespace TextGan.Data;

/// <summary>How many texts of a data set have the property by which they were split.</summary>
/// <param name="Texts">Training texts.</param>
/// <param name="Holding">Those of them that have the property.</param>
/// <param name="Flipped">Those of them that were given the wrong label ("noise").</param>
/// <param name="HeldOutTexts">Held-out texts.</param>
/// <param name="HeldOutHolding">Those of them that have the property.</param>
public sealed record LabelCounts(int Texts, int Holding, int Flipped, int HeldOutTexts, int HeldOutHolding);
