using System.CommandLine;
using System.Reflection;
using TextGan.Benchmarks.NativeCalls;
using TextGan.Benchmarks.Paths;

namespace TextGan.Benchmarks.Commands;

/// <summary>calls: the native calls of a step, a line each: name, calls up to the backward pass, calls after it.</summary>
static class CallsCommand
{
    /// <summary>What it cannot count, for whoever reads the table.</summary>
    const string Note = "# What the backward pass calls is not in it: LibTorch does that by itself. Views are counted, bookkeeping (shapes,"
        + " freed handles) is not.\n# With TEXTGAN_OPERATIONS=tensors these are the calls that a step makes on an accelerator, except where"
        + " an operation takes another way there.";

    public static Command Create()
    {
        var only = PathOptions.Only();
        var noPlain = PathOptions.NoPlain();
        var functions = new Option<bool>("--functions") { Description = "Say which functions, and how often; the lines begin with '#'." };
        var command = new Command("calls", "Count the native calls of whole steps.") { only, noPlain, functions };
        command.SetAction(parsed =>
        {
            Console.WriteLine(Note);
            Console.WriteLine("path\tforward\tafter backward");
            var run = new CountingContext().Of(typeof(CountedPath)).GetMethod(nameof(CountedPath.Run))!
                .CreateDelegate<Func<string, string[]>>();
            foreach (var name in PathCatalogue.Named(parsed.GetValue(only)!)
                .SelectMany(path => parsed.GetValue(noPlain) ? [path.Name] : path.Names))
            {
                var calls = run(name);
                var backward = Array.FindLastIndex(calls, function => function is "THSTensor_backward" or "THSAutograd_grad");
                Console.WriteLine($"{name}\t{(backward < 0 ? calls.Length : backward)}\t"
                    + $"{(backward < 0 ? 0 : calls.Length - backward - 1)}");
                if (!parsed.GetValue(functions)) continue;
                foreach (var (function, count) in calls.CountBy(function => function).OrderByDescending(pair => pair.Value))
                    Console.WriteLine($"# {function}\t{count}");
            }
        });
        return command;
    }
}
