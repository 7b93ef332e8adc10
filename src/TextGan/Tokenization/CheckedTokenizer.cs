using TextGan.Plugins;

namespace TextGan.Tokenization;

/// <summary>A plug-in's tokenizer, whose results are checked: an id out of range would be read from memory that is not the table's.</summary>
public sealed class CheckedTokenizer : ITokenizer
{
    readonly PluginComponent origin;
    readonly ITokenizer inner;

    CheckedTokenizer(PluginComponent origin, ITokenizer inner) => (this.origin, this.inner) = (origin, inner);

    /// <summary>Builds a tokenizer; only one that a plug-in brought is wrapped.</summary>
    public static ITokenizer Build(TokenizerOptions options, TokenizerContext context)
    {
        var tokenizer = options.Build(context);
        if (PluginComponent.Of(options) is not { } origin) return tokenizer;
        if (origin.NotNull(options, nameof(Build), tokenizer).VocabularySize < 1) throw origin.Fault(tokenizer, nameof(VocabularySize), $"is {tokenizer.VocabularySize}; at least 1 is needed.");
        foreach (var (member, id) in ((string, int?)[])[(nameof(StartId), tokenizer.StartId), (nameof(EndId), tokenizer.EndId), (nameof(UnknownId), tokenizer.UnknownId)])
        {
            if (id is { } known && (known < 0 || known >= tokenizer.VocabularySize)) throw origin.Fault(tokenizer, member, $"is {known}; ids are from 0 to {tokenizer.VocabularySize - 1}.");
        }
        return new CheckedTokenizer(origin, tokenizer);
    }

    public int VocabularySize => inner.VocabularySize;
    public int StartId => inner.StartId;
    public int? EndId => inner.EndId;
    public int? UnknownId => inner.UnknownId;
    public IReadOnlyList<string>? FittedVocabulary => inner.FittedVocabulary;

    public IReadOnlyList<int> Encode(string text)
    {
        var ids = origin.NotNull(inner, nameof(Encode), inner.Encode(text));
        foreach (var id in ids)
        {
            if (id < 0 || id >= VocabularySize) throw origin.Fault(inner, nameof(Encode), $"gave the id {id}; ids are from 0 to {VocabularySize - 1}.");
        }
        return ids;
    }

    public string Decode(IReadOnlyList<int> ids) => origin.NotNull(inner, nameof(Decode), inner.Decode(ids));

    public string TokenText(int id) => origin.NotNull(inner, nameof(TokenText), inner.TokenText(id));
}
