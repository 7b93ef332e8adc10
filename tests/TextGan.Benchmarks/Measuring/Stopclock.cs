using System.Diagnostics;
using TextGan.Benchmarks.Paths;
using TorchSharp;

namespace TextGan.Benchmarks.Measuring;

/// <summary>Times paths. The fast and the plain one of a pair take turns, so that a disturbance of the machine meets both.</summary>
static class Stopclock
{
    const int WarmUpRuns = 3;
    const double WarmUpSeconds = 0.7; // the compiler's last tier comes after some tenths of a second

    public static IEnumerable<Timing> Measure(PathPair pair, int repeat, bool withPlain)
    {
        List<double> fastSeconds = [], plainSeconds = [];
        torch.manual_seed(1);
        using (var fast = pair.Fast())
        using (var plain = withPlain ? pair.Plain?.Invoke() : null)
        {
            WarmUp(fast);
            if (plain is not null && !pair.PlainTakesLong) WarmUp(plain);
            for (var i = 0; i < repeat; i++)
            {
                fastSeconds.Add(Time(fast));
                if (plain is not null && (i == 0 || !pair.PlainTakesLong)) plainSeconds.Add(Time(plain));
            }
        }
        yield return Timing.Of(pair.Name, fastSeconds);
        if (withPlain && pair.Plain is not null) yield return Timing.Of(pair.PlainName, plainSeconds);
    }

    static void WarmUp(IBenchmarkPath path)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var run = 0; run < WarmUpRuns || Stopwatch.GetElapsedTime(begin).TotalSeconds < WarmUpSeconds; run++) path.Run();
        BenchmarkDevice.Finish();
    }

    static double Time(IBenchmarkPath path)
    {
        var begin = Stopwatch.GetTimestamp();
        path.Run();
        BenchmarkDevice.Finish();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
