using System.CommandLine;
using TextGan.Benchmarks.Measuring;
using TextGan.Benchmarks.Paths;

namespace TextGan.Benchmarks.Commands;

/// <summary>paths: whole steps, a line each: name, median, minimum, maximum seconds.</summary>
static class PathsCommand
{
    public static Command Create()
    {
        var only = PathOptions.Only();
        var repeat = PathOptions.Repeat();
        var noPlain = PathOptions.NoPlain();
        var memory = new Option<bool>("--memory") {
            Description = "Measure the peak memory of each path, too, in a process of its own; the lines begin with '#'." };
        var precision = new Option<Precision?>("--precision") { Description = "float32, tf32 or bfloat16; not of the plain versions, but " +
            "for TF32. Default: as LibTorch has it." };
        precision.AcceptOnlyFromAmong("float32", "tf32", "bfloat16");
        var command = new Command("paths", "Time whole steps at the sizes of the synthetic-oracle protocol.") {
            only, repeat, noPlain, memory, precision, BenchmarkDevice.Option };
        command.SetAction(parsed =>
        {
            BenchmarkDevice.Use(parsed);
            using var set = parsed.GetValue(precision) is { } asked ? ModelPrecision.Use(asked) : null;
            var paths = PathCatalogue.Named(parsed.GetValue(only)!);
            foreach (var path in paths)
                foreach (var timing in Stopclock.Measure(path, parsed.GetValue(repeat), !parsed.GetValue(noPlain)))
                    Console.WriteLine(timing);
            if (!parsed.GetValue(memory)) return;
            foreach (var name in paths.SelectMany(path => parsed.GetValue(noPlain) ? [path.Name] : path.Names))
                Console.WriteLine($"# {name}\tpeak {(PeakMemory.Of(name) is { } bytes ? $"{bytes / (1024.0 * 1024):F0} MiB" : "unknown")}");
        });
        return command;
    }
}
