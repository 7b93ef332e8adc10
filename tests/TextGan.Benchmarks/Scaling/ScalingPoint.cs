using System.Diagnostics;
using System.Globalization;
using TextGan.Benchmarks.Measuring;

namespace TextGan.Benchmarks.Scaling;

/// <summary>
/// A path at some sizes: seconds a step (median) and the bytes by which its process rose. Measured in a process of its own.
/// </summary>
sealed record ScalingPoint(string Path, ScalingSizes Sizes, double Seconds, double Bytes)
{
    /// <summary>The command that measures one point.</summary>
    public const string Command = "scaling-point";

    const int LeastRuns = 3, MostRuns = 9;
    const double EnoughSeconds = 2;

    /// <summary>
    /// Runs before those that count, unless a few seconds are over first: so often the runtime calls a method before it compiles it well.
    /// </summary>
    const int WarmUpRuns = 60;
    const double WarmUpSeconds = 3;

    /// <summary>Null where the process failed, as it does when memory ends.</summary>
    public static ScalingPoint? Measure(string path, ScalingSizes sizes)
    {
        if (OwnProcess.Run([Command, path, .. sizes.ToString().Split(' ')])?.Split('\t') is not { Length: 2 } output) return null;
        return new ScalingPoint(path, sizes, double.Parse(output[0], CultureInfo.InvariantCulture),
            double.Parse(output[1], CultureInfo.InvariantCulture));
    }

    /// <summary>In this process.</summary>
    public static ScalingPoint OfThisProcess(string path, ScalingSizes sizes)
    {
        TorchSharp.torch.manual_seed(1);
        var before = Kilobytes("VmRSS:");
        using var built = ScalingPaths.Build(path, sizes);
        var begin = Stopwatch.GetTimestamp();
        for (var run = 0; run == 0 || (run < WarmUpRuns && Stopwatch.GetElapsedTime(begin).TotalSeconds < WarmUpSeconds); run++) built.Run(
            );
        begin = Stopwatch.GetTimestamp();
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
