using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TextGan.Tests.Tokenization.ByteLevel;

/// <summary>Small byte-level BPE vocabularies, trained here, written as tokenizer.json in the forms that published models have.</summary>
static class TinyTokenizer
{
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    const string Llama3Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+" +
        @"|\s+(?!\S)|\s+";

    const string QwenPattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+" +
        @"|\s+(?!\S)|\s+";

    /// <summary>What vocabularies learn from: each fragment is common in the texts that are compared.</summary>
    public static readonly string[] Fragments =
    [
        "the", " the", " cat", "hello", " world", "'s", "'LL", "don't", " we've", "I'm", "1", "12", " 2026", "12345", "٣٤", "²", " ",
        "  ", "     ", "\t", "\n", "\n\n", " \n", "\r\n", "\u00A0", "\u3000", "\u2028", "\u0085", ".", "...", " !?",
        "—", "#", "_", "(", ")",
        "é", "e\u0301", "Straße", " ÜBER", "привет", " мир", "日本語", "中文", " 한국어", "ไทย", "नमस्ते", "שלום", "مرحبا", "😀", " 🦜", "👩‍👩‍👧",
        "🇩🇪", "👍🏽", "𝔘𝐀", " 𝟙𝟚", "𠀀𠀁", "a𝐀b", "\u200B", "\uFEFF", "x\u0301\u0302", "<|", "|>", "<tool>", " <tool>", "<|endoftext|>",
        "<|start|>", "<|start|><|endoftext|>", "endoftext", "unreachable", " unreachable",
    ];

    public static JsonObject Gpt2(bool addsBlank = false) => File(Gpt2Pattern,
        new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = addsBlank, ["trim_offsets"] = true, ["use_regex"] = true },
        ignoresMerges: false, pairs: false);

    public static JsonObject Llama3() => File(Llama3Pattern, Split(Llama3Pattern), ignoresMerges: true, pairs: false);

    public static JsonObject Qwen() => File(QwenPattern, Split(QwenPattern), ignoresMerges: false, pairs: true);

    static JsonObject Split(string pattern) => new()
    {
        ["type"] = "Sequence",
        ["pretokenizers"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated", ["invert"] = false,
            },
            new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = false }),
    };

    static JsonObject File(string pattern, JsonNode preTokenizer, bool ignoresMerges, bool pairs)
    {
        var merges = Train(pattern, 250);
        string[] tokens = [.. Letters, .. merges.Select(pair => pair.Left + pair.Right).Distinct(), "unreachable", "Ġunreachable"];
        var vocabulary = new JsonObject();
        foreach (var (id, token) in tokens.Index()) vocabulary[token] = id;
        JsonNode Added(int offset, string content, bool special) => new JsonObject
        {
            ["id"] = tokens.Length + offset, ["content"] = content, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false,
            ["normalized"] = !special, ["special"] = special,
        };
        return new JsonObject
        {
            ["version"] = "1.0", ["truncation"] = null, ["padding"] = null,
            ["added_tokens"] = new JsonArray(Added(0, "<|endoftext|>", true), Added(1, "<|start|>", true), Added(2, "<tool>", false)),
            ["normalizer"] = null, ["pre_tokenizer"] = preTokenizer,
            ["post_processor"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = false },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["dropout"] = null, ["unk_token"] = null, ["continuing_subword_prefix"] = "", ["end_of_word_suffix"] = "",
                ["fuse_unk"] = false, ["byte_fallback"] = false, ["ignore_merges"] = ignoresMerges, ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. merges.Select(pair => pairs ? new JsonArray(pair.Left, pair.Right)
                    : (JsonNode)$"{pair.Left} {pair.Right}")]),
            },
        };
    }

    /// <summary>GPT-2's letters, by its table: 33..126, 161..172 and 174..255 are themselves, the 68 others follow from 256.</summary>
    static readonly string[] Letters = [.. Enumerable.Range(0, 256).Select(value => Letter((byte)value))];

    static string Letter(byte value)
    {
        static bool IsItself(int value) => value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
        return ((char)(IsItself(value) ? value : 256 + Enumerable.Range(0, value).Count(before => !IsItself(before)))).ToString();
    }

    /// <summary>The most frequent pairs of neighbours, again and again (Sennrich et al. 2016).</summary>
    static List<(string Left, string Right)> Train(string pattern, int count)
    {
        var random = new Random(5);
        var corpus = string.Concat(Enumerable.Range(0, 2000).Select(_ => Fragments[random.Next(Fragments.Length)])
            .Where(fragment => !fragment.Contains("unreachable") && !fragment.Contains("<|") && !fragment.Contains("tool")));
        var words = Regex.Matches(corpus, pattern).GroupBy(match => match.Value)
            .Select(group => (Parts: Encoding.UTF8.GetBytes(group.Key).Select(Letter).ToList(), Count: group.Count())).ToList();
        var merges = new List<(string, string)>();
        while (merges.Count < count)
        {
            var pairs = words.SelectMany(word => word.Parts.Zip(word.Parts.Skip(1), (a, b) => (Pair: (a, b), word.Count)))
                .GroupBy(one => one.Pair).Select(group => (group.Key, Count: group.Sum(one => one.Count))).ToList();
            if (pairs.Count == 0) break;
            var (left, right) = pairs.OrderByDescending(one => one.Count).ThenBy(one => one.Key.a + " " + one.Key.b, StringComparer.Ordinal)
                .First().Key;
            merges.Add((left, right));
            foreach (var (parts, _) in words)
                for (var i = 0; i + 1 < parts.Count; i++)
                {
                    if (parts[i] != left || parts[i + 1] != right) continue;
                    parts[i] += right;
                    parts.RemoveAt(i + 1);
                }
        }
        return merges;
    }
}
