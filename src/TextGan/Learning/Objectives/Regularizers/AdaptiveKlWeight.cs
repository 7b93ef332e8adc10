namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>
/// The proportional controller of the KL's weight (Ziegler et al., 1909.08593, section 2.2): after each batch of B texts
/// β ← β (1 + clip(KL/target - 1, -0.2, 0.2) · B/horizon).
/// </summary>
/// <param name="weights">The combiner's weights, in which that of the term "kl" changes.</param>
/// <param name="target">Nats per text.</param>
/// <param name="horizon">In texts.</param>
public sealed class AdaptiveKlWeight(IDictionary<string, double> weights, double target, double horizon) : IStateful
{
    const double LargestError = 0.2;

    /// <summary>The weight of the next step.</summary>
    public double Weight
    {
        get => weights[KlRegularizer.TermName];
        private set => weights[KlRegularizer.TermName] = value;
    }

    /// <summary>Learns from a batch's KL; one that is not finite changes nothing.</summary>
    /// <param name="perText">The mean KL of whole texts, in nats.</param>
    /// <param name="texts">B.</param>
    public void Update(double perText, int texts)
    {
        if (!double.IsFinite(perText)) return;
        Weight *= 1 + Math.Clamp(perText / target - 1, -LargestError, LargestError) * texts / horizon;
    }

    public void Save(StateBag bag) => bag.Put("weight", Weight);

    public void Load(StateBag bag) => Weight = bag.GetDouble("weight");
}
