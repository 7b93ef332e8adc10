namespace TextGan.Generators;

/// <summary>The sizes of a <see cref="TransformerGenerator"/>.</summary>
/// <param name="VocabularySize">V.</param>
/// <param name="Hidden">H: the width of the model.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Heads">Number of query heads, H/heads wide unless <see cref="OwnHeadSize"/> says otherwise.</param>
/// <param name="KeyValueHeads">Number of key and value heads; divides the number of query heads.</param>
/// <param name="FeedForward">The width of the feed-forward network.</param>
public sealed record TransformerShape(int VocabularySize, int Hidden, int Layers, int Heads, int KeyValueHeads, int FeedForward)
{
    /// <summary>The width of a head where it is not H/heads; else null.</summary>
    public int? OwnHeadSize { get; init; }

    /// <summary>The width of a head.</summary>
    public int HeadSize => OwnHeadSize ?? Hidden / Heads;

    /// <summary>What does not fit together, each with the option that must change.</summary>
    public IEnumerable<Problem> Problems(string path)
    {
        if (Heads <= 0 || KeyValueHeads <= 0) yield break; // the range of the property says so
        if (OwnHeadSize is null && Hidden % Heads != 0)
            yield return new Problem($"{path}.hidden", $"{Hidden} is not a multiple of 'heads' ({Heads}).");
        else if (HeadSize % 2 != 0)
            yield return new Problem($"{path}.heads",
                $"hidden / heads is {Hidden} / {Heads} = {HeadSize}; rotary positions turn pairs of values, so it must be even.");
        if (Heads % KeyValueHeads != 0)
            yield return new Problem($"{path}.keyValueHeads", $"{KeyValueHeads} does not divide 'heads' ({Heads}).");
    }
}
