using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// What <see cref="TokenDrawer"/> does, for logits in main memory: one pass over a row while it is in the cache, where tensor operations
/// write and read tables of B·V numbers three times, and selection where they sort.
/// </summary>
static unsafe class RowDrawer
{
    /// <summary>So many logits are worth a thread.</summary>
    const long Grain = 1 << 15;

    /// <summary>Logits [B,V], uniform numbers [B,N] → tokens and log-probabilities [B,N].</summary>
    public static DrawnTokens Draw(Tensor logits, Tensor uniform, double temperature, int topK, double topP)
    {
        using var scope = NewDisposeScope();
        logits = logits.contiguous();
        uniform = uniform.contiguous();
        var (rows, draws, vocabulary) = ((int)uniform.shape[0], (int)uniform.shape[1], (int)logits.shape[1]);
        var tokens = empty([rows, draws], ScalarType.Int64);
        var logProbabilities = zeros([rows, draws], ScalarType.Float32);
        fixed (byte* x = logits.bytes, u = uniform.bytes, t = tokens.bytes, l = logProbabilities.bytes)
        {
            var (source, numbers, target, log) = ((nint)x, (nint)u, (nint)t, (nint)l);
            void Rows(int begin, int end)
            {
                var distribution = temperature > 0 ? new RowDistribution(vocabulary) : null;
                for (var row = begin; row < end; row++)
                    DrawRow(distribution, new((float*)source + (long)row * vocabulary, vocabulary),
                        new((float*)numbers + (long)row * draws, draws),
                        new((long*)target + (long)row * draws, draws), new((float*)log + (long)row * draws, draws), temperature, topK,
                            topP);
            }

            CpuLoop.Share(rows, logits.numel(), Rows, Grain);
        }
        return new DrawnTokens(tokens.MoveToOuterDisposeScope(), logProbabilities.MoveToOuterDisposeScope());
    }

    static void DrawRow(RowDistribution? distribution, ReadOnlySpan<float> logits, ReadOnlySpan<float> uniform, Span<long> tokens,
        Span<float> log,
        double temperature, int topK, double topP)
    {
        if (distribution is null) // greedy: log-probability 0
        {
            tokens.Fill(RowDistribution.IndexOfLargest(logits));
            return;
        }
        distribution.Load(logits, (float)temperature);
        if (topK > 0 && topK < logits.Length) distribution.KeepTop(topK);
        if (topP < 1) distribution.KeepNucleus(topP);
        for (var draw = 0; draw < tokens.Length; draw++)
        {
            var token = distribution.Draw(uniform[draw]);
            tokens[draw] = token;
            log[draw] = distribution.LogProbability(token);
        }
    }
}
