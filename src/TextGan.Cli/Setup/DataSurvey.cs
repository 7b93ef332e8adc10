using System.Text;
using System.Text.Json;
using TextGan.Data;
using TextGan.Tokenization;

namespace TextGan.Cli.Setup;

/// <summary>What a look at a person's own file shows, on which the settings of an experiment depend.</summary>
public sealed record DataSurvey
{
    /// <summary>The most texts that are looked at.</summary>
    public const int MostTexts = 200_000;

    /// <summary>Fewer texts cannot be trained on and measured by.</summary>
    const int FewestTexts = 20;

    const int LongestLine = 1 << 20, MostWords = 10_000;

    public required SurveyForm Form { get; init; }

    /// <summary>Texts that were looked at; of pairs the chosen ones.</summary>
    public required int Texts { get; init; }

    /// <summary>Whether the file has more of them.</summary>
    public bool IsPart => Texts == MostTexts;

    /// <summary>Texts that answer a prompt.</summary>
    public required int Prompts { get; init; }

    /// <summary>Texts that are equal to an earlier one.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Whether tokens are characters: the script has no blanks between words, or most texts are one word.</summary>
    public required bool IsOfCharacters { get; init; }

    /// <summary>Whether punctuation stands at words, so that it is better split from them.</summary>
    public required bool HasPunctuation { get; init; }

    /// <summary>Different tokens.</summary>
    public required int Different { get; init; }

    /// <summary>Tokens of the vocabulary, the two special ones included: those that occur at least twice, up to a limit.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>The share of all tokens that the vocabulary has.</summary>
    public required double Coverage { get; init; }

    /// <summary>Tokens of a text, without an end: the median, the 95% quantile, and the longest text's.</summary>
    public required int Median { get; init; }

    public required int Long { get; init; }

    public required int Longest { get; init; }

    /// <summary>Looks at a file.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, or has too few texts.</exception>
    public static DataSurvey Of(string path)
    {
        var form = FormOf(path);
        DataOptions options = form == SurveyForm.Preferences ? new PreferenceDataOptions { Path = path, Limit = MostTexts }
            : new TextDataOptions {
                Path = path, Limit = MostTexts, Format = form == SurveyForm.Lines ? TextFormat.Lines : TextFormat.JsonLines };
        var data = options.Load(new DataContext("data", Path.GetDirectoryName(path)!, Length: 1)).Train;
        var texts = data.Texts;
        if (texts.Count < FewestTexts)
            throw new InvalidInputException(path, $"has {Amount.Of(texts.Count, "text")}; at least {FewestTexts} are needed.");
        var (isOfCharacters, hasPunctuation) = Script(texts);
        TokenizerOptions tokenizer = isOfCharacters ? new CharacterTokenizerOptions { Vocabulary = 1_000_000 }
            : new WordTokenizerOptions { Vocabulary = 10_000_000, SplitPunctuation = hasPunctuation };
        var all = data.Rejected is { } rejected ? texts.Concat(rejected) : texts;
        var built = tokenizer.Build(new TokenizerContext("", all));
        var counts = new long[built.VocabularySize];
        foreach (var text in all) foreach (var id in built.Encode(text)) counts[id]++;
        int[] lengths = [.. texts.Select(text => built.Encode(text).Count).Order()];
        long[] frequent = [.. counts.Where(count => count > 0).OrderDescending()];
        var kept = Math.Min(MostWords, Math.Max(frequent.Count(count => count > 1), Math.Min(frequent.Length, 100)));
        return new()
        {
            Form = form, Texts = texts.Count, Prompts = data.Prompts?.Count(prompt => prompt.Length > 0) ?? 0,
            Duplicates = texts.Count - texts.Distinct(StringComparer.Ordinal).Count(), IsOfCharacters = isOfCharacters,
            HasPunctuation = hasPunctuation, Different = frequent.Length, Vocabulary = kept + 2,
            Coverage = (double)frequent.Take(kept).Sum() / Math.Max(1, frequent.Sum()), Median = lengths[lengths.Length / 2],
            Long = lengths[(int)Math.Ceiling(0.95 * lengths.Length) - 1], Longest = lengths[^1],
        };
    }

    /// <summary>From the first line that is not empty.</summary>
    static SurveyForm FormOf(string path)
    {
        try
        {
            using var stream = TextFile.Open(path, out _);
            var reader = new StrictLineReader(stream, LongestLine);
            while (reader.TryRead(out var line) && line.Text is { } text)
            {
                if (string.IsNullOrWhiteSpace(text)) continue;
                if (!text.TrimStart().StartsWith('{')) break;
                var fields = JsonElement.Parse(text);
                return fields.TryGetProperty("chosen", out _) ? SurveyForm.Preferences
                    : ((string[])["text", "messages", "conversations"]).Any(field => fields.TryGetProperty(field, out _))
                    ? SurveyForm.JsonLines : SurveyForm.Lines;
            }
        }
        catch (Exception other) when (other is JsonException or IOException or InvalidDataException or ForeignFormException)
        {
            // Whoever reads the whole file says what is wrong with it.
        }
        return SurveyForm.Lines;
    }

    static (bool IsOfCharacters, bool HasPunctuation) Script(IReadOnlyList<string> texts)
    {
        long letters = 0, unspaced = 0, words = 0, punctuated = 0, single = 0;
        foreach (var text in texts)
        {
            var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            words += parts.Length;
            punctuated += parts.Count(part => part.Length > 1 && char.IsPunctuation(part[^1]));
            if (parts.Length <= 1) single++;
            foreach (var rune in text.EnumerateRunes().Where(Rune.IsLetter))
            {
                letters++;
                if (IsUnspaced(rune.Value)) unspaced++;
            }
        }
        return (unspaced > 0.3 * letters || single > texts.Count / 2, punctuated > 0.02 * words);

        // Thai, Lao, Burmese, Khmer; kana; Han
        static bool IsUnspaced(int rune) => rune is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
            or (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0x20000 and <= 0x3FFFF);
    }
}
