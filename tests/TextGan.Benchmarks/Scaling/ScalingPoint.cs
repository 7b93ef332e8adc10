using System.Diagnostics;
using System.Globalization;

namespace TextGan.Benchmarks.Scaling;

/// <summary>A path at some sizes: seconds a step (median) and the bytes by which its process rose. Measured in a process of its own.</summary>
sealed record ScalingPoint(string Path, ScalingSizes Sizes, double Seconds, double Bytes)
{
    /// <summary>The command that measures one point.</summary>
    public const string Command = "scaling-point";

    const int LeastRuns = 3, MostRuns = 9;
    const double EnoughSeconds = 2;

    /// <summary>Null where the process failed, as it does when memory ends.</summary>
    public static ScalingPoint? Measure(string path, ScalingSizes sizes)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Command, path, .. sizes.ToString().Split(' ')]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd().Trim().Split('\t');
        process.WaitForExit();
        errors.Wait();
        if (process.ExitCode != 0 || output.Length != 2) return null;
        return new ScalingPoint(path, sizes, double.Parse(output[0], CultureInfo.InvariantCulture), double.Parse(output[1], CultureInfo.InvariantCulture));
    }

    /// <summary>In this process.</summary>
    public static ScalingPoint OfThisProcess(string path, ScalingSizes sizes)
    {
        TorchSharp.torch.manual_seed(1);
        var before = Kilobytes("VmRSS:");
        using var built = ScalingPaths.Build(path, sizes);
        built.Run();
        var begin = Stopwatch.GetTimestamp();
        var seconds = new List<double>();
        while (seconds.Count < LeastRuns || (seconds.Count < MostRuns && Stopwatch.GetElapsedTime(begin).TotalSeconds < EnoughSeconds))
        {
            var start = Stopwatch.GetTimestamp();
            built.Run();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return new ScalingPoint(path, sizes, seconds.Order().ElementAt(seconds.Count / 2), (Kilobytes("VmHWM:") - before) * 1024);
    }

    static double Kilobytes(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture);
    }
}
