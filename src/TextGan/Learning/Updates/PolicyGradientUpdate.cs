using TextGan.Generators;
using TextGan.Learning.Baselines;
using TextGan.Learning.Credit;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;
using TextGan.Storage;
using static TorchSharp.torch;

namespace TextGan.Learning.Updates;

/// <summary>
/// REINFORCE (Williams, 1992). The surrogate of a discriminator is -(1/B) Σ_i Σ_t (R_it - b_it) log p(x_it | x_i,&lt;t):
/// with the whole reward as every token's return, or rollouts, its gradient is an unbiased estimate of that of -E[r]. Texts are drawn without a graph, as one batch, and read once more
/// by teacher forcing for the log-probabilities that carry the gradient.
/// </summary>
/// <param name="scale">What a judgement becomes as a reward.</param>
/// <param name="credit">How reward is shared out over tokens.</param>
/// <param name="baselines">One per discriminator, in their order; disposed of with the estimator.</param>
public sealed class PolicyGradientUpdate(RewardScale scale, CreditAssignment credit, IReadOnlyList<Baseline> baselines) : UpdateRule
{
    public override Estimate Estimate(RolloutRequest request)
    {
        using var scope = NewDisposeScope();
        var generator = request.Generator;
        var tokens = Generate(request); // [B,T]
        var hidden = generator.Hidden(TeacherForcing.Inputs(tokens.Ids, request.StartId)); // [B,T,H]
        var logits = generator.Logits(hidden); // [B,T,V]
        var logProbabilities = logits.log_softmax(-1).gather(-1, tokens.Ids.unsqueeze(-1)).squeeze(-1); // [B,T]
        IReadOnlyList<TokenCredit> credits;
        using (no_grad())
            credits = credit.Assign(new CreditRequest(generator, request.Adversaries, tokens, request.StartId, request.EndId, scale, request.PaddingId, request.Prompts));
        var terms = new List<Term>();
        for (var k = 0; k < credits.Count; k++)
        {
            var name = request.Adversaries[k].Name;
            var (advantages, value) = Advantages(k, credits[k], request.Adversaries[k].Normalizer, tokens.Response, hidden.detach());
            var surrogate = -(advantages * logProbabilities).sum() / Held(tokens.Batch);
            var raw = request.Adversaries[k].Normalizer is null ? null : (-credits[k].Reward.mean()).MoveToOuterDisposeScope();
            terms.Add(new Term(name, surrogate.MoveToOuterDisposeScope(), value.MoveToOuterDisposeScope(), raw));
        }
        tokens.MoveToOuterDisposeScope();
        var generated = new GeneratedBatch(tokens, request.NeedsLogits ? logits.MoveToOuterDisposeScope() : null);
        return new Estimate(terms, generated, new Dictionary<string, double>());
    }

    /// <summary>(R - b) with 0 where no token counts, [B,T], and the objective's value -mean reward (normalised, where that is on).</summary>
    (Tensor Advantages, Tensor Value) Advantages(int k, TokenCredit given, SignalNormalizer? normalizer, Tensor mask, Tensor hidden)
    {
        using var _ = no_grad();
        var value = given.Reward.mean();
        if (normalizer is not null)
        {
            var returns = normalizer.Normalize(given.Returns, given.Counted);
            value = given.Counted is { } counted ? (returns * counted).sum() / counted.sum().clamp_min(Held(1)) : returns.mean();
            given = given with { Returns = returns };
        }
        return ((given.Returns - baselines[k].Values(given, mask, hidden)) * mask, -value);
    }

    public override void Save(StateBag bag)
    {
        for (var k = 0; k < baselines.Count; k++) baselines[k].Save(bag.Scope($"baseline-{k}"));
    }

    public override void Load(StateBag bag)
    {
        for (var k = 0; k < baselines.Count; k++) baselines[k].Load(bag.Scope($"baseline-{k}"));
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var baseline in baselines) baseline.Dispose();
        base.Dispose(disposing);
    }
}
