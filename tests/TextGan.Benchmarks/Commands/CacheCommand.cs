using System.CommandLine;
using System.Diagnostics;
using TextGan.Benchmarks.Paths;
using TextGan.Generators.Sampling;
using TorchSharp;
using static TextGan.Native.HeldScalars;

namespace TextGan.Benchmarks.Commands;

/// <summary>cache: what a token costs along a text that a transformer draws: time and managed memory of each stretch of 64.</summary>
static class CacheCommand
{
    const int Stretch = 64;

    public static Command Create()
    {
        var repeat = PathOptions.Repeat();
        var command = new Command("cache", "Time and memory of a token along a text drawn by a transformer.") { repeat };
        command.SetAction(parsed =>
        {
            torch.manual_seed(1);
            using var generator = TransformerSampling.Build();
            // the first warms up
            var runs = Enumerable.Range(0, parsed.GetValue(repeat) + 1).Select(_ => Draw(generator)).Skip(1).ToArray();
            var medians = Enumerable.Range(0, runs[0].Length)
                .Select(i => runs.Select(run => run[i].Milliseconds).Order().ElementAt(runs.Length / 2)).ToArray();
            Console.WriteLine("tokens\tms a token\tmanaged bytes a token");
            for (var i = 0; i < medians.Length; i++)
                Console.WriteLine(FormattableString.Invariant(
                    $"{i * Stretch + 1}-{(i + 1) * Stretch}\t{medians[i]:F3}\t{runs[^1][i].Bytes:F0}"));
            var half = medians.Length / 2;
            Console.WriteLine(FormattableString.Invariant($"second half / first half\t{medians[half..].Sum() / medians[..half].Sum():F2}"));
        });
        return command;
    }

    static (double Milliseconds, double Bytes)[] Draw(Generators.Generator generator)
    {
        using var gradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var state = generator.Start(TransformerSampling.Rows, TransformerSampling.Longest);
        var drawer = new TokenDrawer();
        var tokens = torch.full([TransformerSampling.Rows], Held(OracleSizes.StartId), torch.int64);
        var stretches = new (double, double)[TransformerSampling.Longest / Stretch];
        for (var i = 0; i < stretches.Length; i++)
        {
            var (begin, bytes) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            for (var t = 0; t < Stretch; t++)
            {
                using var step = torch.NewDisposeScope();
                tokens = drawer.Draw(generator, generator.Step(tokens, state), torch.rand(TransformerSampling.Rows, 1)).Tokens.squeeze(1)
                    .MoveToOuterDisposeScope();
            }
            stretches[i] = (Stopwatch.GetElapsedTime(begin).TotalMilliseconds / Stretch,
                (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)Stretch);
        }
        return stretches;
    }
}
