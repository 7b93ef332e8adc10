using System.Globalization;
using System.Reflection;
using System.Text;
using TextGan.Safety;

namespace TextGan.Tokenization;

/// <summary>
/// The tokenizer of an experiment or a run. What every text is encoded to is checked, wherever it comes from (data, metrics,
/// prompts): an id out of range would be read from memory that is not the table's, and a text of which no token is left would
/// count as an empty one. What a plug-in's tokenizer returns besides is checked as well.
/// </summary>
public sealed class ValidatingTokenizer : ITokenizer
{
    /// <summary>Characters of a text that messages show.</summary>
    const int LongestShown = 60;

    readonly PluginComponent? origin;
    readonly string name;
    readonly ITokenizer inner;

    ValidatingTokenizer(PluginComponent? origin, string name, ITokenizer inner) =>
        (this.origin, this.name, this.inner) = (origin, name, inner);

    /// <summary>Builds a tokenizer.</summary>
    public static ITokenizer Build(TokenizerOptions options, TokenizerContext context)
    {
        var tokenizer = options.BuildChecked(context);
        if (PluginComponent.Of(options) is not { } origin)
            return new ValidatingTokenizer(null, $"the tokenizer '{KindOf(options)}'", tokenizer);
        if (tokenizer.VocabularySize < 1)
            throw origin.Fault(tokenizer, nameof(VocabularySize), $"is {tokenizer.VocabularySize}; at least 1 is needed.");
        foreach (var (member, id) in ((string, int?)[])[(nameof(StartId), tokenizer.StartId), (nameof(EndId), tokenizer.EndId),
            (nameof(PaddingId), tokenizer.PaddingId), (nameof(UnknownId), tokenizer.UnknownId)])
        {
            if (id is { } known && (known < 0 || known >= tokenizer.VocabularySize))
                throw origin.Fault(tokenizer, member, $"is {known}; ids are from 0 to {tokenizer.VocabularySize - 1}.");
        }
        return new ValidatingTokenizer(origin, origin.ToString(), tokenizer);
    }

    public int VocabularySize => inner.VocabularySize;
    public int StartId => inner.StartId;
    public int? EndId => inner.EndId;
    public int PaddingId => inner.PaddingId;
    public int? UnknownId => inner.UnknownId;
    public IReadOnlyList<string>? FittedVocabulary => inner.FittedVocabulary;

    /// <exception cref="InvalidInputException">
    /// An id is not in the vocabulary, or a text that shows something has no token. One of white space and invisible characters
    /// alone may have none: it counts as an empty text.
    /// </exception>
    public IReadOnlyList<int> Encode(string text)
    {
        var ids = inner.Encode(text);
        if (origin is not null) ids = origin.NotNull(inner, nameof(Encode), ids);
        foreach (var id in ids)
        {
            if (id < 0 || id >= VocabularySize)
                throw Wrong($"gives the id {id} for the text {Shown(text)}; ids are from 0 to {VocabularySize - 1}.");
        }
        if (ids.Count == 0 && text.EnumerateRunes().Any(IsVisible))
            throw Wrong($"gives no token for the text {Shown(text)}, which would count as empty.");
        return ids;
    }

    /// <exception cref="InvalidInputException">The id is not in the vocabulary.</exception>
    public int? ControlId(string name)
    {
        var id = inner.ControlId(name);
        return id is null || (id >= 0 && id < VocabularySize) ? id
            : throw Wrong($"gives the id {id} for the control token \"{name}\"; ids are from 0 to {VocabularySize - 1}.");
    }

    public string Decode(IReadOnlyList<int> ids) => origin is null ? inner.Decode(ids)
        : origin.NotNull(inner, nameof(Decode), inner.Decode(ids));

    public string TokenText(int id) => origin is null ? inner.TokenText(id) : origin.NotNull(inner, nameof(TokenText), inner.TokenText(id));

    InvalidInputException Wrong(string what) => new("$.tokenizer", $"{name} {what}");

    static string Shown(string text) => $"\"{SafeText.Line(text, LongestShown)}\"";

    static bool IsVisible(Rune rune) =>
        !Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format);

    static object? KindOf(TokenizerOptions options) => typeof(TokenizerOptions).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .FirstOrDefault(kind => kind.DerivedType == options.GetType())?.TypeDiscriminator;
}
