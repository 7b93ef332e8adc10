using System.Text.Json;
using System.Text.RegularExpressions;

namespace TextGan.Experiments.Reading;

/// <summary>
/// Replaces <c>${NAME}</c> and <c>${NAME:-default}</c> in the paths of an experiment; <c>$${</c> stands for the characters <c>${</c> in
/// any text. An experiment may come from a stranger and is stored with its run, so it cannot ask for whatever variable it likes:
/// only for those that begin with TEXTGAN_ or that the user names. A replaced text keeps its <see cref="JsonTree.Written"/> form,
/// which is what is stored and shown.
/// </summary>
static partial class EnvironmentVariables
{
    const string Prefix = "TEXTGAN_";

    /// <summary>
    /// The tree with its texts replaced; what cannot be replaced becomes undefined and stands in <paramref name="findings"/>.
    /// </summary>
    /// <param name="isPath">Whether the tree itself is a path, or a list of paths.</param>
    public static JsonTree Replace(JsonTree tree, ReadingSettings settings, Findings findings, bool isPath = false) => tree.Kind switch
    {
        JsonValueKind.String => ReplaceText(tree, settings, findings, isPath),
        JsonValueKind.Array => JsonTree.OfItems(tree.Origin, [.. tree.Items.Select(item => Replace(item, settings, findings, isPath))]),
        JsonValueKind.Object => JsonTree.OfMembers(tree.Origin, [.. tree.Members.Select(member => KeyValuePair.Create(
            member.Key, Replace(member.Value, settings, findings, MissingFiles.HoldsPath(member.Key) || member.Key == "plugins")))]),
        _ => tree,
    };

    /// <summary>The text with all references replaced that have a value; others stay.</summary>
    public static string Expand(string text, ReadingSettings settings) => Reference().Replace(text, match =>
        match.Groups["escape"].Success ? "${" : ValueOf(match, settings) ?? match.Value);

    /// <summary>Writes a text so that <see cref="Expand"/> gives it back unchanged.</summary>
    public static string Escape(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    /// <summary>References that stay because they have no value, each with the reason as a sentence.</summary>
    public static IEnumerable<(string Reference, string Reason)> Unread(string text, ReadingSettings settings) =>
        from match in Reference().Matches(text)
        where match.Groups["whole"].Success && ValueOf(match, settings) is null
        select (match.Value, WhyUnread(match.Groups["name"].Value, settings));

    static JsonTree ReplaceText(JsonTree tree, ReadingSettings settings, Findings findings, bool isPath)
    {
        if (!tree.Text.Contains("${", StringComparison.Ordinal)) return tree;
        string[] problems = [.. Reference().Matches(tree.Text).Select(match => ProblemOf(match, settings, isPath)).OfType<string>()];
        foreach (var problem in problems) findings.Add(tree.Origin, problem);
        return problems.Length == 0
            ? JsonTree.OfText(tree.Origin, Expand(tree.Text, settings), tree.Text)
            : JsonTree.Literal(tree.Origin, JsonValueKind.Undefined);
    }

    static string? ProblemOf(Match match, ReadingSettings settings, bool isPath)
    {
        if (match.Groups["escape"].Success) return null;
        if (!isPath)
        {
            return $"{Wording.Quote(match.Value)} is in a text that is not a path; environment variables are allowed only in paths of " +
                "files and folders. Write $${ for the characters ${ themselves.";
        }
        if (!match.Groups["whole"].Success)
            return "\"${\" begins no reference; expected ${NAME} or ${NAME:-default}, or $${ for the characters themselves.";
        return settings.CheckFiles && ValueOf(match, settings) is null ? WhyUnread(match.Groups["name"].Value, settings) : null;
    }

    static string? ValueOf(Match match, ReadingSettings settings)
    {
        var name = match.Groups["name"].Value;
        if (!match.Groups["whole"].Success || !IsAllowed(name, settings)) return null;
        return settings.EnvironmentVariable(name) is { Length: > 0 } value ? value
            : match.Groups["default"] is { Success: true } otherwise ? otherwise.Value : null;
    }

    static string WhyUnread(string name, ReadingSettings settings) => IsAllowed(name, settings)
        ? $"the environment variable '{name}' is not set, or empty; set it, or give a default: ${{{name}:-...}}."
        : $"the environment variable '{name}' is not read: paths may have those that begin with {Prefix}; to allow it, add --env {name} " +
            $"to the command.";

    /// <summary>Whether an experiment may read the environment variable of this name.</summary>
    public static bool IsAllowed(string name, ReadingSettings settings) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) || settings.AllowedVariables.Contains(name);

    [GeneratedRegex(@"(?<escape>\$\$\{)|\$\{(?<whole>(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?\})?",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
