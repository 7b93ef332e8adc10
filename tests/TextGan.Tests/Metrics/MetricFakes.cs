using System.Text.Json;
using System.Text.Json.Serialization;
using TextGan.Data;
using TextGan.Metrics;
using TextGan.Tokenization;

namespace TextGan.Tests.Metrics;

/// <summary>Texts are numbers with blanks between them; 0 starts and ends a text.</summary>
sealed class NumberTokenizer(int vocabularySize, int? endId = 0) : ITokenizer
{
    public int VocabularySize => vocabularySize;
    public int StartId => 0;
    public int? EndId => endId;
    public int? UnknownId => null;
    public IReadOnlyList<string>? FittedVocabulary => null;
    public IReadOnlyList<int> Encode(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    public string Decode(IReadOnlyList<int> ids) => string.Join(' ', ids);
    public string TokenText(int id) => $"{id}";
}

/// <summary>
/// Numbers as ids, but that the id 5 shows as "1 1", which is encoded to two ids; the control token "&lt;q&gt;" has the id 9.
/// </summary>
sealed class ControlTokenizer : ITokenizer
{
    public int VocabularySize => 10;
    public int StartId => 0;
    public int? EndId => 0;
    public int? UnknownId => null;
    public IReadOnlyList<string>? FittedVocabulary => null;
    public int? ControlId(string name) => name == "<q>" ? 9 : null;
    public IReadOnlyList<int> Encode(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    public string Decode(IReadOnlyList<int> ids) => string.Join(' ', ids.Select(TokenText));
    public string TokenText(int id) => id == 5 ? "1 1" : $"{id}";
}

/// <summary>Knows the log-probabilities that it is given; "even" are texts of an even number of tokens.</summary>
sealed class KnownSource(IReadOnlyDictionary<string, double> logProbabilities, params string[] attributes) : IExactSource
{
    public IReadOnlyList<double> LogProbabilities(IReadOnlyList<string> texts) =>
        [.. texts.Select(text => logProbabilities.GetValueOrDefault(text, double.NegativeInfinity))];

    public IReadOnlyList<string> Attributes => attributes;

    public IReadOnlyList<bool> Judge(string attribute, IReadOnlyList<string> texts) => [.. texts.Select(text => attribute switch
    {
        "even" => text.Split(' ').Length % 2 == 0,
        "known" => logProbabilities.ContainsKey(text),
        _ => throw new ArgumentException(attribute),
    })];
}

static class MetricFakes
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static MetricOptions Options(string json) => JsonSerializer.Deserialize<MetricOptions>(json, Json)!;

    public static DataSet Set(string name, string[] train, string[] heldOut, IExactSource? source = null) =>
        new(name, new DataSplit(train), new DataSplit(heldOut), "") { Source = source };

    public static MetricContext Context(int length, params DataSet[] sets) =>
        new(sets.ToDictionary(set => set.Name), new TextEncoder(new NumberTokenizer(10), length), BatchSize: 4);

    /// <summary>An evaluation of generated texts; metrics that need the generator are given one in their own tests.</summary>
    public static EvaluationContext Evaluation(params string[] texts) =>
        new(null!, texts, [.. texts.Select(text => new NumberTokenizer(10).Encode(text).ToArray())]);
}
