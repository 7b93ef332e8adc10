using TextGan.Operations.Cpu;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// A step of Adam (Kingma and Ba, 1412.6980) with decoupled weight decay (AdamW, 1711.05101): m ← β₁m + (1-β₁)g, v ← β₂v + (1-β₂)g²,
/// θ ← (1 - αλ)θ - α/(1-β₁ᵗ) · m / (√v/√(1-β₂ᵗ) + ε).
/// </summary>
public static class AdamStep
{
    /// <summary>Takes the step for all parameters.</summary>
    public static void Take(IReadOnlyList<AdamUpdate> updates)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        if (updates.All(AdamLoop.Supports)) AdamLoop.Take(updates);
        else foreach (var update in updates) ByTensors(update);
    }

    /// <summary>The operations of TorchSharp's AdamW, to the bit.</summary>
    static void ByTensors(AdamUpdate update)
    {
        update.Parameter.mul_(Held(1 - update.LearningRate * update.WeightDecay));
        update.Mean.mul_(Held(update.Beta1)).add_(update.Gradient, Held(1 - update.Beta1));
        update.Square.mul_(Held(update.Beta2)).addcmul_(update.Gradient, update.Gradient, Held(1 - update.Beta2));
        var squares = update.LargestSquare is { } largest ? largest.copy_(maximum(largest, update.Square)) : update.Square;
        var deviation = (squares.sqrt() / Held(Math.Sqrt(1 - Math.Pow(update.Beta2, update.Step)))).AddInPlace(update.Epsilon);
        update.Parameter.addcdiv_(update.Mean, deviation, Held(-update.LearningRate / (1 - Math.Pow(update.Beta1, update.Step))));
    }
}
