using System.CommandLine;
using TextGan.Cli.Display;

namespace TextGan.Cli.Commands;

/// <summary>Checks a file of experiments without running anything.</summary>
public static class ValidateCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new ExperimentFiles();
        var command = new Command("validate", "Check experiments without running them. Exit code 2 and all problems if something is wrong.");
        files.AddTo(command);
        command.SetAction(parsed =>
        {
            var experiments = files.Read(parsed, terminal);
            foreach (var experiment in experiments) terminal.Output.WriteLine($"fine: {SafeText.Line(experiment.Options.Name)}");
            terminal.Output.WriteLine($"{NumberText.Count(experiments.Count, "experiment")}, no problems.");
            return ExitCode.Success;
        });
        return command;
    }
}
