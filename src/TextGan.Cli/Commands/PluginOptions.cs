using System.CommandLine;
using TextGan.Experiments.Reading;
using TextGan.Problems;

namespace TextGan.Cli.Commands;

/// <summary>The options by which a user lets experiments bring code of their own; every command that reads an experiment has them.</summary>
public sealed class PluginOptions
{
    readonly Option<bool> allow = new("--allow-plugins") { Description = "Load the plug-ins that the experiments name. They run with your rights." };

    readonly Option<string[]> folders = new("--plugin-folder")
    {
        Description = "Load the plug-ins that the experiments name if they are in this folder, or below. May be repeated.",
        HelpName = "FOLDER",
    };

    public void AddTo(Command command)
    {
        command.Add(allow);
        command.Add(folders);
    }

    public PluginPolicy Policy(ParseResult parsed, Terminal terminal)
    {
        var trusted = new List<string>();
        foreach (var folder in parsed.GetValue(folders) ?? [])
        {
            var full = terminal.Full(folder);
            // A name that is mistyped would be a folder in which anything may appear later.
            if (!Directory.Exists(full)) throw new InvalidInputException("--plugin-folder", File.Exists(full) ? $"'{folder}' is a file; a folder is needed." : $"the folder '{folder}' does not exist.");
            trusted.Add(full);
        }
        return parsed.GetValue(allow) ? PluginPolicy.Allow : trusted.Count > 0 ? PluginPolicy.Folders(trusted) : PluginPolicy.Refuse;
    }
}
