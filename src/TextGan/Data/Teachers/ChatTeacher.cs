using System.ClientModel;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using TextGan.Safety;

namespace TextGan.Data.Teachers;

/// <summary>A chat model that is asked over an <see cref="IChatClient"/>. Equal questions have equal replies.</summary>
/// <param name="options">What is asked, and how.</param>
/// <param name="client">Whom it asks, disposed of with this; null: only replies that are kept are given.</param>
/// <param name="replies">Where replies are kept.</param>
/// <param name="key">A secret that no message may show; null for none.</param>
/// <param name="say">Hears how many replies could not be understood.</param>
public sealed partial class ChatTeacher(ChatTeacherOptions options, IChatClient? client, ReplyFile replies, string? key = null,
    Action<string>? say = null) : Teacher
{
    readonly ChatOptions settings = new()
    {
        Temperature = (float?)options.Temperature, MaxOutputTokens = options.MaxTokens,
    };

    /// <summary>Replies so far that were neither of the two that were asked for.</summary>
    public long NotUnderstood { get; private set; }

    public override IReadOnlyList<string> Answer(IReadOnlyList<string> prompts) => Ask(prompts);

    /// <summary>Asks the yes-or-no question of the options; a reply that is neither counts as no.</summary>
    public override IReadOnlyList<bool> Label(IReadOnlyList<TeacherText> texts)
    {
        if (options.Question is null) return base.Label(texts);
        var labels = Ask([.. texts.Select(text =>
            $"{options.Question}\n\n{PromptOf(text)}Text:\n{text.Text}\n\nReply with one word: yes or no.")]);
        return [.. Understood(labels, YesOrNo()).Select(word => word == "yes")];
    }

    public override IReadOnlyList<double> Score(IReadOnlyList<TeacherText> texts) =>
        [.. Label(texts).Select(label => label ? 1.0 : 0)];

    /// <summary>
    /// Asks twice, with each text first, because models favour a place; a text is preferred if both replies name it. Everything else is a
    /// tie.
    /// </summary>
    public override IReadOnlyList<double> Prefer(IReadOnlyList<(TeacherText First, TeacherText Second)> pairs)
    {
        var words = Understood(Ask([.. pairs.SelectMany(pair =>
            (string[])[Comparison(pair.First, pair.Second), Comparison(pair.Second, pair.First)])]), AOrB());
        return [.. pairs.Select((_, i) => (words[2 * i], words[2 * i + 1]) switch
        {
            ("a", "b") => 1,
            ("b", "a") => 0,
            _ => 0.5,
        })];
    }

    string Comparison(TeacherText first, TeacherText second) =>
        $"{options.Comparison}\n\n{PromptOf(first)}A:\n{first.Text}\n\nB:\n{second.Text}\n\nReply with one letter: A or B.";

    static string PromptOf(TeacherText text) => text.Prompt is { Length: > 0 } prompt ? $"Prompt:\n{prompt}\n\n" : "";

    /// <summary>The one word of each reply in lower case; null where it is another one.</summary>
    string?[] Understood(IReadOnlyList<string> all, Regex word)
    {
        string?[] words = [.. all.Select(reply => word.Match(reply) is { Success: true } match ? match.Groups[1].Value.ToLowerInvariant()
            : null)];
        var others = words.Count(one => one is null);
        NotUnderstood += others;
        if (others > 0)
        {
            var example = SafeText.Line(all[Array.IndexOf(words, null)], 60);
            say?.Invoke($"{Amount.Of(others, "reply", "replies")} of {all.Count:N0} of the teacher '{options.ModelName}' " +
                $"{(others == 1 ? "is" : "are")} not what was asked for, such as \"{example}\"");
        }
        return words;
    }

    IReadOnlyList<string> Ask(IReadOnlyList<string> questions) =>
        replies.Of([.. questions.Select(Messages)], Reply, options.Parallel);

    string Messages(string question)
    {
        var messages = new JsonArray();
        if (options.SystemPrompt is { Length: > 0 } system) messages.Add(Message("system", system));
        messages.Add(Message("user", question));
        return messages.ToJsonString();

        static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };
    }

    async Task<string> Reply(string messages)
    {
        if (client is null)
            throw new RunFailedException($"The teacher '{options.ModelName}' was never asked this, and only 'run' asks: {Shown(messages)}");
        try
        {
            var asked = JsonNode.Parse(messages)!.AsArray().Select(message =>
                new ChatMessage(new ChatRole(message!["role"]!.GetValue<string>()), message["content"]!.GetValue<string>()));
            return (await client.GetResponseAsync(asked, settings).ConfigureAwait(false)).Text;
        }
        // A server may send anything, and the client passes on what its parsers say of it.
        catch (Exception fault)
        {
            throw new RunFailedException($"The teacher '{options.ModelName}' at {options.Endpoint} gave no usable reply: {Reason(fault)}",
                fault);
        }
    }

    string Reason(Exception fault)
    {
        while (fault is AggregateException { InnerExceptions: [.., var last] }) fault = last;
        var reason = fault switch
        {
            OperationCanceledException => $"none came within {Amount.Of(options.Timeout, "second")} ('timeout')",
            ClientResultException { Status: > 0 } refused => $"status {refused.Status}: {refused.Message}",
            ClientResultException or HttpRequestException => fault.Message,
            _ => $"it is not a chat completion ({fault.Message})",
        };
        return Shown(reason).TrimEnd('.') + ".";
    }

    /// <summary>One line without the key, which a server may repeat.</summary>
    string Shown(string text) => SafeText.Line(key is null ? text : text.Replace(key, "***", StringComparison.Ordinal), 300);

    protected override void Release() => client?.Dispose();

    [GeneratedRegex(@"^\W*(yes|no)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex YesOrNo();

    [GeneratedRegex(@"^\W*(A|B)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AOrB();
}
