using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using TextGan.Safety;

namespace TextGan.Runs;

/// <summary>
/// A text that a language model wrote. As a line of JSON it can be read by the data kind "text" (format "json-lines"), and its prompt by
/// whatever reads prompts.
/// </summary>
/// <param name="Text">What the model wrote, without the prompt.</param>
/// <param name="Prompt">What it continues; null for nothing.</param>
/// <param name="Tokens">Its tokens, without an end.</param>
/// <param name="Ended">Whether the model ended it; else it was cut.</param>
/// <param name="LogProbability">Σ log p of its tokens and its end in nats, under the distribution that they were drawn from (after
/// temperature, top-k and top-p).</param>
public sealed record DrawnText(string Text, string? Prompt, int Tokens, bool Ended, double LogProbability)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Prompt and text in one; not in the JSON.</summary>
    [JsonIgnore]
    public string Whole { get; init; } = Text;

    /// <summary>What is unsafe on a terminal is escaped.</summary>
    public string ToJson() => SafeText.Json(JsonSerializer.Serialize(this, Json));
}
