using TextGan.Problems;
using TextGan.Tokenization;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyTokenizerOptions : TokenizerOptions
{
    public Fault Fault { get; init; }

    /// <summary>A file or folder, by a name that does not say so.</summary>
    public string? Words { get; init; }

    public override ITokenizer Build(TokenizerContext context) => new Faulty(new WordTokenizerOptions().Build(context), Fault);

    sealed class Faulty(ITokenizer inner, Fault fault) : ITokenizer
    {
        public int VocabularySize => inner.VocabularySize;
        public int StartId => fault == Fault.Invalid ? -1 : inner.StartId;
        public int? EndId => inner.EndId;
        public int? UnknownId => inner.UnknownId;
        public IReadOnlyList<string>? FittedVocabulary => inner.FittedVocabulary;
        public string Decode(IReadOnlyList<int> ids) => inner.Decode(ids);
        public string TokenText(int id) => inner.TokenText(id);

        public IReadOnlyList<int> Encode(string text) => fault switch
        {
            Fault.Throw => throw new InvalidOperationException("no such table."),
            Fault.Shape => [VocabularySize],
            Fault.Ends => [.. text.Split(' ').SelectMany(word => word == "halt" ? [EndId!.Value] : inner.Encode(word))],
            _ => inner.Encode(text),
        };
    }
}
