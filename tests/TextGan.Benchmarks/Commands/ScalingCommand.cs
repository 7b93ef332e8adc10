using System.CommandLine;
using TextGan.Benchmarks.Scaling;

namespace TextGan.Benchmarks.Commands;

/// <summary>scaling: time and memory of a step over V, T, B and H, written as a document.</summary>
static class ScalingCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo>("--output") {
            Description = "The document.", DefaultValueFactory = _ => new FileInfo("docs/scaling.md") };
        var command = new Command("scaling", "Measure how the cost of a step grows with vocabulary, length, batch and width.") { output };
        command.SetAction(parsed =>
        {
            var memory = (double)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            var file = parsed.GetValue(output)!;
            file.Directory!.Create();
            var points = new Dictionary<(string Path, ScalingSizes Sizes), ScalingPoint?>();
            foreach (var sizes in ScalingSizes.All)
                foreach (var path in ScalingPaths.Names)
                {
                    // A process that the system kills for its memory may take others with it: what cannot fit is not tried.
                    var fits = ScalingPaths.BytesPerTableNumber(path) * sizes.Table < memory;
                    var point = points[(path, sizes)] = fits ? ScalingPoint.Measure(path, sizes) : null;
                    Console.WriteLine(point is null ? $"{path}\t{sizes}\t{(fits ? "failed" : "does not fit")}"
                        : FormattableString.Invariant($"{path}\t{sizes}\t{point.Seconds:F4}\t{point.Bytes / (1024 * 1024):F0} MiB"));
                    File.WriteAllText(file.FullName, ScalingReport.Of(points, memory)); // at each point: it takes long, and may be ended
                }
            return 0;
        });
        return command;
    }

    /// <summary>One point; 'scaling' runs it in a process of its own.</summary>
    public static Command CreatePoint()
    {
        var path = new Argument<string>("path");
        var sizes = new Argument<int[]>("V T B H") { Arity = new ArgumentArity(4, 4) };
        var command = new Command(ScalingPoint.Command, "Print seconds a step and bytes of one path at some sizes.") { path, sizes };
        command.SetAction(parsed =>
        {
            var numbers = parsed.GetValue(sizes)!;
            var point = ScalingPoint.OfThisProcess(
                parsed.GetValue(path)!, new ScalingSizes(numbers[0], numbers[1], numbers[2], numbers[3]));
            Console.WriteLine(FormattableString.Invariant($"{point.Seconds:R}\t{point.Bytes:R}"));
        });
        return command;
    }
}
