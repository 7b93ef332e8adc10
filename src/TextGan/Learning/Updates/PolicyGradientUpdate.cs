using TextGan.Learning.Credit;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;
using TextGan.Learning.Updates.Losses;

namespace TextGan.Learning.Updates;

/// <summary>
/// Policy gradient: texts are drawn without a graph, judged once, and read by teacher forcing for the log-probabilities that carry the
/// gradient, once for each epoch. With one epoch, one minibatch and the loss "reinforce" (Williams, 1992) the surrogate of a discriminator
/// is -(1/B) Σ_i Σ_t (R_it - b_it) log p(x_it | x_i,&lt;t); with the whole reward as every token's return, or rollouts, its gradient is an
/// unbiased estimate of that of -E[r].
/// </summary>
/// <param name="reward">What a judgement becomes as a reward.</param>
/// <param name="credit">How reward is assigned to tokens.</param>
/// <param name="combination">How returns become advantages; disposed of with this.</param>
/// <param name="loss">How advantages become a loss.</param>
/// <param name="collector">Draws the texts.</param>
/// <param name="epochs">Passes over each batch.</param>
/// <param name="minibatches">Updates in an epoch. A minibatch is a run of rows: texts are independent draws, so that their order is random
/// already.</param>
public sealed class PolicyGradientUpdate(
    RewardTransform reward, CreditAssignment credit, AdvantageCombination combination, PolicyLoss loss, RolloutCollector collector,
    int epochs = 1, int minibatches = 1) : UpdateRule
{
    public override int Passes => epochs * minibatches;

    public override int GroupSize => collector.GroupSize ?? 1;

    public override Rollout Collect(RolloutRequest request)
    {
        using var scope = NewDisposeScope();
        var texts = collector.Collect(request); // [B,T]
        var pass = FirstPass(request, new Rollout(texts)); // of the generator that wrote them
        using var _ = no_grad();
        TokenCredit[] credits = [.. credit.CheckedAssign(new CreditRequest(
                request.Generator, request.Judges, texts, request.StartId, request.EndId, new RewardScorer(reward, texts.Device),
                request.PaddingId, collector.PromptsOf(request)))
            .Select(one => one with { GroupSize = collector.GroupSize })];
        JudgeSignal[] signals =
            [.. credits.Select((one, k) => combination.Of(k, request.Judges[k], one, texts.Response, pass.Hidden))];
        var together = signals.Length == 0 ? null : combination.Together(signals, credits[0], texts.Response, pass.Hidden);

        texts.MoveToOuterDisposeScope();
        pass.Outlive();
        foreach (var one in credits) one.Counted?.MoveToOuterDisposeScope();
        foreach (var signal in signals) signal.Outlive();
        return new Rollout(texts)
        {
            Signals = signals, Together = together, LogProbabilities = pass.LogProbabilities.detach().MoveToOuterDisposeScope(),
            FirstPass = minibatches == 1 ? pass : null,
        };
    }

    /// <summary>
    /// The old log-probabilities are this pass's, not those of the kernel that drew the texts: ratios are 1 before the first step.
    /// </summary>
    GeneratorPass FirstPass(RolloutRequest request, Rollout rollout)
    {
        using var gradients = set_grad_enabled(minibatches == 1);
        return GeneratorPass.Over(request with { NeedsLogits = request.NeedsLogits && minibatches == 1 }, rollout.Texts);
    }

    public override Estimate Estimate(RolloutRequest request, Rollout rollout, int pass)
    {
        using var scope = NewDisposeScope();
        var count = rollout.Texts.Batch / minibatches;
        var from = pass % minibatches * count;
        var texts = rollout.Texts.Rows(from, count);
        var read = pass == 0 && rollout.FirstPass is { } first ? first : GeneratorPass.Over(request, texts);
        var old = rollout.LogProbabilities!.narrow(0, from, count); // [b,T]

        Tensor LossOf(Tensor advantages) =>
            loss.CheckedOf(new PolicyBatch(read.LogProbabilities, old, advantages.narrow(0, from, count), texts.Response));
        Term[] terms = [.. rollout.Signals.Select((signal, k) =>
            new Term(request.Judges[k].Name, () => LossOf(signal.PerToken), signal.Value, signal.Raw))];
        Func<IReadOnlyList<double>, Tensor>? together =
            rollout.Together is { } advantages && (combination.SumsFirst || !loss.IsLinear) ? weights => LossOf(advantages(weights)) : null;

        if (!ReferenceEquals(read, rollout.FirstPass)) read.Outlive(); // that one is the rollout's already
        old.MoveToOuterDisposeScope();
        texts.MoveToOuterDisposeScope();
        return new Estimate(terms, new GeneratedBatch(texts, read.Logits) { Parts = request.Parts }, new Dictionary<string, double>(), together);
    }

    public override void Save(StateBag bag) => combination.Save(bag);

    public override void Load(StateBag bag) => combination.Load(bag);

    protected override void Release() => combination.Dispose();
}
