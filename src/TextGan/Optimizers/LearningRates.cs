namespace TextGan.Optimizers;

/// <summary>Changes the step size of an optimiser that is at work.</summary>
public static class LearningRates
{
    /// <summary>Sets it to <paramref name="factor"/> times what the optimiser was made with.</summary>
    public static void Scale(optim.Optimizer optimizer, double factor)
    {
        foreach (var group in optimizer.ParamGroups) group.LearningRate = group.InitialLearningRate * factor;
    }
}
