using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TextGan.Experiments.Reading;

/// <summary>Replaces <c>${NAME}</c> and <c>${NAME:-default}</c> in texts; <c>$${</c> stands for the characters <c>${</c>.</summary>
static partial class EnvironmentVariables
{
    public static JsonTree Replace(JsonTree tree, Func<string, string?> valueOf, Findings findings) => tree.ChangeStrings(text =>
    {
        if (!text.Text.Contains("${", StringComparison.Ordinal)) return text;
        var complete = true;
        var replaced = Reference().Replace(text.Text, match =>
        {
            if (match.Groups["escape"].Success) return "${";
            var name = match.Groups["name"].Value;
            if (!match.Groups["whole"].Success)
            {
                findings.Add(text.Origin, $"the text {Wording.Quote(text.Text)} has a \"${{\" that begins no reference; expected ${{NAME}} or ${{NAME:-default}}, or $${{ for the characters themselves.");
                complete = false;
            }
            else if (valueOf(name) is { Length: > 0 } value) return value;
            else if (match.Groups["default"].Success) return match.Groups["default"].Value;
            else
            {
                findings.Add(text.Origin, $"the environment variable '{name}' is not set, or empty; set it, or give a default: ${{{name}:-...}}.");
                complete = false;
            }
            return "";
        });
        return complete ? JsonTree.OfText(text.Origin, replaced) : JsonTree.Literal(text.Origin, JsonValueKind.Undefined);
    });

    /// <summary>Writes texts so that <see cref="Replace"/> gives them back unchanged.</summary>
    public static void Escape(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (Escaped(value) is { } text) members[name] = text;
                    else Escape(value);
                }
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (Escaped(items[i]) is { } text) items[i] = text;
                    else Escape(items[i]);
                }
                break;
        }
    }

    static string? Escaped(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var text && text.Contains("${", StringComparison.Ordinal)
            ? text.Replace("${", "$${", StringComparison.Ordinal) : null;

    [GeneratedRegex(@"(?<escape>\$\$\{)|\$\{(?<whole>(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?\})?", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
