using System.CommandLine.Parsing;
using TextGan.Reporting;

namespace TextGan.Cli.Commands;

/// <summary>The arguments of a command, for another process or for a person.</summary>
public static class RepeatedArguments
{
    /// <summary>Everything that was given but these options; values stand behind <c>=</c>, so that none is taken for an option.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed, IReadOnlyList<Option> without)
    {
        string[] words = [.. Words(parsed)];
        return
        [
            .. Options(parsed).Where(result => !without.Contains(result.Option)).SelectMany(result =>
                result.Tokens.Count == 0 ? [result.Option.Name] : result.Tokens.Select(token => $"{result.Option.Name}={token.Value}")),
            .. words.Length > 0 ? ["--", .. words] : words,
        ];
    }

    /// <summary>The command for a shell, as a person would type it: "textgan run experiments.json --set length=20".</summary>
    public static string Typed(ParseResult parsed)
    {
        string[] words = [.. Words(parsed)];
        string[] options = [.. Options(parsed).SelectMany(result => result.Tokens.Count == 0 ? [result.Option.Name]
            : result.Tokens.SelectMany(token => token.Value.StartsWith('-') ? (string[])[$"{result.Option.Name}={token.Value}"]
                : [result.Option.Name, token.Value]))];
        string[] all = words.Any(word => word.StartsWith('-')) ? [.. options, "--", .. words] : [.. words, .. options];
        return string.Join(' ', ["textgan", parsed.CommandResult.Command.Name, .. all.Select(Label.ShellWord)]);
    }

    static IEnumerable<OptionResult> Options(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Where(result => !result.Implicit);

    static IEnumerable<string> Words(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens).Select(token => token.Value);
}
