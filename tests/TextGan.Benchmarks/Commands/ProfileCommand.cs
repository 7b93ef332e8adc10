using System.CommandLine;
using System.Diagnostics;
using TextGan.Benchmarks.NativeCalls;
using TextGan.Benchmarks.Paths;
using TorchSharp;

namespace TextGan.Benchmarks.Commands;

/// <summary>
/// profile: runs one path over and over, for a profiler to look at, and prints how long a run takes by the clock and in
/// processor time, which other work on the machine disturbs less.
/// </summary>
static class ProfileCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("path") { Description = "A path, or a path with '_plain' behind its name." };
        var seconds = new Option<double>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 5 };
        var command = new Command("profile", "Run one path over and over, for a profiler.") {
            name, seconds, BenchmarkDevice.Option };
        command.SetAction(parsed =>
        {
            BenchmarkDevice.Use(parsed);
            torch.manual_seed(1);
            using var path = PathCatalogue.Build(parsed.GetValue(name)!);
            for (var run = 0; run < 5; run++) path.Run();
            var launches = KernelLaunches.Count;
            var (begin, used, runs) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, 0);
            for (; runs == 0 || Stopwatch.GetElapsedTime(begin).TotalSeconds < parsed.GetValue(seconds); runs++) path.Run();
            BenchmarkDevice.Finish();
            var (elapsed, processor) = (Stopwatch.GetElapsedTime(begin), Environment.CpuUsage.TotalTime - used);
            Console.WriteLine(FormattableString.Invariant($"{elapsed.TotalMilliseconds / runs:F2} ms by the clock, ") +
                FormattableString.Invariant($"{processor.TotalMilliseconds / runs:F2} ms of processor time a run, {runs} runs"));
            if (launches is { } before)
                Console.WriteLine(
                    FormattableString.Invariant($"{(KernelLaunches.Count - before) / (double)runs:F1} kernel launches a run"));
        });
        return command;
    }
}
