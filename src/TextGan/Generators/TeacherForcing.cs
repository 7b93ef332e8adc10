using TorchSharp;

namespace TextGan.Generators;

/// <summary>What a generator says of given texts, in one pass over all positions.</summary>
public static class TeacherForcing
{
    /// <summary>
    /// What the generator reads: the start token, then every token but the last. <paramref name="ids"/> [B,T] int64 → [B,T].
    /// </summary>
    public static Tensor Inputs(Tensor ids, int startId)
    {
        using var scope = NewDisposeScope();
        var start = full([ids.shape[0], 1], Held(startId), ScalarType.Int64, ids.device); // [B,1]
        return cat([start, ids.narrow(1, 0, ids.shape[1] - 1)], 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// log p(x_t | x_&lt;t) in nats of every token of <paramref name="ids"/> [B,T] → [B,T], differentiable in the parameters. Nothing is
    /// masked.
    /// </summary>
    public static Tensor LogProbabilities(Generator generator, Tensor ids, int startId)
    {
        using var scope = NewDisposeScope();
        return LogProbabilities(generator, ids, generator.Hidden(Inputs(ids, startId))).MoveToOuterDisposeScope();
    }

    /// <summary>The same of hidden states [B,T,H] that are known.</summary>
    public static Tensor LogProbabilities(Generator generator, Tensor ids, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return (-CrossEntropy.Each(generator, hidden.flatten(0, 1), ids.flatten())).view(ids.shape).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The mean of -log p(x_t | x_&lt;t) in nats over the tokens that count, a scalar, differentiable in the parameters.
    /// </summary>
    /// <param name="generator">The model.</param>
    /// <param name="ids">[B,T] int64.</param>
    /// <param name="mask">[B,T]: not 0 where a token counts. Without any such token the loss is 0.</param>
    /// <param name="startId">The token before the first one.</param>
    public static Tensor Loss(Generator generator, Tensor ids, Tensor mask, int startId)
    {
        using var scope = NewDisposeScope();
        var hidden = generator.Hidden(Inputs(ids, startId)).flatten(0, 1); // [B·T,H]
        return CrossEntropy.Mean(generator, hidden, ids.flatten(), mask.flatten()).MoveToOuterDisposeScope();
    }
}
