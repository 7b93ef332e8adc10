using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using TextGan.Safety;

namespace TextGan.Runs.Format;

/// <summary>
/// One line of samples/PHASE-STEP.jsonl: a text that the generator wrote for an evaluation. What is unsafe on a terminal is escaped.
/// </summary>
public sealed record SampleLine
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>What the generator wrote, without the prompt.</summary>
    public required string Text { get; init; }

    /// <summary>Its number of tokens, without an end token.</summary>
    public required int Tokens { get; init; }

    /// <summary>What it continues; null without a prompt.</summary>
    public string? Prompt { get; init; }

    /// <summary>
    /// The number of its prompt among those of the evaluation, from 0: texts of one number answer one prompt. Null without prompts.
    /// </summary>
    public int? Group { get; init; }

    /// <summary>Whether the generator ended it; else it was cut at the experiment's length.</summary>
    public required bool Ended { get; init; }

    /// <summary>What each judge says of it, by name: the mean of its logits, more for better. Empty before there are judges.</summary>
    public IReadOnlyDictionary<string, double> Scores { get; init; } = new Dictionary<string, double>();

    /// <summary>The negative log-likelihood under the generator in nats per token, where texts are scored; null in samples.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Nll { get; init; }

    public string ToJson() => SafeText.Json(JsonSerializer.Serialize(this, Json));

    public static SampleLine Parse(string line) => JsonSerializer.Deserialize<SampleLine>(line, Json)
        ?? throw new JsonException("A line of samples must be an object.");
}
