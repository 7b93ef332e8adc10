using TextGan.Cli.Display;
using TextGan.Runs;

namespace TextGan.Tests.Cli;

public class ResultTableTests
{
    static RunResult Result(string name, int seed, string outcome = "finished", params (string Name, double Value)[] metrics) =>
        new(name, seed, outcome, outcome == "failed" ? "NaN"
            : null, "folder", metrics.ToDictionary(metric => metric.Name, metric => metric.Value));

    [Test]
    public void ShowsMeanAndDeviationOverSeeds()
    {
        RunResult[] results =
        [
            Result("one", 1, "finished", ("bleu-2", 0.25), ("nll", 10)),
            Result("one", 2, "finished", ("bleu-2", 0.5), ("nll", 12)),
            Result("one", 3, "finished", ("bleu-2", 0.75), ("nll", 14)),
            Result("two", 1, "stopped", ("nll", 8)),
            Result("two", 2, "failed"),
        ];
        // (0.25, 0.5, 0.75) has the mean 0.5 and, dividing by n − 1 = 2, the variance 0.0625.
        Assert.That(ResultTable.Lines(results, 80), Is.EqualTo(new[]
        {
            "experiment  seeds        bleu-2           nll",
            "one             3  0.500 ±0.250  12.00 ±2.000",
            "two             1                       8.000",
        }));
        Assert.That(ResultTable.Counts(results), Is.EqualTo("3 runs finished, 1 stopped, 1 failed"));
    }

    /// <summary>Of more texts more repeat each other: what was measured on 500 is not set beside what was measured on 2,000.</summary>
    [Test]
    public void FiguresOfOtherNumbersOfSamplesStandApart()
    {
        RunResult[] results =
        [
            Result("one", 1, "finished", ("self-bleu-2", 0.25), ("novel", 0.5)) with {
                Samples = new Dictionary<string, int> { ["self-bleu-2"] = 500, ["novel"] = 500 } },
            Result("one", 2, "finished", ("self-bleu-2", 0.75), ("novel", 0.5)) with {
                Samples = new Dictionary<string, int> { ["self-bleu-2"] = 2000, ["novel"] = 2000 } },
            Result("two", 1, "finished", ("self-bleu-2", 0.5), ("novel", 0.5)) with {
                Samples = new Dictionary<string, int> { ["self-bleu-2"] = 2000, ["novel"] = 2000 } },
        ];
        Assert.That(ResultTable.Lines(results, 80), Is.EqualTo(new[]
        {
            "experiment  seeds  self-bleu-2 (500)  self-bleu-2 (2,000)     novel",
            "one             2              0.250                0.750  0.500 ±0",
            "two             1                                   0.500     0.500",
        }));
    }

    [Test]
    public void WhatCouldNotBeComputedIsSaid()
    {
        var missing = new Dictionary<string, string> { ["distinct-4"] = "no sample has 4 tokens" };
        RunResult[] results =
        [
            Result("one", 1, "finished", ("distinct-4", double.NaN)) with { Missing = missing },
            Result("one", 2, "finished", ("distinct-4", 0.5)),
            Result("two", 1, "finished", ("distinct-4", double.NaN)) with { Missing = missing },
        ];
        Assert.That(ResultTable.Lines(results, 80), Is.EqualTo(new[]
        {
            "experiment  seeds      distinct-4",
            "one             2  0.500 (1 of 2)",
            "two             1               -",
            "distinct-4 has no value in one, two: no sample has 4 tokens",
        }));
        Assert.That(FigureColumns.Lines(new Dictionary<string, double> { ["distinct-4"] = double.NaN }, 80),
            Is.EqualTo(new[] { "  distinct-4 -" }));
    }

    [Test]
    public void UnknownTokensStandBesideTheOthersWhereSomeRunHasThem()
    {
        RunResult[] none = [Result("one", 1, "finished", ("nll", 10), ("unknown", 0)),
            Result("two", 1, "finished", ("nll", 8), ("unknown", 0.0001))];
        Assert.That(ResultTable.Lines(none, 80)[0], Is.EqualTo("experiment  seeds    nll"));
        Assert.That(ResultTable.Lines([.. none, Result("five", 1, "finished", ("nll", 1), ("unknown", 0.42))], 80), Is.EqualTo(new[]
        {
            "experiment  seeds    nll  unknown",
            "one             1  10.00        0",
            "two             1  8.000  1.0e-04",
            "five            1  1.000    0.420",
        }));
        Assert.That(ResultTable.Lines([Result("one", 1, "finished", ("unknown", 0))], 80), Is.Empty);
    }

    [Test]
    public void IsEmptyWithoutFigures()
    {
        Assert.That(ResultTable.Lines([Result("one", 1, "failed")], 80), Is.Empty);
        Assert.That(ResultTable.Counts([Result("one", 1, "failed")]), Is.EqualTo("1 run failed"));
        Assert.That(ResultTable.Counts([]), Is.EqualTo("0 runs finished"));
    }
}
