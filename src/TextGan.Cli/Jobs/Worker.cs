using System.Diagnostics;
using System.Runtime.InteropServices;
using TextGan.Cli.Commands;

namespace TextGan.Cli.Jobs;

/// <summary>
/// A process that makes one run for another one, which it tells all that happens. It ends with that one, however that ends: its standard
/// input is a pipe that is closed then.
/// </summary>
public static class Worker
{
    /// <summary>The line that asks for a clean end.</summary>
    public const string Stop = "stop";

    public static void Run(RunnerOptions options, IReadOnlyList<LoadedExperiment> experiments, TimeProvider clock)
    {
        using var pipe = new StreamWriter(Console.OpenStandardOutput());
        Console.SetOut(Console.Error); // what a plug-in prints
        var stop = new CancellationTokenSource(); // not disposed of: Listen may use it until the process ends
        // A terminal sends Ctrl+C to this process, too; the other one decides what it means.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        new Thread(() => Listen(stop)) { IsBackground = true }.Start();
        var sink = new PipeSink(pipe, clock);
        foreach (var result in Results(options, experiments, sink, stop.Token)) sink.End(result);
    }

    static IReadOnlyList<RunResult> Results(
        RunnerOptions options, IReadOnlyList<LoadedExperiment> experiments, PipeSink sink, CancellationToken stop)
    {
        try
        {
            return RunCommand.Start(options, sink, experiments, stop);
        }
        catch (Exception failure) when (failure is InvalidInputException or RunFailedException)
        {
            return [RunResult.Failed(options.Only!, Path.Combine(options.RunsFolder, options.Only!.Path), failure)];
        }
    }

    static void Listen(CancellationTokenSource stop)
    {
        while (Console.In.ReadLine() is { } line)
            if (line == Stop) stop.Cancel();
        Process.GetCurrentProcess().Kill();
    }
}
