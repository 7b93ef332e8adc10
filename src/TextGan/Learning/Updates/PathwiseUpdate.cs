using TextGan.Storage;
using TextGan.Estimators;
using TextGan.Generators;
using TextGan.Kernels;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rollouts;
using TextGan.Native;
using TextGan.Schedules;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Learning.Updates;

/// <summary>
/// Gumbel-softmax (Jang et al., 1611.01144; Maddison et al., 1611.00712). At each step y = softmax((logits + g)/τ), g Gumbel
/// noise; the drawn token is argmax(logits + g), an exact sample of the model. What is fed back and shown to the
/// discriminators is y itself, or the drawn token one-hot with y's gradient (straight-through).
/// </summary>
/// <param name="relaxation">What is fed back and shown.</param>
/// <param name="temperature">τ over the training.</param>
/// <param name="byTensors">Whether draws in main memory are made by tensor operations, too, as on other devices. Default: by a faster loop.</param>
/// <param name="ofSum">Normalises the weighted sum of the losses; null where each discriminator has its own normaliser, or none. Disposed of with this.</param>
public sealed class PathwiseUpdate(Relaxation relaxation, ScheduleOptions temperature, bool byTensors = false, SignalNormalizer? ofSum = null) : UpdateRule
{
    // log(-log(u)) is finite for u in [1e-10, 1 - 6e-8], all that a 32-bit uniform can give but 0.
    const double SmallestUniform = 1e-10;

    readonly bool onCpu = !byTensors;

    public override Rollout Collect(RolloutRequest request) => new(Relax(request, TemperatureAt(request)));

    public override Estimate Estimate(RolloutRequest request, Rollout rollout, int pass)
    {
        var onDevice = rollout.Texts.PerDevice();
        var (terms, losses) = (new List<Term>(), new List<Tensor>());
        foreach (var adversary in request.Adversaries)
        {
            var loss = adversary.GeneratorLoss(onDevice(adversary.Device)); // [B]
            Tensor? raw = null;
            if (adversary.Normalizer is { } normalizer) (raw, loss) = (loss.detach().mean(), normalizer.Normalize(loss));
            var mean = loss.mean();
            terms.Add(new Term(adversary.Name, mean, mean.detach(), raw));
            losses.Add(loss);
        }
        return new Estimate(
            terms, new GeneratedBatch(rollout.Texts, null), new Dictionary<string, double> { ["temperature"] = TemperatureAt(request) },
            ofSum is null || losses.Count == 0 ? null : weights => ofSum.Normalize(Sum(losses, weights, rollout.Texts.Device)).mean());
    }

    static Tensor Sum(IReadOnlyList<Tensor> losses, IReadOnlyList<double> weights, Device device) =>
        losses.Select((loss, k) => loss.to(device) * Held(weights[k])).Aggregate((one, other) => one.Plus(other)); // [B]

    double TemperatureAt(RolloutRequest request) => CheckedSchedule.ValueAt(temperature, request.Step, request.Steps);

    public override TokenBatch Generate(RolloutRequest request)
    {
        // A discriminator that learnt from ids alone would be shown relaxed tokens for the first time when it judges.
        if (relaxation == Relaxation.StraightThrough) return base.Generate(request);
        using var _ = no_grad();
        return Relax(request, TemperatureAt(request));
    }

    TokenBatch Relax(RolloutRequest request, double τ)
    {
        using var scope = NewDisposeScope();
        var (generator, end) = (request.Generator, request.EndId);
        var device = generator.parameters().First().device;
        if (onCpu && generator is LstmGenerator { Parts: { } parts } && CpuRelaxedLstm.Takes(parts, request.Batch, request.Length))
        {
            var texts = new RelaxedTexts(request.Batch, request.Length, (float)τ, relaxation, request.StartId, end, randint(long.MaxValue, [1], int64).item<long>());
            var drawn = CpuRelaxedLstm.Draw(parts, texts);
            return Batch(drawn.Ids, drawn.Shown, end);
        }
        using var state = generator.Start(request.Batch, request.Length);
        var input = full([request.Batch], Held(request.StartId), int64, device: device); // [B]
        var alive = ones([request.Batch], @bool, device); // [B]
        var seed = onCpu && device.type == DeviceType.CPU ? randint(long.MaxValue, [1], int64).item<long>() : 0;
        List<Tensor> ids = [], relaxed = [];
        for (var t = 0; t < request.Length; t++)
        {
            var raw = generator.Logits(generator.Step(input, state)); // [B,V]
            var draw = onCpu && CpuLoop.Takes(raw)
                ? CpuGumbelSoftmax.Draw(raw, alive, τ, relaxation, end, seed, t)
                : Draw(raw, alive, τ, end);
            ids.Add(draw.Tokens);
            relaxed.Add(draw.Shown);
            (input, alive) = (draw.Shown, draw.Alive);
        }
        return Batch(stack(ids, 1), stack(relaxed, 1), end);
    }

    /// <summary>[B,T] and [B,T,V] → what outlives the scope around the call.</summary>
    static TokenBatch Batch(Tensor ids, Tensor relaxed, int? end)
    {
        var tokens = TokenBatch.ForMany(ids.MoveToOuterDisposeScope(), end, relaxed);
        tokens.Relaxed!.MoveToOuterDisposeScope();
        tokens.Mask.MoveToOuterDisposeScope();
        return tokens;
    }

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

    public override void Save(StateBag bag) => ofSum?.Save(bag.Scope("normalizer"));

    public override void Load(StateBag bag) => ofSum?.Load(bag.Scope("normalizer"));

    protected override void Dispose(bool disposing)
    {
        ofSum?.Dispose();
        base.Dispose(disposing);
    }
}
