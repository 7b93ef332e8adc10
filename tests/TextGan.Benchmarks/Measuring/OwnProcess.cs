using System.Diagnostics;

namespace TextGan.Benchmarks.Measuring;

/// <summary>Another process of this program, whether it was started by its own name or through 'dotnet'.</summary>
static class OwnProcess
{
    /// <summary>Runs a command of this program to its end and gives what it wrote, or null where it failed.</summary>
    public static string? Run(params IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath!;
        IEnumerable<string> dll = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(OwnProcess).Assembly.Location] : [];
        using var process = Process.Start(
            new ProcessStartInfo(program, [.. dll, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        errors.Wait();
        return process.ExitCode == 0 ? output : null;
    }
}
