namespace TextGan.Learning.Credit;

/// <summary>
/// R_t = Σ_{s≥t} γ^(s-t) r_s with the reward r_s of the discriminator's logit at step s (ScratchGAN, 1905.09922, section 3.2). A text's
/// reward is Σ_s r_s, whose expectation is the objective for γ = 1.
/// </summary>
public sealed class StepCredit(double discount) : CreditAssignment
{
    public override IReadOnlyList<TokenCredit> Assign(CreditRequest request)
    {
        var onDevice = request.Tokens.PerDevice();
        var mask = request.Tokens.Response;
        return [.. request.Judges.Select(judge =>
        {
            var judged = request.Scorer.OfLogits(judge, onDevice(judge.Device)); // [B,S]
            if (judged.shape[1] != mask.shape[1])
                throw new RunFailedException(
                    $"The discriminator '{judge.Name}' gives {Amount.Of(judged.shape[1], "logit")} per text; credit 'per-step' needs " +
                    $"one per token ({mask.shape[1]}). Use a discriminator with a logit per step, or credit 'sequence'.");
            var rewards = judged * mask; // [B,T]
            return new TokenCredit(DiscountedSum.FromEachStep(rewards, discount), rewards.sum(1), mask.alias()) { Discount = discount };
        })];
    }
}
