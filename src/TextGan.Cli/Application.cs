using System.CommandLine.Invocation;
using TextGan.Cli.Commands;
using TextGan.Native;
using TextGan.Operations;

namespace TextGan.Cli;

/// <summary>The command line: parses arguments, runs a command and turns whatever goes wrong into a sentence and an exit code.</summary>
public static class Application
{
    const string TraceVariable = "TEXTGAN_TRACE";

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">The words after the program's name.</param>
    /// <param name="terminal">What it writes to.</param>
    /// <param name="start">What runs experiments; null means the library's runner.</param>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal, RunStarter? start = null)
    {
        try
        {
            if (OperationMode.Problem is { } problem) throw new InvalidInputException(OperationMode.Variable, problem);
            return Invoke(CommandTree.Create(terminal, start), arguments, terminal);
        }
        catch (InvalidInputException exception)
        {
            foreach (var problem in exception.Problems) terminal.WriteError(SafeText.Lines(problem.ToString()));
            return ExitCode.BadInput;
        }
        catch (StoppedException exception)
        {
            return exception.ExitCode;
        }
        catch (RunFailedException exception)
        {
            terminal.WriteError(SafeText.Lines(exception.Message));
            Trace(exception, terminal);
            return ExitCode.Failure;
        }
        catch (Exception exception) when (PluginFault.Describe(exception) is { } fault)
        {
            terminal.WriteError(SafeText.Line(fault + "."));
            Trace(exception, terminal);
            return ExitCode.Failure;
        }
        catch (Exception exception)
        {
            Report(exception, terminal);
            return ExitCode.Failure;
        }
    }

    /// <summary>One line for something unexpected, and the whole of it for who asks.</summary>
    public static void Report(Exception exception, Terminal terminal)
    {
        var cause = exception;
        while (cause is TypeInitializationException or AggregateException or System.Reflection.TargetInvocationException
            && cause.InnerException is { } inner) cause = inner;
        terminal.WriteError($"Unexpected {cause.GetType().Name}: {SafeText.Line(cause.Message)}");
        if (!Trace(exception, terminal)) terminal.WriteError($"Set {TraceVariable}=1 to see where it came from.");
    }

    static bool Trace(Exception exception, Terminal terminal)
    {
        if (terminal.Variable(TraceVariable) is null or "" or "0") return false;
        terminal.WriteError(SafeText.Lines(exception.ToString()));
        return true;
    }

    static int Invoke(RootCommand root, IReadOnlyList<string> arguments, Terminal terminal)
    {
        // Response files (@file) are off: a prompt may begin with "@".
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // StopSignals does this
        };
        if (parsed.Action is not ParseErrorAction)
        {
            var invoked = parsed.CommandResult.Command;
            if (parsed.Action == invoked.Action && CommandTree.Computes(invoked)) ChooseLibTorch(parsed, terminal); // else help
            return parsed.Invoke(configuration);
        }

        foreach (var message in Complaints(parsed)) terminal.WriteError(SafeText.Line(message));
        var command = parsed.CommandResult.Command;
        var name = command is RootCommand ? CommandTree.Name : $"{CommandTree.Name} {command.Name}";
        terminal.WriteError($"See '{name} --help'.");
        return ExitCode.BadInput;
    }

    /// <exception cref="InvalidInputException">LibTorch is missing, or the one that was asked for cannot be used.</exception>
    static void ChooseLibTorch(ParseResult parsed, Terminal terminal)
    {
        var (given, variable) = (parsed.GetValue(CommandTree.LibTorchFolder), terminal.Variable(LibTorch.Variable));
        if (LibTorch.Use(given ?? variable) is { } problem)
            throw new InvalidInputException(given is null && variable is { Length: > 0 } ? LibTorch.Variable : "--libtorch", problem);
    }

    /// <summary>What is wrong with the arguments; words that are no command or option come with those that are.</summary>
    static IEnumerable<string> Complaints(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        foreach (var token in parsed.UnmatchedTokens)
        {
            var option = token.StartsWith('-');
            var names = option
                ? command.Options.Select(one => one.Name).Append("--libtorch").Append("--help").Distinct().ToList() 
                : [.. command.Subcommands.Select(child => child.Name)];
            if (names.Count == 0) yield return $"'{token}' is one argument too many.";
            else yield return $"'{token}' is {(option ? "not an option here" : "not a command")}.{NearestMatch.Hint(token, names)} " +
                $"{(option ? "Options" : "Commands")}: {string.Join(", ", names)}.";
        }
        if (parsed.UnmatchedTokens.Count > 0) yield break;
        foreach (var error in parsed.Errors)
        {
            yield return command.Subcommands.Count > 0 && parsed.Errors.Count == 1
                ? $"A command is missing: {string.Join(", ", command.Subcommands.Select(child => child.Name))}."
                : error.Message;
        }
    }
}
