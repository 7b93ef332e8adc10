using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;
using TextGan.Schedules;
using TorchSharp;

namespace TextGan.Learning.Updates;

/// <summary>
/// Gumbel-softmax (Jang et al., 1611.01144; Maddison et al., 1611.00712). At each step y = softmax((logits + g)/τ), g Gumbel
/// noise; the drawn token is argmax(logits + g), an exact sample of the model. What is fed back and shown to the
/// discriminators is y itself, or the drawn token one-hot with y's gradient (straight-through), or with another one
/// (<see cref="StraightThrough"/>).
/// </summary>
/// <param name="relaxation">What is fed back and shown.</param>
/// <param name="temperature">τ over the training.</param>
/// <param name="ofSum">Normalises the weighted sum of the losses; null where each discriminator has its own normaliser, or none. Disposed
/// of with this.</param>
/// <param name="draws">K of Gumbel-Rao.</param>
/// <param name="objective">What is lowered.</param>
/// <param name="prefix">Whether the gradient runs through the tokens that are fed back; if not, they are the drawn ones.</param>
public sealed class PathwiseUpdate(Relaxation relaxation, ScheduleOptions temperature, SignalNormalizer? ofSum = null, int draws = 1,
    PathwiseObjective objective = PathwiseObjective.Loss, PrefixGradient prefix = PrefixGradient.Through) : UpdateRule
{
    Dictionary<string, Tensor> figures = [];

    /// <summary>Whether the schedule is of 1/τ.</summary>
    public bool InvertsTemperature { get; init; }

    public override IEnumerable<KeyValuePair<string, Tensor>> Figures => figures;

    public override Rollout Collect(RolloutRequest request)
    {
        var rollout = new Rollout(RelaxInParts(request, TemperatureAt(request)));
        figures = TextFigures.Of(rollout.Texts, request.EndId);
        return rollout;
    }

    public override Estimate Estimate(RolloutRequest request, Rollout rollout, int pass)
    {
        var onDevice = rollout.Texts.PerDevice();
        var (terms, losses) = (new List<Term>(), new List<Tensor>());
        foreach (var judge in request.Judges)
        {
            var loss = LossOf(judge, onDevice(judge.Device)); // [B]
            Tensor? raw = null;
            if (judge.Normalizer is { } normalizer) (raw, loss) = (loss.detach().mean(), normalizer.Normalize(loss));
            var mean = loss.mean();
            var value = mean.detach();
            terms.Add(new Term(judge.Name, () => mean, value, raw)
            {
                Loss = objective == PathwiseObjective.Loss ? () => raw ?? value : GeneratorLossOf(judge, rollout.Texts),
                Part = (from, count) => loss.narrow(0, from, count).mean(),
            });
            losses.Add(loss);
        }
        return new Estimate(
            terms, new GeneratedBatch(rollout.Texts, null) { Parts = request.Parts },
            new Dictionary<string, double> { ["temperature"] = TemperatureAt(request) },
            ofSum is null || losses.Count == 0 ? null : weights => ofSum.Normalize(Sum(losses, weights, rollout.Texts.Device)).mean());
    }

    public override Tensor LossOf(Judge judge, TextBatch texts) =>
        objective == PathwiseObjective.Loss ? judge.GeneratorLoss(texts) : -judge.Score(texts).SequenceLogits();

    static Tensor Sum(IReadOnlyList<Tensor> losses, IReadOnlyList<double> weights, Device device) =>
        losses.Select((loss, k) => loss.to(device) * Held(weights[k])).Aggregate((one, other) => one.Plus(other)); // [B]

    double TemperatureAt(RolloutRequest request)
    {
        var value = temperature.CheckedAt(request.Step, request.Steps);
        return InvertsTemperature ? 1 / value : value;
    }

    public override TextBatch Generate(RolloutRequest request)
    {
        // A discriminator that learnt from ids alone would be shown relaxed tokens for the first time when it judges.
        if (relaxation != Relaxation.Relaxed) return base.Generate(request);
        using var _ = no_grad();
        using var copies = RoundedWeights.Keep();
        return Relax(request, TemperatureAt(request));
    }

    /// <summary>Part after part, each drawn again, with the same noise, for its gradient.</summary>
    TextBatch RelaxInParts(RolloutRequest request, double τ)
    {
        if (request.Parts == 1) return Relax(request, τ);
        using var scope = NewDisposeScope();
        Tensor[] weights = [.. request.Generator.parameters()];
        List<Tensor> ids = [], relaxed = [];
        foreach (var (from, count) in Recomputed.Parts(request.Batch, request.Parts))
        {
            Tensor? drawn = null; // the first time
            relaxed.Add(Recomputed.Of(_ =>
            {
                // The prompts' rows anew: this is called again when those of the first time are gone.
                var texts = Relax(request with { Batch = (int)count, Prompts = request.Prompts?.Rows(from, count) }, τ);
                drawn ??= texts.Ids.DetachFromDisposeScope();
                return texts.Relaxed!;
            }, empty(0, device: weights[0].device), weights));
            ids.Add(drawn!.MoveToOuterDisposeScope());
        }
        return Batch(cat(ids), cat(relaxed), request.EndId, request.Prompts?.To(weights[0].device).Lengths);
    }

    // Relaxed tokens have noise, which is drawn with the token.
    TextBatch Relax(RolloutRequest request, double τ) =>
        prefix == PrefixGradient.Constant && relaxation != Relaxation.Relaxed ? AtOnce(request, τ) : StepByStep(request, τ);

    /// <summary>Where what is fed back is constant, texts are drawn first, and all positions are shown in one pass over them.</summary>
    TextBatch AtOnce(RolloutRequest request, double τ)
    {
        using var scope = NewDisposeScope();
        var (generator, texts) = (request.Generator, base.Generate(request));
        var logits = generator.Logits(generator.Hidden(TeacherForcing.Inputs(texts.Ids, request.StartId))); // [B,T,V]
        var shown = where(texts.Response.gt(Held(0)).unsqueeze(-1), Shown(logits, texts.Ids, τ),
            OneHot(texts.Ids, generator.VocabularySize));
        return Batch(texts.Ids, shown, request.EndId, request.Prompts?.To(texts.Device).Lengths);
    }

    /// <summary>Tokens that are drawn already, with the relaxation's gradient: [...] → [...,V].</summary>
    Tensor Shown(Tensor logits, Tensor tokens, double τ) => relaxation switch
    {
        Relaxation.StraightThrough => StraightThrough.GumbelRao(logits, tokens, τ, 1),
        Relaxation.GumbelRao => StraightThrough.GumbelRao(logits, tokens, τ, draws),
        Relaxation.ReinMax => StraightThrough.ReinMax(logits, tokens, τ),
        Relaxation.Softmax => StraightThrough.Softmax(logits, tokens, τ),
        _ => throw new InvalidOperationException($"There is no drawn token with the relaxation {relaxation}."),
    };

    /// <summary>One position of all texts.</summary>
    RelaxedDraw Draw(RelaxedTexts texts, int position, Tensor logits, Tensor alive)
    {
        if (IsGumbelSoftmax) return GumbelSoftmax.Draw(texts, position, logits, alive);
        var drawn = GumbelSoftmax.Draw(texts, position, logits.detach(), alive);
        return drawn with { Shown = where(alive.unsqueeze(1), Shown(logits, drawn.Tokens, texts.Temperature), drawn.Shown) };
    }

    bool IsGumbelSoftmax => relaxation is Relaxation.Relaxed or Relaxation.StraightThrough;

    TextBatch StepByStep(RolloutRequest request, double τ)
    {
        using var scope = NewDisposeScope();
        var (generator, end) = (request.Generator, request.EndId);
        var device = generator.parameters().First().device;
        var (padding, prompts) = (request.PaddingId ?? end, request.Prompts?.To(device));
        var texts = new RelaxedTexts(request.Batch, request.Length, τ, relaxation != Relaxation.Relaxed, request.StartId, end);
        using var state = generator.Start(request.Batch, request.Length);
        if (IsGumbelSoftmax && prefix == PrefixGradient.Through && prompts is null && padding == end)
        {
            var (drawn, shown) = GumbelSoftmax.Draw(texts, generator.Parts, read => generator.Logits(generator.Step(read, state)), device);
            return Batch(drawn, shown, end, null);
        }
        var alive = ones([request.Batch], @bool, device); // [B]
        List<Tensor> ids = [], relaxed = [];
        var hidden = prompts is null
            ? generator.Step(full([request.Batch], Held(request.StartId), int64, device: device), state) // [B,H]
            : ReadPrompts(generator, state, prompts, request.StartId, ids, relaxed);
        for (var t = ids.Count; t < request.Length; t++)
        {
            var draw = Draw(texts, t, generator.Logits(hidden), alive);
            if (prompts?.Ids.shape[1] > t) draw = Fixed(draw, prompts.Covers(t), prompts.Ids.select(1, t), alive);
            if (padding is { } filling && padding != end) draw = Fixed(draw, ~alive, full_like(draw.Tokens, Held(filling)), draw.Alive);
            ids.Add(draw.Tokens);
            relaxed.Add(draw.Shown);
            alive = draw.Alive;
            if (t + 1 < request.Length)
                hidden = generator.Step(prefix == PrefixGradient.Through ? draw.Shown : draw.Tokens, state);
        }
        return Batch(stack(ids, 1), stack(relaxed, 1), end, prompts?.Lengths);
    }

    /// <summary>
    /// Reads the start token and the tokens that every text's prompt has, [B,P], and adds them to the lists → the last hidden state [B,H].
    /// </summary>
    static Tensor ReadPrompts(
        Generator generator, GeneratorState state, PromptBatch prompts, int startId, List<Tensor> ids, List<Tensor> relaxed)
    {
        var prefix = prompts.Ids.narrow(1, 0, prompts.Shortest); // [B,P]
        for (var t = 0; t < prefix.shape[1]; t++)
        {
            ids.Add(prefix.select(1, t));
            relaxed.Add(OneHot(ids[t], generator.VocabularySize));
        }
        return Sampler.Read(generator, state, prefix, startId);
    }

    /// <summary>Puts given tokens, hard and without a gradient, into the rows that <paramref name="covered"/> [B] says.</summary>
    static RelaxedDraw Fixed(RelaxedDraw draw, Tensor covered, Tensor tokens, Tensor alive) => new(
        where(covered.unsqueeze(1), OneHot(tokens, draw.Shown.shape[1]), draw.Shown), where(covered, tokens, draw.Tokens),
        where(covered, alive, draw.Alive));

    static Tensor OneHot(Tensor ids, long vocabulary) => nn.functional.one_hot(ids, vocabulary).to_type(float32);

    /// <summary>[B,T] and [B,T,V] → what outlives the scope around the call.</summary>
    static TextBatch Batch(Tensor ids, Tensor relaxed, int? end, Tensor? promptLengths) =>
        TextBatch.ForMany(ids, end, relaxed, promptLengths).MoveToOuterDisposeScope();

    public override void Save(StateBag bag) => ofSum?.Save(bag.Scope("normalizer"));

    public override void Load(StateBag bag) => ofSum?.Load(bag.Scope("normalizer"));

    protected override void Release() => ofSum?.Dispose();
}
