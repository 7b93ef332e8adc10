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
        else foreach (var update in updates.GroupBy(Settings).SelectMany(alike => Joined([.. alike]))) ByTensors(update);
    }

    /// <summary>All but the tensors, and whether there is a largest square.</summary>
    static (AdamUpdate, bool) Settings(AdamUpdate update) => (
        update with { Parameter = null!, Gradient = null!, Mean = null!, Square = null!, LargestSquare = null },
        update.LargestSquare is not null);

    /// <summary>Of updates with the same settings, those whose tensors lie one after another become one.</summary>
    static IEnumerable<AdamUpdate> Joined(AdamUpdate[] updates) =>
        AdjacentTensors.Join([.. updates.Select(Tensors)]).Select(joined => updates[0] with
        {
            Parameter = joined[0], Gradient = joined[1], Mean = joined[2], Square = joined[3],
            LargestSquare = joined.Length > 4 ? joined[4] : null,
        });

    static Tensor[] Tensors(AdamUpdate update) => update.LargestSquare is { } largest
        ? [update.Parameter, update.Gradient, update.Mean, update.Square, largest]
        : [update.Parameter, update.Gradient, update.Mean, update.Square];

    /// <summary>The operations of TorchSharp's AdamW, to the bit.</summary>
    static void ByTensors(AdamUpdate update)
    {
        if (update.WeightDecay != 0) update.Parameter.mul_(Held(1 - update.LearningRate * update.WeightDecay));
        update.Mean.mul_(Held(update.Beta1)).add_(update.Gradient, Held(1 - update.Beta1));
        update.Square.mul_(Held(update.Beta2)).addcmul_(update.Gradient, update.Gradient, Held(1 - update.Beta2));
        var squares = update.LargestSquare is { } largest ? largest.copy_(maximum(largest, update.Square)) : update.Square;
        var deviation = (squares.sqrt() / Held(Math.Sqrt(1 - Math.Pow(update.Beta2, update.Step)))).AddInPlace(update.Epsilon);
        update.Parameter.addcdiv_(update.Mean, deviation, Held(-update.LearningRate / (1 - Math.Pow(update.Beta1, update.Step))));
    }
}
