namespace TextGan.Training.Guards;

/// <summary>
/// Texts of a data set as samples of a perfect generator would be: drawn at random with replacement, so that a set of three lines repeats
/// itself as much.
/// The same ones at each call.
/// </summary>
/// <param name="rows">The set's training texts.</param>
/// <param name="encoder">Tells where a row ends.</param>
/// <param name="seed">The run's seed.</param>
public sealed class RealTexts(IdRows rows, TextEncoder encoder, int seed)
{
    /// <summary>Token ids of so many texts, without prompts and end tokens.</summary>
    public IReadOnlyList<int[]> Draw(int count)
    {
        using var scope = NewDisposeScope();
        var random = new Random(Seeds.Derive(seed, "mode-collapse"));
        return encoder.Responses(
            rows.Texts([.. Enumerable.Range(0, count).Select(_ => random.NextInt64(rows.Count))], encoder.Tokenizer.EndId, CPU));
    }
}
