using System.CommandLine.Parsing;

namespace TextGan.Cli.Commands;

/// <summary>The arguments of a command, for another process.</summary>
public static class RepeatedArguments
{
    /// <summary>Everything that was given but these options; values stand behind <c>=</c>, so that none is taken for an option.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed, IReadOnlyList<Option> without)
    {
        var children = parsed.CommandResult.Children;
        string[] words = [.. children.OfType<ArgumentResult>().SelectMany(result => result.Tokens).Select(token => token.Value)];
        return
        [
            .. children.OfType<OptionResult>().Where(result => !result.Implicit && !without.Contains(result.Option)).SelectMany(result =>
                result.Tokens.Count == 0 ? [result.Option.Name] : result.Tokens.Select(token => $"{result.Option.Name}={token.Value}")),
            .. words.Length > 0 ? ["--", .. words] : words,
        ];
    }
}
