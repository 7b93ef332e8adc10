using System.Text.RegularExpressions;

namespace TextGan.Tokenization.ByteLevel;

/// <summary>A token that a tokenizer.json lists beside the model's.</summary>
/// <param name="Content">What stands for it in texts.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsSpecial">Whether it controls, and is no text.</param>
/// <param name="IsNormalized">Those that are not are found first.</param>
internal sealed record AddedToken(string Content, int Id, bool IsSpecial, bool IsNormalized);

/// <summary>Finds added tokens in texts, as Hugging Face does: the leftmost, and of several there the longest.</summary>
internal sealed class AddedTokens
{
    readonly Dictionary<string, int> ids;
    readonly List<Regex> patterns = [];

    public AddedTokens(IReadOnlyCollection<AddedToken> tokens)
    {
        ids = tokens.ToDictionary(token => token.Content, token => token.Id, StringComparer.Ordinal);
        foreach (var group in tokens.GroupBy(token => token.IsNormalized).OrderBy(group => group.Key))
            patterns.Add(new Regex(string.Join('|', group.OrderByDescending(token => token.Content.Length)
                .Select(token => Regex.Escape(token.Content))), RegexOptions.CultureInvariant));
    }

    /// <summary>The parts of a text in order, with the id of those that are added tokens.</summary>
    public List<(string Text, int? Id)> Cut(string text)
    {
        List<(string Text, int? Id)> parts = [(text, null)];
        foreach (var pattern in patterns)
        {
            parts = [.. parts.SelectMany(part => part.Id is null ? Cut(pattern, part.Text) : [part])];
        }
        return parts;
    }

    IEnumerable<(string, int?)> Cut(Regex pattern, string text)
    {
        var from = 0;
        for (var match = pattern.Match(text); match.Success; match = match.NextMatch())
        {
            yield return (text[from..match.Index], null);
            yield return (match.Value, ids[match.Value]);
            from = match.Index + match.Length;
        }
        yield return (text[from..], null);
    }
}
