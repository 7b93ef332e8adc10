using System.Reflection;

namespace TextGan.Cli.Commands;

/// <summary>Prints the script by which a shell completes this program's command lines.</summary>
public static class CompletionCommand
{
    static readonly Dictionary<string, string> Scripts = new() {
        ["bash"] = "textgan.bash", ["zsh"] = "textgan.zsh", ["pwsh"] = "textgan.ps1" };

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or pwsh (PowerShell 7)." };
        shell.CompletionSources.Add(Completions.Of(_ => Scripts.Keys));
        var command = new Command("completion", "Print a script that completes commands, options, kinds, experiments and runs in a " +
            "shell; for bash: source <(textgan completion bash).") { shell };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(shell);
            if (!Scripts.TryGetValue(name, out var file))
                throw new InvalidInputException("SHELL", $"there is no script for '{name}'; there are {string.Join(", ", Scripts.Keys)}.");
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"TextGan.Cli.Completion.{file}")!;
            using var reader = new StreamReader(stream);
            terminal.Output.Write(reader.ReadToEnd().ReplaceLineEndings("\n")); // as the shells read it, on Windows, too
            return ExitCode.Success;
        });
        return command;
    }
}
