namespace TextGan.Generators;

/// <summary>
/// A generator with a manager, which sets goals, and a worker, which draws tokens to reach them: a goal is a direction in a space of
/// features of the text so far (FeUdal networks, 1703.01161; LeakGAN, 1709.08624). The likelihood of tokens teaches the worker alone, what
/// is here the manager alone.
/// </summary>
public interface IGoalDirected
{
    /// <summary>
    /// [B,T]: cos(f_{t+c} - f_t, g_t), how far the next c tokens went where the goal before the token at t pointed (1709.08624, the
    /// manager's gradient), differentiable in the manager. Where a text has fewer tokens left, to its end; any number after that.
    /// </summary>
    /// <param name="ids">[B,T] int64.</param>
    /// <param name="mask">[B,T]: 1 up to and including the end.</param>
    Tensor Progress(Tensor ids, Tensor mask);

    /// <summary>
    /// [B,T], without a gradient: the intrinsic reward of the token at t, the mean over the goals that led to it, at most c, of the cosine
    /// between the goal and what the features did since (1709.08624, the worker's reward): (1/c) Σ_i cos(f_{t+1} - f_{t+1-i}, g_{t+1-i}).
    /// </summary>
    /// <param name="ids">[B,T] int64.</param>
    Tensor IntrinsicRewards(Tensor ids);
}

/// <summary>What the manager of a generator learns from real texts.</summary>
public static class GoalLoss
{
    /// <summary>
    /// Minus the mean progress over the tokens that count, a scalar with a gradient for the manager alone; null where the generator has no
    /// manager.
    /// </summary>
    /// <param name="generator">The generator.</param>
    /// <param name="texts">Real texts.</param>
    public static Tensor? OfReal(Generator generator, TextBatch texts)
    {
        if (generator is not IGoalDirected goals) return null;
        using var scope = NewDisposeScope();
        var progress = goals.Progress(texts.Ids, texts.Mask) * texts.Response; // [B,T]
        return (-progress.sum() / texts.Response.sum().clamp_min(Held(1))).MoveToOuterDisposeScope();
    }
}
