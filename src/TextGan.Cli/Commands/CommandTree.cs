using TextGan.Native;

namespace TextGan.Cli.Commands;

/// <summary>All commands of the tool.</summary>
public static class CommandTree
{
    /// <summary>What the tool is called in texts.</summary>
    public const string Name = "textgan";

    /// <summary>Commands that make no tensor.</summary>
    static readonly string[] WithoutTensors = [
        "list", "describe", "schema", "reference", "plot", "report", "watch", "front", "status", "summarize", "document", "init",
        "completion",
    ];

    /// <summary>Which LibTorch computes; every command has it.</summary>
    public static Option<string?> LibTorchFolder { get; } = new("--libtorch")
    {
        Description = "Compute with the LibTorch in this folder instead of the one built in, for instance that of an installed PyTorch " +
            $"with CUDA; '{LibTorch.Auto}' asks Python for it. Without the option, the environment variable {LibTorch.Variable} is used.",
        HelpName = "FOLDER|auto",
        Recursive = true,
    };

    /// <summary>Whether a command needs LibTorch.</summary>
    public static bool Computes(Command command) => !WithoutTensors.Contains(command.Name);

    public static RootCommand Create(Terminal terminal, RunStarter? start)
    {
        var root = new RootCommand("Trains text generators against several discriminators, from experiments in JSON.") { HelpName = Name };
        root.Add(LibTorchFolder);
        root.Add(RunCommand.Create(terminal, start));
        root.Add(ValidateCommand.Create(terminal));
        root.Add(ListCommand.Create(terminal));
        root.Add(DescribeCommand.Create(terminal));
        root.Add(SchemaCommand.Create(terminal));
        root.Add(ReferenceCommand.Create(terminal));
        root.Add(SampleCommand.Create(terminal));
        root.Add(ScoreCommand.Create(terminal));
        root.Add(RankCommand.Create(terminal));
        root.Add(MeasureCommand.Create(terminal));
        root.Add(SweepTemperatureCommand.Create(terminal));
        root.Add(ExportCommand.Create(terminal));
        root.Add(SubmitCommand.Create(terminal));
        root.Add(StatusCommand.Create(terminal));
        root.Add(PlotCommand.Create(terminal));
        root.Add(ReportCommand.Create(terminal));
        root.Add(WatchCommand.Create(terminal));
        root.Add(FrontCommand.Create(terminal));
        root.Add(SoupCommand.Create(terminal));
        root.Add(SummarizeCommand.Create(terminal));
        root.Add(DocumentCommand.Create(terminal));
        root.Add(DoctorCommand.Create(terminal));
        root.Add(InitCommand.Create(terminal));
        root.Add(CompletionCommand.Create(terminal));
        return root;
    }
}
