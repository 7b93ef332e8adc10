using System.Text.RegularExpressions;

namespace TextGan.Cli.Commands;

/// <summary>
/// The options by which a user lets experiments bring code of their own, have environment variables in their paths and ask servers; every
/// command that reads an experiment has them.
/// </summary>
public sealed partial class ReadingOptions
{
    readonly Option<bool> allow = new("--allow-plugins") {
        Description = "Load the plug-ins that the experiments name. They run with your rights." };

    readonly Option<string[]> folders = new("--plugin-folder")
    {
        Description = "Load the plug-ins that the experiments name if they are in this folder, or below. May be repeated.",
        HelpName = "FOLDER",
    };

    readonly Option<string[]> variables = new("--env")
    {
        Description = "Let paths in the experiments have this environment variable, as ${NAME}; those that begin with TEXTGAN_ are " +
            "allowed without. May be repeated.",
        HelpName = "NAME",
    };

    readonly Option<bool> chat = new("--allow-chat")
    {
        Description = "Let teachers of the kind \"chat\" send prompts and texts to the servers that the experiments name.",
    };

    public void AddTo(Command command)
    {
        command.Add(allow);
        command.Add(folders);
        command.Add(variables);
        command.Add(chat);
    }

    public ReadingSettings Settings(ParseResult parsed, Terminal terminal) => new()
    {
        Plugins = Policy(parsed, terminal),
        AllowedVariables = [.. (parsed.GetValue(variables) ?? []).Select(name => VariableName().IsMatch(name) ? name
            : throw new InvalidInputException("--env",
                $"'{name}' is not a name of an environment variable; names have letters, digits and '_'."))],
        EnvironmentVariable = terminal.Variable,
        AllowsChat = parsed.GetValue(chat),
    };

    PluginPolicy Policy(ParseResult parsed, Terminal terminal)
    {
        var trusted = new List<string>();
        foreach (var folder in parsed.GetValue(folders) ?? [])
        {
            var full = terminal.Full(folder);
            // A name that is mistyped would be a folder in which anything may appear later.
            if (!Directory.Exists(full))
                throw new InvalidInputException("--plugin-folder", File.Exists(full) ? $"'{folder}' is a file; a folder is needed."
                    : $"the folder '{folder}' does not exist.");
            trusted.Add(full);
        }
        return parsed.GetValue(allow) ? PluginPolicy.Allow : trusted.Count > 0 ? PluginPolicy.Folders(trusted) : PluginPolicy.Refuse;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();
}
