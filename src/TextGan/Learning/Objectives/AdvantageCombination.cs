using TextGan.Learning.Baselines;
using TextGan.Learning.Credit;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;
using static TextGan.Native.KeptTensor;

namespace TextGan.Learning.Objectives;

/// <summary>
/// The stage "combine": returns become advantages, either one per discriminator, normalised and less its baseline, whose weighted sum is
/// the advantage (GDPO, 2601.05242), or of the weighted sum of the returns (GRPO, 2402.03300).
/// </summary>
/// <param name="baselines">One per discriminator, in their order, and one for a KL in the reward, or one where the returns are summed
/// first; disposed of with this.</param>
/// <param name="ofSum">Normalises the sum; null where each discriminator has its own normaliser, or none.</param>
public sealed class AdvantageCombination(IReadOnlyList<Baseline> baselines, SignalNormalizer? ofSum = null) : IStateful, IDisposable
{
    Tensor? ofRollout; // the advantage of the sum, which all passes over one rollout share

    /// <summary>Whether returns are summed before they are normalised.</summary>
    public bool SumsFirst => ofSum is not null;

    /// <summary>The advantage [B,T] by one discriminator alone; where <see cref="SumsFirst"/>, its return. No gradient.</summary>
    /// <param name="k">Which.</param>
    /// <param name="judge">The discriminator, with its normaliser.</param>
    /// <param name="credit">Its returns.</param>
    /// <param name="response">[B,T]: tokens that count.</param>
    /// <param name="hidden">[B,T,H]: the generator's states.</param>
    public JudgeSignal Of(int k, Judge judge, TokenCredit credit, Tensor response, Tensor hidden) =>
        SignalOf(k, judge.Normalizer, credit, response, hidden);

    /// <summary>
    /// The advantage [B,T] by a KL in the reward, never normalised; where <see cref="SumsFirst"/>, its return. No gradient.
    /// </summary>
    /// <param name="judges">K: its baseline comes after those of the discriminators.</param>
    /// <inheritdoc cref="Of"/>
    public JudgeSignal OfKl(int judges, TokenCredit credit, Tensor response, Tensor hidden) =>
        SignalOf(judges, null, credit, response, hidden);

    JudgeSignal SignalOf(int k, SignalNormalizer? normalizer, TokenCredit credit, Tensor response, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var raw = -credit.Reward.mean();
        Tensor? normalized = null;
        if (normalizer is not null)
        {
            var returns = normalizer.Normalize(credit.Returns, credit.Counted, credit.GroupSize);
            normalized = -(credit.Counted is { } counted ? (returns * counted).sum() / counted.sum().clamp_min(Held(1)) : returns.mean());
            credit = credit with { Returns = returns };
        }
        var perToken = SumsFirst ? credit.Returns.alias() // what lies outside the response would be zeros in the sum's statistics
            : (credit.Returns - baselines[k].CheckedValues(credit, response, hidden)) * response;
        return new JudgeSignal(perToken, normalized ?? raw, normalized is null ? null : raw).Outlive();
    }

    /// <summary>
    /// The advantage [B,T] by all discriminators together, and a KL in the reward, as a function of their weights. What is learnt from a
    /// batch is learnt at the first call.
    /// </summary>
    /// <param name="signals">What <see cref="Of"/> gave for each discriminator.</param>
    /// <param name="credit">Which returns count, and the groups: the same for all discriminators.</param>
    /// <param name="response">[B,T].</param>
    /// <param name="hidden">[B,T,H].</param>
    /// <param name="kl">What <see cref="OfKl"/> gave, whose weight is the last one; or null.</param>
    public Func<IReadOnlyList<double>, Tensor> Together(
        IReadOnlyList<JudgeSignal> signals, TokenCredit credit, Tensor response, Tensor hidden, JudgeSignal? kl = null)
    {
        Keep(ref ofRollout, null);
        return weights =>
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            if (ofRollout is not null) return ofRollout.alias().MoveToOuterDisposeScope();
            var sum = signals.Select((signal, k) => signal.PerToken * Held(weights[k])).Aggregate((one, other) => one.Plus(other));
            if (ofSum is not null) sum = ofSum.Normalize(sum, credit.Counted, credit.GroupSize);
            if (kl is not null) sum = sum.Plus(kl.PerToken * Held(weights[^1]));
            if (ofSum is null) return sum.MoveToOuterDisposeScope();
            Keep(ref ofRollout, (sum - baselines[0].CheckedValues(credit with { Returns = sum }, response, hidden)) * response);
            return ofRollout.alias().MoveToOuterDisposeScope();
        };
    }

    /// <summary>At a later pass over the batch: baselines learn from <paramref name="count"/> of its rows.</summary>
    public void LearnAgain(long from, long count)
    {
        foreach (var baseline in baselines) baseline.LearnAgain(from, count);
    }

    /// <summary>What the baselines have to log, as "critic/NAME/figure".</summary>
    /// <param name="names">Those of the signals.</param>
    public IEnumerable<KeyValuePair<string, Tensor>> Figures(IReadOnlyList<string> names) => baselines.SelectMany((baseline, k) =>
        baseline.Figures.Select(figure => KeyValuePair.Create($"critic/{(SumsFirst ? "sum" : names[k])}/{figure.Key}", figure.Value)));

    public void Save(StateBag bag)
    {
        for (var k = 0; k < baselines.Count; k++) baselines[k].Save(bag.Scope($"baseline-{k}"));
        ofSum?.Save(bag.Scope("normalizer"));
    }

    public void Load(StateBag bag)
    {
        for (var k = 0; k < baselines.Count; k++) baselines[k].Load(bag.Scope($"baseline-{k}"));
        ofSum?.Load(bag.Scope("normalizer"));
    }

    public void Dispose()
    {
        foreach (var baseline in baselines) baseline.Dispose();
        ofSum?.Dispose();
        ofRollout?.Dispose();
    }
}
