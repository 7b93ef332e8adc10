using System.ClientModel;
using System.ClientModel.Primitives;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace TextGan.Data.Teachers;

/// <summary>
/// A chat model behind an OpenAI-compatible server. It answers prompts, says which of two texts is better (asked in both orders; where the
/// replies disagree, or are not what was asked for, neither is), and labels texts by a yes-or-no question. All replies are kept in
/// RUNS/shared/chat-KEY.jsonl, so that no question is asked twice; KEY depends on the model's name and the settings below, not on the
/// server. It is only asked by 'run', and only with --allow-chat, because an experiment file may be a stranger's: what its prompts hold is
/// sent to the server.
/// </summary>
public sealed record ChatTeacherOptions : TeacherOptions
{
    /// <summary>The server, for example "http://localhost:11434/v1"; "/chat/completions" is added.</summary>
    [Required]
    public string Endpoint { get; init; } = "";

    /// <summary>The model's name on the server.</summary>
    [Required]
    public string ModelName { get; init; } = "";

    /// <summary>
    /// The name of the environment variable with the key that is sent to the server; null (default): none is. The name begins with
    /// TEXTGAN_ or is allowed by --env NAME. The key itself is written nowhere.
    /// </summary>
    public string? KeyVariable { get; init; }

    /// <summary>A system prompt before each question; null (default): none.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>
    /// The yes-or-no question by which it labels texts, such as "Is this text about dogs?"; null (default): it labels none. A reply that
    /// is neither yes nor no counts as no.
    /// </summary>
    public string? Question { get; init; }

    /// <summary>What it is asked about two texts, A and B. Default: "Which of these two texts is better?"</summary>
    public string Comparison { get; init; } = "Which of these two texts is better?";

    /// <summary>The sampling temperature; null (default): the server's default.</summary>
    [Range(0.0, 2.0)]
    public double? Temperature { get; init; }

    /// <summary>The most tokens of a reply; null (default): the server's default.</summary>
    [Range(1, 1_000_000)]
    public int? MaxTokens { get; init; }

    /// <summary>Seconds until a request counts as failed. Default 60.</summary>
    [Range(1, 3600)]
    public int Timeout { get; init; } = 60;

    /// <summary>
    /// How often a request is repeated that failed, timed out, or was answered by status 429 or 5xx, with growing pauses. Default 5.
    /// </summary>
    [Range(0, 20)]
    public int Retries { get; init; } = 5;

    /// <summary>Requests at a time. Default 4.</summary>
    [Range(1, 256)]
    public int Parallel { get; init; } = 4;

    public override bool CanLabel => Question is not null;

    public override bool CanPrefer => true;

    public override bool CanAnswer => true;

    public override bool AsksOutside => true;

    public override IEnumerable<Problem> Validate(string path)
    {
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0
            || uri.Query.Length > 0)
            yield return new Problem($"{path}.endpoint",
                $"'{Endpoint}' is not the address of a server; expected one such as \"http://localhost:11434/v1\", without " +
                "a password or a query.");
    }

    /// <summary>A run must have its key before it trains; who only checks an experiment needs none.</summary>
    public override void Check(TeacherContext context)
    {
        if (KeyVariable is not null && context is { MayAsk: true, ReplyFolder: not null }) KeyIn(KeyVariable);
    }

    public override Teacher Build(TeacherContext context)
    {
        var key = KeyVariable is null || !context.MayAsk ? null : KeyIn(KeyVariable);
        var client = !context.MayAsk ? null : new OpenAI.Chat.ChatClient(ModelName, new ApiKeyCredential(key ?? "none"),
            new OpenAI.OpenAIClientOptions
            {
                Endpoint = new Uri(Endpoint), NetworkTimeout = TimeSpan.FromSeconds(Timeout), RetryPolicy = new ClientRetryPolicy(Retries),
            }).AsIChatClient();
        var file = context.ReplyFolder is { } folder ? Path.Combine(folder, $"chat-{FileKey}.jsonl") : null;
        return new ChatTeacher(this, client, new ReplyFile(file), key, context.Say);
    }

    /// <summary>A checksum of what replies depend on beside the messages.</summary>
    internal string FileKey => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(new JsonObject
    {
        ["model"] = ModelName, ["temperature"] = Temperature, ["maxTokens"] = MaxTokens,
    }.ToJsonString())))[..16];

    static string KeyIn(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(value))
            throw new InvalidInputException(variable, "the environment variable is not set, or empty; it must hold the teacher's key.");
        return value.All(character => character is > ' ' and <= '~') ? value
            : throw new InvalidInputException(variable, "the environment variable has characters that no key has.");
    }
}
