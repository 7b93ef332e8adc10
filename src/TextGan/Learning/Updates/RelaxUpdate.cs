using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Updates;

/// <summary>
/// RELAX (Grathwohl et al., 1711.00123, equation 8 and section 3.3), position by position. With the drawn token x, noisy logits
/// z = ln π + g whose largest is x, and z̃ = z(π, x, noise) as it depends on π when x is held fixed, the gradient of E[r] is
/// (r - c(z̃)) ∇ ln π_x + ∇c(z) - ∇c(z̃). The same noise serves z and z̃, so that their values are equal; then with d = ∂c/∂z the last two
/// are Σ_v m_v d_v ∇ ln π_v, where m_v = 1 - ∂z̃_v/∂ln π_v = exp(z_v - z_x) (<see cref="ConditionalGumbel"/>). c depends on nothing that is
/// drawn after x, and learns from a batch after it was used.
/// </summary>
/// <param name="reward">What a judgement becomes as a reward.</param>
/// <param name="control">c; disposed of with this.</param>
public sealed class RelaxUpdate(RewardTransform reward, ControlVariate control) : UpdateRule
{
    readonly Dictionary<string, Tensor> figures = [];

    public override IEnumerable<KeyValuePair<string, Tensor>> Figures => [.. figures, .. control.Figures];

    public override Rollout Collect(RolloutRequest request) => new(Generate(request));

    public override Tensor LossOf(Judge judge, TextBatch texts) => -new RewardScorer(reward, judge.Device).OfTexts(judge, texts);

    public override Estimate Estimate(RolloutRequest request, Rollout rollout, int pass)
    {
        using var scope = NewDisposeScope();
        var (generator, texts) = (request.Generator, rollout.Texts);
        var (onDevice, scorer) = (texts.PerDevice(), new RewardScorer(reward, texts.Device));
        var read = GeneratorPass.Over(request with { NeedsLogits = true }, texts);
        var logs = read.Logits!.log_softmax(-1); // ln π [B,T,V]
        var π = logs.detach().exp();
        var token = nn.functional.one_hot(texts.Ids, generator.VocabularySize).to_type(float32); // [B,T,V]
        var z = ConditionalGumbel.Draw(logs.detach(), texts.Ids, 1).select(0, 0).requires_grad_(); // [B,T,V]
        var moved = (z.detach() - z.detach().gather(-1, texts.Ids.unsqueeze(-1))).exp(); // m [B,T,V]
        var response = texts.Response.unsqueeze(-1); // [B,T,1]
        control.TakeStep();
        var controls = control.Of(read.Hidden, z); // c [B,T,K]

        var (terms, moments) = (new List<Term>(), new List<Tensor>());
        for (var k = 0; k < request.Judges.Count; k++)
        {
            var (judge, c) = (request.Judges[k], controls.select(-1, k)); // [B,T]
            var rewards = RewardOf(judge); // [B]
            var raw = -rewards.mean();
            if (judge.Normalizer is { } normalizer) rewards = normalizer.Normalize(rewards);
            // What each ln π_v is multiplied by, [B,T,V]; c and d are differentiable in the network's parameters.
            var d = BackwardPass.Gradients(c.sum(), [z], retainGraph: true, createGraph: true)[0]!;
            var weights = (token * (rewards.unsqueeze(1) - c).unsqueeze(-1)).Plus(moved * d) * response;
            moments.Add((weights - π * weights.sum(-1, keepdim: true)).Squared().sum() / texts.Response.sum().clamp_min(Held(1)));
            var each = -(weights.detach() * logs).sum([1L, 2L]); // [B]
            var loss = each.mean();
            each.MoveToOuterDisposeScope();
            loss.MoveToOuterDisposeScope();
            terms.Add(new Term(judge.Name, () => loss, (-rewards.mean()).MoveToOuterDisposeScope(),
                judge.Normalizer is null ? null : raw.MoveToOuterDisposeScope())
            {
                Loss = GeneratorLossOf(judge, texts), Part = (from, count) => each.narrow(0, from, count).mean(),
            });
        }
        if (moments.Count > 0) control.Learn(stack(moments).mean());

        figures.Clear();
        foreach (var (name, value) in TextFigures.Of(texts, request.EndId)) figures[name] = value.MoveToOuterDisposeScope();
        read.Outlive();
        var generated = new GeneratedBatch(texts, request.NeedsLogits ? read.Logits : null)
        {
            LogProbabilities = read.LogProbabilities, Parts = request.Parts,
        };
        return new Estimate(terms, generated, new Dictionary<string, double>());

        Tensor RewardOf(Judge judge)
        {
            using var _ = no_grad();
            return scorer.OfTexts(judge, onDevice(judge.Device));
        }
    }

    public override void Save(StateBag bag) => control.Save(bag.Scope("control"));

    public override void Load(StateBag bag) => control.Load(bag.Scope("control"));

    protected override void Release() => control.Dispose();
}
