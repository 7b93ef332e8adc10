using TextGan.Generators;
using TextGan.Learning.Credit;
using TextGan.Learning.Objectives;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;
using TextGan.Learning.Updates.Losses;
using static TextGan.Native.KeptTensor;

namespace TextGan.Learning.Updates;

/// <summary>
/// Policy gradient: texts are drawn without a graph, judged once, and read by teacher forcing for the log-probabilities that carry the
/// gradient, once for each epoch. With one epoch, one minibatch and the loss "reinforce" (Williams, 1992) the surrogate of a discriminator
/// is -(1/B) Σ_i Σ_t (R_it - b_it) log p(x_it | x_i,&lt;t); with the whole reward as every token's return, or rollouts, its gradient is an
/// unbiased estimate of that of -E[r].
/// </summary>
/// <param name="reward">What a judgement becomes as a reward.</param>
/// <param name="credit">How reward is assigned to tokens; disposed of with this.</param>
/// <param name="combination">How returns become advantages; disposed of with this.</param>
/// <param name="loss">How advantages become a loss.</param>
/// <param name="collector">Draws the texts.</param>
/// <param name="epochs">Passes over each batch.</param>
/// <param name="minibatches">Updates in an epoch. A minibatch is a run of rows: texts are independent draws, so that their order is random
/// already.</param>
/// <param name="kl">The KL in the reward, a further term; or null.</param>
/// <param name="truncated">What becomes of texts that have not ended.</param>
/// <param name="weights">The configured weight of each discriminator by name, for the advantage that regularisers read; null: all
/// 1.</param>
/// <param name="rescaling">How returns are replaced by functions of their rank; null: they are not.</param>
public sealed class PolicyGradientUpdate(
    RewardTransform reward, CreditAssignment credit, AdvantageCombination combination, PolicyLoss loss, RolloutCollector collector,
    int epochs = 1, int minibatches = 1, KlReward? kl = null, TruncatedTexts truncated = TruncatedTexts.Keep,
    IReadOnlyDictionary<string, double>? weights = null, RankRescalingOptions? rescaling = null) : UpdateRule
{
    readonly Dictionary<string, Tensor> figures = []; // of the rollout and of the last pass over it
    IReadOnlyList<string> signalNames = [];
    Tensor? clippedShare; // of the last loss

    public override int Passes => epochs * minibatches;

    public override int GroupSize => collector.GroupSize ?? 1;

    public override bool NeedsReference => kl is not null;

    public override bool MasksTruncated => truncated == TruncatedTexts.Mask;

    public override IEnumerable<KeyValuePair<string, Tensor>> Figures =>
    [
        .. figures, .. clippedShare is null ? [] : new[] { KeyValuePair.Create("policy/clipped", clippedShare) },
        .. combination.Figures(signalNames),
    ];

    public override Rollout Collect(RolloutRequest request)
    {
        using var scope = NewDisposeScope();
        var drawn = collector.Collect(request); // [B,T]
        var counted = MasksTruncated && request.EndId is { } end ? TextFigures.EndedIn(drawn, end).unsqueeze(1) : null; // [B,1]
        var texts = counted is null ? drawn : TextBatch.WithMask(drawn.Ids, drawn.Mask, response: drawn.Response * counted);
        var pass = FirstPass(request, new Rollout(texts)); // of the generator that wrote them
        using var _ = no_grad();
        TokenCredit[] credits = [.. credit.CheckedAssign(new CreditRequest(
                request.Generator, request.Judges, drawn, request.StartId, request.EndId, new RewardScorer(reward, texts.Device),
                request.PaddingId, collector.PromptsOf(request)))
            .Select(one => Rescaled(one with { GroupSize = collector.GroupSize, Counted = OfCounted(one, counted) }))];
        JudgeSignal[] signals =
            [.. credits.Select((one, k) => combination.Of(k, request.Judges[k], one, texts.Response, pass.Hidden))];
        var reference = request.Reference is { } other ? TeacherForcing.LogProbabilities(other, texts.Ids, request.StartId) : null; // [B,T]
        var klSignal = kl is null ? null : combination.OfKl(
            signals.Length, kl.Of(request, texts, pass, reference!) with { GroupSize = collector.GroupSize }, texts.Response, pass.Hidden);
        var together = signals.Length == 0 ? null
            : combination.Together(signals, credits[0], texts.Response, pass.Hidden, klSignal);
        var rollout = new Rollout(texts)
        {
            Signals = signals, Together = together, LogProbabilities = pass.LogProbabilities.detach(), Reference = reference, Kl = klSignal,
            FirstPass = minibatches == 1 ? pass : null, Written = drawn,
        };
        Note(request, drawn, rollout);

        texts.MoveToOuterDisposeScope();
        if (counted is not null) drawn.Response.MoveToOuterDisposeScope(); // all else is that of the texts
        (minibatches == 1 ? pass : pass with { Logits = null }).Outlive();
        foreach (var one in credits) one.Counted?.MoveToOuterDisposeScope();
        foreach (var signal in signals) signal.Outlive();
        klSignal?.Outlive();
        rollout.LogProbabilities.MoveToOuterDisposeScope();
        reference?.MoveToOuterDisposeScope();
        foreach (var figure in figures.Values) figure.MoveToOuterDisposeScope();
        return rollout;
    }

    public override Tensor LossOf(Judge judge, TextBatch texts) => -new RewardScorer(reward, judge.Device).OfTexts(judge, texts);

    /// <summary>What enters statistics: what the credit says, without texts that were cut where these are masked.</summary>
    static Tensor? OfCounted(TokenCredit one, Tensor? counted) =>
        counted is null ? one.Counted : (one.Counted ?? ones_like(one.Returns)) * counted;

    TokenCredit Rescaled(TokenCredit one) => rescaling is null ? one
        : one with { Returns = RankRescaling.Of(one.Returns, one.Counted, one.GroupSize, rescaling.Smoothness) };

    /// <summary>[b,T]: the weighted sum of the discriminators' advantages; null without discriminators.</summary>
    Tensor? AdvantagesOf(IReadOnlyList<Judge> judges, Rollout rollout, long from, long count) => rollout.Signals.Count == 0 ? null
        : rollout.Signals
            .Select((signal, k) => signal.PerToken.narrow(0, from, count) * Held(weights?.GetValueOrDefault(judges[k].Name, 1) ?? 1))
            .Aggregate((one, other) => one.Plus(other)).MoveToOuterDisposeScope();

    /// <summary>What is logged of a rollout.</summary>
    void Note(RolloutRequest request, TextBatch drawn, Rollout rollout)
    {
        figures.Clear();
        Keep(ref clippedShare, null);
        signalNames = [.. request.Judges.Select(judge => judge.Name), KlRegularizer.TermName];
        foreach (var (name, value) in TextFigures.Of(drawn, request.EndId)) figures[name] = value;
        // -log p of drawn tokens has the entropy as its mean, and costs no pass over the vocabulary.
        figures["policy/entropy"] = -LengthNormalization.Tokens.Mean(rollout.LogProbabilities! * drawn.Response, drawn.Response);
        if (kl is null) return; // else a regulariser that reads the reference tells of it
        foreach (var (name, value) in DivergenceFigures.Of(rollout.LogProbabilities! - rollout.Reference!, rollout.Texts.Response))
            figures[name] = value;
    }

    /// <summary>
    /// The old log-probabilities are this pass's, not those of the kernel that drew the texts: ratios are 1 before the first step.
    /// </summary>
    GeneratorPass FirstPass(RolloutRequest request, Rollout rollout)
    {
        using var gradients = set_grad_enabled(minibatches == 1);
        return GeneratorPass.Over(
            request with { NeedsLogits = (request.NeedsLogits && minibatches == 1) || kl is { NeedsLogits: true } }, rollout.Texts);
    }

    public override Estimate Estimate(RolloutRequest request, Rollout rollout, int pass)
    {
        using var scope = NewDisposeScope();
        var count = rollout.Texts.Batch / minibatches;
        var from = pass % minibatches * count;
        var texts = rollout.Texts.Rows(from, count);
        var read = pass == 0 && rollout.FirstPass is { } first ? first : GeneratorPass.Over(request, texts);
        var old = rollout.LogProbabilities!.narrow(0, from, count); // [b,T]
        var reference = rollout.Reference?.narrow(0, from, count); // [b,T]
        if (pass > 0) combination.LearnAgain(from, count);
        if (Passes > 1) Compare(read.LogProbabilities, old, texts.Response);

        Term[] terms = [.. rollout.Signals.Select((signal, k) =>
            TermOf(request.Judges[k].Name, signal) with { Loss = GeneratorLossOf(request.Judges[k], rollout.Written) })];
        if (rollout.Kl is { } divergence) terms = [.. terms, TermOf(KlRegularizer.TermName, divergence)];
        Func<IReadOnlyList<double>, Tensor>? together =
            rollout.Together is { } advantages && (combination.SumsFirst || !loss.IsLinear)
                ? weights => Surrogate(advantages(weights)) : null;

        if (!ReferenceEquals(read, rollout.FirstPass)) read.Outlive(); // that one is the rollout's already
        old.MoveToOuterDisposeScope();
        reference?.MoveToOuterDisposeScope();
        texts.MoveToOuterDisposeScope();
        var generated = new GeneratedBatch(texts, read.Logits)
        {
            LogProbabilities = read.LogProbabilities, Reference = reference, Parts = request.Parts,
            Advantages = AdvantagesOf(request.Judges, rollout, from, count),
        };
        return new Estimate(terms, generated, new Dictionary<string, double>(), together);

        Term TermOf(string name, JudgeSignal signal) => new(name, () => Surrogate(signal.PerToken), signal.Value, signal.Raw)
        {
            Part = (first, rows) => loss.CheckedOf(new PolicyBatch(read.LogProbabilities.narrow(0, first, rows), old.narrow(0, first, rows),
                signal.PerToken.narrow(0, from + first, rows), texts.Response.narrow(0, first, rows))),
        };

        Tensor Surrogate(Tensor ofAll)
        {
            var batch = new PolicyBatch(read.LogProbabilities, old, ofAll.narrow(0, from, count), texts.Response);
            if (Passes > 1)
            {
                using var _ = no_grad();
                Keep(ref clippedShare, loss.ClippedShare(batch));
            }
            return loss.CheckedOf(batch);
        }
    }

    /// <summary>How far the generator is from the one that wrote: k3 estimates KL(old ‖ new) by tokens of the old one.</summary>
    void Compare(Tensor now, Tensor old, Tensor response)
    {
        using var _ = no_grad();
        (now, old) = (now * response, old * response); // outside the response a ratio may be infinite
        figures["policy/ratio"] = LengthNormalization.Tokens.Mean((now - old).exp() * response, response).MoveToOuterDisposeScope();
        figures["policy/klOld"] = LengthNormalization.Tokens.Mean(Divergence.K3(old, now), response).MoveToOuterDisposeScope();
    }

    public override void Save(StateBag bag)
    {
        combination.Save(bag);
        credit.Save(bag.Scope("credit"));
    }

    public override void Load(StateBag bag)
    {
        combination.Load(bag);
        credit.Load(bag.Scope("credit"));
    }

    protected override void Release()
    {
        combination.Dispose();
        credit.Dispose();
        clippedShare?.Dispose();
    }
}
