using System.CommandLine;

namespace TextGan.Benchmarks.Commands;

/// <summary>The options that several commands share.</summary>
static class PathOptions
{
    public static Option<string[]> Only() => new("--only")
    {
        Description = "Names of paths, with commas between them; all without it.",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        DefaultValueFactory = _ => [],
    };

    public static Option<int> Repeat() => new("--repeat") { Description = "Runs of each path.", DefaultValueFactory = _ => 9 };

    public static Option<bool> NoPlain() => new("--no-plain") { Description = "Leave the plain TorchSharp versions out." };
}
