using System.Diagnostics;
using TextGan.Benchmarks.Paths;
using TextGan.Learning.Credit;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Benchmarks.Discriminators;

/// <summary>Generator steps of one estimator against 1 … K of the same CNN discriminators, and what one of them costs by itself.</summary>
sealed class AdversarialCost : IDisposable
{
    readonly GeneratorStep step;
    readonly bool isRelaxed;
    readonly Tensor ids = OracleSizes.Ids(), relaxed;

    /// <param name="most">K.</param>
    /// <param name="isRelaxed">By Gumbel-softmax, else by REINFORCE with the reward of whole texts.</param>
    public AdversarialCost(int most, bool isRelaxed)
    {
        this.isRelaxed = isRelaxed;
        step = isRelaxed ? GeneratorStep.Gumbel(most) : GeneratorStep.Reinforce(new SequenceCredit(), most);
        using var scope = NewDisposeScope();
        relaxed = randn(OracleSizes.Batch, OracleSizes.Length, OracleSizes.Vocabulary).softmax(-1).MoveToOuterDisposeScope();
        relaxed.requires_grad_();
    }

    /// <summary>Seconds of a step against the first <paramref name="count"/> discriminators.</summary>
    public double Step(int count)
    {
        var begin = Stopwatch.GetTimestamp();
        step.Run(count);
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    /// <summary>
    /// Seconds of a discriminator's own: forward, and where the estimator needs it backward to the tokens. A mean over all in turn, so that
    /// none finds its weights in the cache.
    /// </summary>
    public double Own()
    {
        var begin = Stopwatch.GetTimestamp();
        foreach (var judge in step.Judges)
        {
            using var scope = NewDisposeScope();
            if (isRelaxed) autograd.grad([judge.GeneratorLoss(new TextBatch(ids, null, relaxed)).mean()], [relaxed]);
            else
                using (no_grad())
                    judge.Score(new TextBatch(ids, null));
        }
        return Stopwatch.GetElapsedTime(begin).TotalSeconds / step.Judges.Length;
    }

    public void Dispose()
    {
        step.Dispose();
        ids.Dispose();
        relaxed.Dispose();
    }
}
