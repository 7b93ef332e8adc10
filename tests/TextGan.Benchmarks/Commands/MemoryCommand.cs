using System.CommandLine;
using TextGan.Benchmarks.Measuring;

namespace TextGan.Benchmarks.Commands;

/// <summary>memory-of: the peak memory of one path in bytes; 'paths --memory' runs it in a process of its own.</summary>
static class MemoryCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("path");
        var command = new Command(PeakMemory.Command, "Print the bytes by which this process rises while a path runs.") { name };
        command.SetAction(parsed => Console.WriteLine(PeakMemory.OfThisProcess(parsed.GetValue(name)!)));
        return command;
    }
}
