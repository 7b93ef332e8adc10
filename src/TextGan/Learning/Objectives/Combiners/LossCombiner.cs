namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// A combiner that weighs the discriminators by their generator losses on the rollout (<see cref="Term.Loss"/>), under every update rule:
/// a discriminator has its configured weight times a factor. Regularisers, and a KL in the reward, keep their configured weights. A
/// discriminator of weight 0 is left out. The factors are those of the rollout's first pass, and hold for its other passes.
/// </summary>
/// <param name="weights">The configured weight of each term by name.</param>
public abstract class LossCombiner(IReadOnlyDictionary<string, double> weights) : ValueCombiner
{
    Dictionary<string, double> factors = []; // of the rollout

    /// <summary>The factor of each discriminator's weight.</summary>
    /// <param name="names">At least one.</param>
    /// <param name="losses">Theirs, as they are on the rollout.</param>
    protected abstract IReadOnlyList<double> Factors(IReadOnlyList<string> names, IReadOnlyList<double> losses);

    /// <summary>Learns from losses that are finite, after <see cref="Factors"/> was asked for them.</summary>
    /// <inheritdoc cref="Factors"/>
    protected virtual void Learn(IReadOnlyList<string> names, IReadOnlyList<double> losses) { }

    public sealed override IReadOnlyList<double> Weights(TermGradients terms, long step)
    {
        if (terms.IsFirstPass)
        {
            var all = terms.Losses();
            string[] names = [.. terms.Terms.Select(term => term.Name).Where(name => all.ContainsKey(name) && weights[name] != 0)];
            double[] losses = [.. names.Select(name => all[name])];
            factors = names.Length == 0 ? [] : names.Zip(Factors(names, losses)).ToDictionary(pair => pair.First, pair => pair.Second);
            if (losses.All(double.IsFinite)) Learn(names, losses);
        }
        return [.. terms.Terms.Select(
            term => weights[term.Name] * (term.Loss is null ? 1 : factors.GetValueOrDefault(term.Name)))];
    }
}
