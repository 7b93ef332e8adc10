using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TextGan.Benchmarks.Measuring;
using TextGan.Benchmarks.Paths;

namespace TextGan.Benchmarks.Commands;

/// <summary>ratios: how many times faster each path is than a reference measurement and than plain TorchSharp, by medians.</summary>
static class RatiosCommand
{
    const string Threads = "2";

    public static Command Create()
    {
        var file = new Argument<FileInfo?>("reference.tsv") { Description = "The reference's output.", Arity = ArgumentArity.ZeroOrOne };
        var script = new Option<FileInfo?>("--reference") {
            Description = "The reference program itself (Python); it is run in turn with the paths." };
        var measured = new Option<FileInfo?>("--paths") {
            Description = "Output of the command 'paths'; without it they are measured now." };
        var python = new Option<string>("--python") {
            Description = "The interpreter for --reference.", DefaultValueFactory = _ => "/usr/bin/python3" };
        var only = PathOptions.Only();
        var repeat = PathOptions.Repeat();
        var command = new Command("ratios", "Print the table of ratios.") { file, script, measured, python, only, repeat };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(file) is null == parsed.GetValue(script) is null)
            {
                Console.Error.WriteLine("Give either the reference's output or --reference with the program that makes it.");
                return 2;
            }
            Console.WriteLine("path\tseconds\tplain\treference\tplain/this\treference/this\ttarget");
            foreach (var path in PathCatalogue.Named(parsed.GetValue(only)!))
            {
                // Measured in turn, path by path, so that what else the machine does meets both sides.
                var reference = Find(parsed.GetValue(file) is { } tsv ? File.ReadLines(tsv.FullName)
                    : RunReference(parsed.GetValue(python)!, parsed.GetValue(script)!, path.Name, parsed.GetValue(repeat)), path.Name);
                Timing[] own = parsed.GetValue(measured) is { } lines
                    ? [.. File.ReadLines(lines.FullName).Select(Timing.Parse).OfType<Timing>()]
                    : [.. Stopclock.Measure(path, parsed.GetValue(repeat), withPlain: true)];
                Console.WriteLine(Line(path, own.FirstOrDefault(timing => timing.Name == path.Name),
                    own.FirstOrDefault(timing => timing.Name == path.PlainName), reference));
            }
            return 0;
        });
        return command;
    }

    static string Line(PathPair path, Timing? fast, Timing? plain, Timing? reference) => string.Join('\t',
        path.Name, Seconds(fast), Seconds(plain), Seconds(reference), Ratio(plain, fast), Ratio(reference, fast),
            $"{path.Target.ToString(CultureInfo.InvariantCulture)}x");

    static string Seconds(Timing? timing) => timing is null ? "-" : timing.Median.ToString("F4", CultureInfo.InvariantCulture);

    static string Ratio(Timing? slow, Timing? fast) => slow is null || fast is null ? "-"
        : (slow.Median / fast.Median).ToString("F2", CultureInfo.InvariantCulture) + "x";

    static Timing? Find(IEnumerable<string> lines, string name) =>
        lines.Select(Timing.Parse).FirstOrDefault(timing => timing?.Name == name);

    static string[] RunReference(string python, FileInfo script, string name, int repeat)
    {
        var start = new ProcessStartInfo(python, [script.FullName, "--only", name, "--repeat", $"{repeat}"]) {
            RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = Threads;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n');
    }
}
