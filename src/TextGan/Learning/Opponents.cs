namespace TextGan.Learning;

/// <summary>The opposing texts of an update, in this order.</summary>
/// <param name="Texts">[B,T].</param>
/// <param name="Rejected">How many are rejected texts of pairs.</param>
/// <param name="Replayed">How many were generated earlier.</param>
/// <param name="Generated">How many are fresh.</param>
public sealed record Opponents(TextBatch Texts, int Rejected, int Replayed, int Generated);
