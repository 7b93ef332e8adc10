using TextGan.Cli;
using TextGan.Cli.Commands;

namespace TextGan.Tests.Cli;

/// <summary>A command run within the test's process, and what came of it.</summary>
sealed record CommandRun(int Code, string Output, string Error)
{
    public static CommandRun Of(params string[] arguments) => In(Environment.CurrentDirectory, null, arguments);

    public static CommandRun In(string folder, RunStarter? start, params string[] arguments) => With(folder, start, _ => null, arguments);

    public static CommandRun With(string folder, RunStarter? start, Func<string, string?> variable, params string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var terminal = new Terminal(output, error, new ManualTime(), folder) { Variable = variable, Input = () => Stream.Null };
        var code = Application.Run(arguments, terminal, start);
        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
