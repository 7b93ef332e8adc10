using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Generators;

/// <summary>What a generator says of given texts, in one pass over all positions.</summary>
public static class TeacherForcing
{
    /// <summary>What the generator reads: the start token, then every token but the last. <paramref name="ids"/> [B,T] int64 → [B,T].</summary>
    public static Tensor Inputs(Tensor ids, int startId)
    {
        using var scope = NewDisposeScope();
        var start = full([ids.shape[0], 1], Held(startId), ScalarType.Int64, ids.device); // [B,1]
        return cat([start, ids.narrow(1, 0, ids.shape[1] - 1)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>log p(x_t | x_&lt;t) in nats of every token of <paramref name="ids"/> [B,T] → [B,T], differentiable in the parameters. Nothing is masked.</summary>
    public static Tensor LogProbabilities(Generator generator, Tensor ids, int startId)
    {
        using var scope = NewDisposeScope();
        var hidden = generator.Hidden(Inputs(ids, startId)).flatten(0, 1); // [B·T,H]
        return (-Losses(generator, hidden, ids.flatten())).view(ids.shape).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The mean of -log p(x_t | x_&lt;t) in nats over the tokens that count, a scalar, differentiable in the parameters.
    /// </summary>
    /// <param name="generator">The model.</param>
    /// <param name="ids">[B,T] int64.</param>
    /// <param name="mask">[B,T]: not 0 where a token counts. Without any such token the loss is 0.</param>
    /// <param name="startId">What stands before the first token.</param>
    public static Tensor Loss(Generator generator, Tensor ids, Tensor mask, int startId)
    {
        using var scope = NewDisposeScope();
        var hidden = generator.Hidden(Inputs(ids, startId)).flatten(0, 1); // [B·T,H]
        if (hidden.device_type != DeviceType.CPU)
        {
            // Which tokens count is not asked for: the answer would have to be waited for.
            var weights = mask.flatten().ne(Held(0)).to_type(float32); // [B·T]
            return ((Losses(generator, hidden, ids.flatten()) * weights).sum() / weights.sum().clamp_min(Held(1))).MoveToOuterDisposeScope();
        }
        // The head is most of the work: it is applied only where a token counts.
        var counted = mask.flatten().nonzero().squeeze(1); // [N]
        hidden = hidden.index_select(0, counted); // [N,H]
        var targets = ids.flatten().index_select(0, counted); // [N]
        var sum = generator.Head(hidden) is { } head && CpuCrossEntropy.Takes(head)
            ? CpuCrossEntropy.Sum(head, targets)
            : NegativeLogLikelihood(generator.Logits(hidden), targets).sum();
        return (sum / Held(Math.Max(1, counted.shape[0]))).MoveToOuterDisposeScope();
    }

    /// <summary>Hidden states [N,H] and ids [N] → -log p of each id, [N].</summary>
    static Tensor Losses(Generator generator, Tensor hidden, Tensor ids) => generator.Head(hidden) is { } head && CpuCrossEntropy.Takes(head)
        ? CpuCrossEntropy.Each(head, ids)
        : NegativeLogLikelihood(generator.Logits(hidden), ids);

    /// <summary>Logits [N,V] and ids [N] → [N].</summary>
    static Tensor NegativeLogLikelihood(Tensor logits, Tensor ids) =>
        nn.functional.cross_entropy(logits, ids, reduction: nn.Reduction.None);
}
