using TextGan.Objectives;
using TextGan.Schedules;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Estimators;

/// <summary>
/// Gumbel-softmax (Jang et al., 1611.01144; Maddison et al., 1611.00712). At each step y = softmax((logits + g)/τ), g Gumbel
/// noise; the drawn token is argmax(logits + g), an exact sample of the model. What is fed back and shown to the
/// discriminators is y itself, or the drawn token one-hot with y's gradient (straight-through).
/// </summary>
public sealed class GumbelSoftmaxEstimator(Relaxation relaxation, ScheduleOptions temperature) : GradientEstimator
{
    // log(-log(u)) is finite for u in [1e-10, 1 - 6e-8], all that a 32-bit uniform can give but 0.
    const double SmallestUniform = 1e-10;

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
        using var state = generator.Start(request.Batch, request.Length);
        var input = full([request.Batch], request.StartId, int64, device: device); // [B]
        var endRow = end is { } e ? nn.functional.one_hot(tensor(e, int64, device), generator.VocabularySize).to_type(float32) : null; // [V]
        var alive = ones([request.Batch, 1], @bool, device); // [B,1]
        List<Tensor> ids = [], relaxed = [];
        for (var t = 0; t < request.Length; t++)
        {
            var raw = generator.Logits(generator.Step(input, state)); // [B,V]
            var noise = -(-rand_like(raw).clamp_min(SmallestUniform).log()).log();
            var perturbed = raw + noise;
            var y = (perturbed / τ).softmax(-1); // [B,V]
            var token = perturbed.detach().argmax(-1); // [B]
            var shown = relaxation == Relaxation.StraightThrough
                ? nn.functional.one_hot(token, generator.VocabularySize).to_type(y.dtype) + (y - y.detach())
                : y;
            if (end is { } endId)
            {
                // After the end a row is the end token for certain, in both kinds of text, and carries no gradient.
                shown = where(alive, shown, endRow!);
                token = where(alive.squeeze(1), token, full_like(token, endId));
                alive = alive & token.unsqueeze(1).ne(endId);
            }
            ids.Add(token);
            relaxed.Add(shown);
            input = shown;
        }
        var tokens = new TokenBatch(
            stack(ids, 1).MoveToOuterDisposeScope(), end, stack(relaxed, 1).MoveToOuterDisposeScope()); // [B,T], [B,T,V]
        tokens.Mask.MoveToOuterDisposeScope();
        return tokens;
    }
}
