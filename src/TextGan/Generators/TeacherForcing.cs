using static TorchSharp.torch;

namespace TextGan.Generators;

/// <summary>What a generator says of given texts, in one pass over all positions.</summary>
public static class TeacherForcing
{
    /// <summary>What the generator reads: the start token, then every token but the last. <paramref name="ids"/> [B,T] int64 → [B,T].</summary>
    public static Tensor Inputs(Tensor ids, int startId)
    {
        using var scope = NewDisposeScope();
        var start = full([ids.shape[0], 1], startId, ScalarType.Int64, ids.device); // [B,1]
        return cat([start, ids.narrow(1, 0, ids.shape[1] - 1)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>log p(x_t | x_&lt;t) in nats of every token of <paramref name="ids"/> [B,T] → [B,T], differentiable in the parameters. Nothing is masked.</summary>
    public static Tensor LogProbabilities(Generator generator, Tensor ids, int startId)
    {
        using var scope = NewDisposeScope();
        if (!is_grad_enabled() && generator.Head(generator.Hidden(Inputs(ids, startId)).flatten(0, 1)) is { } head && CpuCrossEntropy.Takes(head))
            return (-CpuCrossEntropy.Each(head, ids.flatten())).view(ids.shape).MoveToOuterDisposeScope();
        var logits = generator.call(Inputs(ids, startId)); // [B,T,V]
        return (-NegativeLogLikelihood(logits.flatten(0, 1), ids.flatten())).view(ids.shape).MoveToOuterDisposeScope();
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
        // The head is most of the work: it is applied only where a token counts.
        var counted = mask.flatten().nonzero().squeeze(1); // [N]
        var hidden = generator.Hidden(Inputs(ids, startId)).flatten(0, 1).index_select(0, counted); // [N,H]
        var targets = ids.flatten().index_select(0, counted); // [N]
        var sum = generator.Head(hidden) is { } head && CpuCrossEntropy.Takes(head)
            ? CpuCrossEntropy.Sum(head, targets)
            : NegativeLogLikelihood(generator.Logits(hidden), targets).sum();
        return (sum / Math.Max(1, counted.shape[0])).MoveToOuterDisposeScope();
    }

    /// <summary>Logits [N,V] and ids [N] → [N].</summary>
    static Tensor NegativeLogLikelihood(Tensor logits, Tensor ids) =>
        nn.functional.cross_entropy(logits, ids, reduction: nn.Reduction.None);
}
