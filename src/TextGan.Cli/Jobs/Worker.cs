using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using TextGan.Runs.Events;
using TextGan.Storage;

namespace TextGan.Cli.Jobs;

/// <summary>
/// A process that trains runs for another one, one after another, and tells it all that happens. It ends with that one, however that ends:
/// its standard input is a pipe that is closed then. Data that its runs have in common are read once.
/// </summary>
public static class Worker
{
    /// <summary>The line that asks for a clean end of the run under way.</summary>
    public const string Stop = "stop";

    /// <summary>The line that says that no further run comes.</summary>
    public const string End = "end";

    /// <param name="options">Where runs lie.</param>
    /// <param name="experiments">All experiments of the command.</param>
    /// <param name="first">The first run; others come as lines.</param>
    /// <param name="clock">The time.</param>
    public static void Run(RunnerOptions options, IReadOnlyList<LoadedExperiment> experiments, WorkerOrder first, TimeProvider clock)
    {
        using var pipe = new StreamWriter(Console.OpenStandardOutput());
        Console.SetOut(Console.Error); // what a plug-in prints
        // Neither is disposed of: Listen may use them until the process ends.
        var (stop, orders) = (new CancellationTokenSource(), new BlockingCollection<WorkerOrder> { first });
        // A terminal sends Ctrl+C to this process, too; the other one decides what it means.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        new Thread(() => Listen(orders, stop)) { IsBackground = true }.Start();
        var sink = new PipeSink(pipe, clock);
        using var materials = new SharedMaterials(null, new ContentHashes(null, sink.Say), sink.Say, sink.Warn, options.RunsFolder);
        foreach (var order in orders.GetConsumingEnumerable())
        {
            var its = options with { Only = order.Run, Configuration = order.Configuration, Command = order.Command };
            sink.End(ResultOf(its, experiments, new ExperimentRunner(its, sink, materials), stop.Token));
            if (stop.IsCancellationRequested) break;
        }
    }

    static RunResult ResultOf(
        RunnerOptions options, IReadOnlyList<LoadedExperiment> experiments, ExperimentRunner runner, CancellationToken stop)
    {
        var folder = Path.Combine(options.RunsFolder, options.Only!.Path);
        try
        {
            return runner.Run(experiments, stop) is [var result] ? result : RunResult.Stopped(options.Only, folder);
        }
        catch (Exception failure) when (failure is InvalidInputException or RunFailedException)
        {
            return RunResult.Failed(options.Only, folder, failure);
        }
    }

    static void Listen(BlockingCollection<WorkerOrder> orders, CancellationTokenSource stop)
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line == Stop) stop.Cancel();
            else if (line == End) orders.CompleteAdding();
            else orders.Add(WorkerOrder.Parse(line));
        }
        Process.GetCurrentProcess().Kill();
    }
}
