using System.Text.RegularExpressions;

namespace TextGan.Metrics.Judges;

/// <summary>
/// A text as its words, punctuation marks and pairs of neighbours, in lower case: those that the texts it was made from have, each with
/// the value 1 however often it occurs.
/// </summary>
public sealed partial class NGramFeatures
{
    readonly Dictionary<string, int> places = [];

    public NGramFeatures(IEnumerable<string> texts)
    {
        foreach (var text in texts)
            foreach (var gram in Grams(text)) places.TryAdd(gram, places.Count);
    }

    /// <summary>How many there are.</summary>
    public int Count => places.Count;

    /// <summary>The numbers of the text's features, rising.</summary>
    public int[] Of(string text) =>
        [.. Grams(text).Where(places.ContainsKey).Select(gram => places[gram]).Distinct().Order()];

    static IEnumerable<string> Grams(string text)
    {
        string? before = null;
        foreach (Match match in Word().Matches(text.ToLowerInvariant()))
        {
            yield return match.Value;
            if (before is not null) yield return before + ' ' + match.Value;
            before = match.Value;
        }
    }

    [GeneratedRegex(@"\w+|[^\w\s]")]
    private static partial Regex Word();
}
