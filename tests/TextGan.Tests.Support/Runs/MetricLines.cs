namespace TextGan.Tests.Runs;

static class MetricLines
{
    /// <summary>The line without what the clock decides.</summary>
    public static MetricLine WithoutTimes(this MetricLine line) => line with
    {
        Seconds = 0, ProcessorSeconds = null, Values = line.Values.Where(value => value.Key != "tokensPerSecond").ToDictionary(),
    };
}
