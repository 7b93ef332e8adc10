using TextGan.Estimators;
using TextGan.Generators;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rollouts;
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
public sealed class PathwiseUpdate(Relaxation relaxation, ScheduleOptions temperature) : UpdateRule
{
    public override Estimate Estimate(RolloutRequest request)
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

    public override TokenBatch Generate(RolloutRequest request)
    {
        // A discriminator that learnt from ids alone would be shown relaxed tokens for the first time when it judges.
        if (relaxation == Relaxation.StraightThrough) return base.Generate(request);
        using var _ = no_grad();
        return Relax(request, CheckedSchedule.ValueAt(temperature, request.Step, request.Steps));
    }

    TokenBatch Relax(RolloutRequest request, double τ)
    {
        using var scope = NewDisposeScope();
        var (generator, end) = (request.Generator, request.EndId);
        var texts = new RelaxedTexts(request.Batch, request.Length, τ, relaxation == Relaxation.StraightThrough, request.StartId, end);
        using var state = generator.Start(request.Batch, request.Length);
        var (ids, shown) = GumbelSoftmax.Draw(texts, generator.Parts, read => generator.Logits(generator.Step(read, state)), generator.parameters().First().device);
        return Batch(ids, shown, end);
    }

    /// <summary>[B,T] and [B,T,V] → what outlives the scope around the call.</summary>
    static TokenBatch Batch(Tensor ids, Tensor relaxed, int? end)
    {
        var tokens = TokenBatch.ForMany(ids.MoveToOuterDisposeScope(), end, relaxed);
        tokens.Relaxed!.MoveToOuterDisposeScope();
        tokens.Mask.MoveToOuterDisposeScope();
        return tokens;
    }
}
