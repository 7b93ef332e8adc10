using System.CommandLine;

namespace TextGan.Cli.Commands;

/// <summary>All commands of the tool.</summary>
public static class CommandTree
{
    /// <summary>What the tool is called in texts.</summary>
    public const string Name = "textgan";

    public static RootCommand Create(Terminal terminal, RunStarter start)
    {
        var root = new RootCommand("Trains text generators against several discriminators, from experiments in JSON.") { HelpName = Name };
        root.Add(RunCommand.Create(terminal, start));
        root.Add(ValidateCommand.Create(terminal));
        root.Add(ListCommand.Create(terminal));
        root.Add(DescribeCommand.Create(terminal));
        root.Add(SchemaCommand.Create(terminal));
        root.Add(SampleCommand.Create(terminal));
        root.Add(ScoreCommand.Create(terminal));
        root.Add(SubmitCommand.Create(terminal));
        root.Add(StatusCommand.Create(terminal));
        root.Add(PlotCommand.Create(terminal));
        root.Add(DoctorCommand.Create(terminal));
        return root;
    }
}
