using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Kernels;
using TextGan.Native;
using TextGan.Objectives;
using TextGan.Schedules;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Estimators;

/// <summary>
/// Gumbel-softmax (Jang et al., 1611.01144; Maddison et al., 1611.00712). At each step y = softmax((logits + g)/τ), g Gumbel
/// noise; the drawn token is argmax(logits + g), an exact sample of the model. What is fed back and shown to the
/// discriminators is y itself, or the drawn token one-hot with y's gradient (straight-through).
/// </summary>
/// <param name="relaxation">What is fed back and shown.</param>
/// <param name="temperature">τ over the training.</param>
/// <param name="byTensors">Whether draws in main memory are made by tensor operations, too, as on other devices. Default: by a faster loop.</param>
public sealed class GumbelSoftmaxEstimator(Relaxation relaxation, ScheduleOptions temperature, bool byTensors = false) : GradientEstimator
{
    // log(-log(u)) is finite for u in [1e-10, 1 - 6e-8], all that a 32-bit uniform can give but 0.
    const double SmallestUniform = 1e-10;

    readonly bool onCpu = !byTensors;

    public override Estimate Estimate(EstimationRequest request)
    {
        var τ = CheckedSchedule.ValueAt(temperature, request.Step, request.Steps);
        var tokens = Relax(request, τ);
        var onDevice = tokens.PerDevice();
        var terms = new List<Term>();
        foreach (var adversary in request.Adversaries)
        {
            var loss = adversary.GeneratorLoss(onDevice(adversary.Device)); // [B]
            Tensor? raw = null;
            if (adversary.Normalizer is { } normalizer) (raw, loss) = (loss.detach().mean(), normalizer.Normalize(loss));
            var mean = loss.mean();
            terms.Add(new Term(adversary.Name, mean, mean.detach(), raw));
        }
        return new Estimate(terms, new GeneratedBatch(tokens, null), new Dictionary<string, double> { ["temperature"] = τ });
    }

    public override TokenBatch Generate(EstimationRequest request)
    {
        // A discriminator that learnt from ids alone would be shown relaxed tokens for the first time when it judges.
        if (relaxation == Relaxation.StraightThrough) return base.Generate(request);
        using var _ = no_grad();
        return Relax(request, CheckedSchedule.ValueAt(temperature, request.Step, request.Steps));
    }

    TokenBatch Relax(EstimationRequest request, double τ)
    {
        using var scope = NewDisposeScope();
        var (generator, end) = (request.Generator, request.EndId);
        var device = generator.parameters().First().device;
        var (padding, prompts) = (request.PaddingId ?? end, request.Prompts?.To(device));
        if (onCpu && prompts is null && padding == end && generator is LstmGenerator { Parts: { } parts } && CpuRelaxedLstm.Takes(parts, request.Batch, request.Length))
        {
            var texts = new RelaxedTexts(request.Batch, request.Length, (float)τ, relaxation, request.StartId, end, randint(long.MaxValue, [1], int64).item<long>());
            var drawn = CpuRelaxedLstm.Draw(parts, texts);
            return Batch(drawn.Ids, drawn.Shown, end, null);
        }
        using var state = generator.Start(request.Batch, request.Length);
        var alive = ones([request.Batch], @bool, device); // [B]
        var seed = onCpu && device.type == DeviceType.CPU ? randint(long.MaxValue, [1], int64).item<long>() : 0;
        List<Tensor> ids = [], relaxed = [];
        var hidden = prompts is null
            ? generator.Step(full([request.Batch], Held(request.StartId), int64, device: device), state) // [B,H]
            : ReadPrompts(generator, state, prompts, request.StartId, ids, relaxed);
        for (var t = ids.Count; t < request.Length; t++)
        {
            var raw = generator.Logits(hidden); // [B,V]
            var draw = onCpu && CpuLoop.Takes(raw)
                ? CpuGumbelSoftmax.Draw(raw, alive, τ, relaxation, end, seed, t)
                : Draw(raw, alive, τ, end);
            if (prompts?.Ids.shape[1] > t) draw = Fixed(draw, prompts.Covers(t), prompts.Ids.select(1, t), alive);
            if (padding is { } filling && padding != end) draw = Fixed(draw, ~alive, full_like(draw.Tokens, Held(filling)), draw.Alive);
            ids.Add(draw.Tokens);
            relaxed.Add(draw.Shown);
            alive = draw.Alive;
            if (t + 1 < request.Length) hidden = generator.Step(draw.Shown, state);
        }
        return Batch(stack(ids, 1), stack(relaxed, 1), end, prompts?.Lengths);
    }

    /// <summary>Reads the start token and the tokens that every text's prompt has, [B,P], and adds them to the lists → the last hidden state [B,H].</summary>
    static Tensor ReadPrompts(Generator generator, GeneratorState state, PromptBatch prompts, int startId, List<Tensor> ids, List<Tensor> relaxed)
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
        where(covered.unsqueeze(1), OneHot(tokens, draw.Shown.shape[1]), draw.Shown), where(covered, tokens, draw.Tokens), where(covered, alive, draw.Alive));

    static Tensor OneHot(Tensor ids, long vocabulary) => nn.functional.one_hot(ids, vocabulary).to_type(float32);

    /// <summary>[B,T] and [B,T,V] → what outlives the scope around the call.</summary>
    static TokenBatch Batch(Tensor ids, Tensor relaxed, int? end, Tensor? promptLengths) =>
        TokenBatch.ForMany(ids, end, relaxed, promptLengths).MoveToOuterDisposeScope();

    /// <summary>By tensor operations, on any device. <paramref name="logits"/> [B,V], <paramref name="alive"/> [B] bool.</summary>
    RelaxedDraw Draw(Tensor logits, Tensor alive, double τ, int? end)
    {
        var noise = -(-rand_like(logits).clamp_min(Held(SmallestUniform)).log()).log();
        var perturbed = logits.Plus(noise);
        var y = (perturbed / Held(τ)).softmax(-1); // [B,V]
        var token = perturbed.detach().argmax(-1); // [B]
        var shown = relaxation == Relaxation.StraightThrough
            ? nn.functional.one_hot(token, logits.shape[1]).to_type(y.dtype).Plus(y - y.detach())
            : y;
        if (end is not { } endId) return new RelaxedDraw(shown, token, alive);
        // After the end a row is the end token for certain, in both kinds of text, and carries no gradient.
        var endRow = nn.functional.one_hot(tensor(endId, int64, logits.device), logits.shape[1]).to_type(float32); // [V]
        token = where(alive, token, full_like(token, Held(endId)));
        return new RelaxedDraw(where(alive.unsqueeze(1), shown, endRow), token, alive & token.ne(Held(endId)));
    }
}
