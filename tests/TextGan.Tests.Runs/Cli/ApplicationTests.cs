namespace TextGan.Tests.Cli;

public class ApplicationTests
{
    static readonly string[] Commands = ["run", "validate", "list", "describe", "schema", "sample", "plot", "doctor"];

    [Test]
    public void HelpNamesEveryCommand()
    {
        var result = CommandRun.Of("--help");
        Assert.That(result.Code, Is.Zero);
        Assert.That(result.Output, Does.Contain("textgan [command] [options]"));
        Assert.That(result.Output, Does.Not.Contain("textgan-cli"));
        foreach (var command in Commands) Assert.That(result.Output, Does.Match($@"\n  {command} "));
        Assert.That(result.Error, Is.Empty);
    }

    [TestCaseSource(nameof(Commands))]
    public void EveryCommandHasHelp(string command)
    {
        var result = CommandRun.Of(command, "--help");
        Assert.That(result.Code, Is.Zero);
        Assert.That(result.Output, Does.Contain($"textgan {command}"));
        Assert.That(result.Error, Is.Empty);
    }

    [Test]
    public void TheVersionIsShown()
    {
        var result = CommandRun.Of("--version");
        Assert.That(result.Code, Is.Zero);
        Assert.That(result.Output, Does.Match(@"^\d+\.\d+\.\d+"));
    }

    [TestCase("A command is missing: run, validate, list, describe, schema, reference, sample, score, rank, measure, " +
        "sweep-temperature, export, submit, status, plot, report, watch, front, soup, summarize, document, doctor, init, completion.\n" +
        "See 'textgan --help'.\n")]
    [TestCase("'rnu' is not a command. Did you mean 'run'? Commands: run, validate, list, describe, schema, reference, sample, score, " +
        "rank, measure, sweep-temperature, export, submit, status, " +
        "plot, report, watch, front, soup, summarize, document, doctor, init, completion.\nSee 'textgan --help'.\n", "rnu")]
    [TestCase("'--colour' is not an option here. Options: --json, --libtorch, --help.\nSee 'textgan doctor --help'.\n",
        "doctor", "--colour")]
    [TestCase("'now' is one argument too many.\nSee 'textgan doctor --help'.\n", "doctor", "now")]
    [TestCase("Required argument 'KIND' missing for command: 'describe'.\nSee 'textgan describe --help'.\n", "describe")]
    [TestCase("Required argument missing for option: '--set'.\nSee 'textgan run --help'.\n", "run", "--set")]
    [TestCase("Cannot parse argument 'many' for option '--count' as expected type 'System.Int32'.\nSee 'textgan sample --help'.\n",
        "sample", "runs/x/1", "--count", "many")]
    public void MistakesInArgumentsGiveExitCodeTwo(string error, params string[] arguments) =>
        Assert.That(CommandRun.Of(arguments), Is.EqualTo(new CommandRun(2, "", error)));

    [Test]
    public void ControlCharactersInArgumentsAreEscaped() =>
        Assert.That(CommandRun.Of("\u001b[2J").Error, Does.StartWith("'\\u001b[2J' is not a command."));

    [Test]
    public void AtSignsAreNoResponseFiles() =>
        Assert.That(CommandRun.Of("doctor", "@missing").Error, Does.StartWith("'@missing' is one argument too many."));

    [Test]
    public void DoctorShowsWhatIsThere()
    {
        var result = CommandRun.Of("doctor");
        Assert.That(result.Code, Is.Zero, result.Output);
        Assert.That(result.Output, Does.Contain("LibTorch").And.Contain("TorchSharp").And.Contain("threads").And.Contain("cuda")
            .And.Contain("memory").And.Match($@"operations\s+{OperationMode.Description}\n"));
        Assert.That(result.Output.TrimEnd(), Does.EndWith("Everything works."));
    }
}
