using TextGan.Generators.Sampling;
using TextGan.Training;

namespace TextGan.Learning.Credit;

/// <summary>
/// R_t = mean over n completions of r(x_1..t + completion), R_T = r(x) (SeqGAN, 1609.05473, equation 4). The completions of
/// a prefix are drawn from the generator itself, or from a copy that lags behind it, and judged by every discriminator.
/// </summary>
/// <param name="count">n.</param>
/// <param name="lagging">Who completes, begun at the generator's weights; null for the generator itself. Disposed of with this.</param>
public sealed class RolloutCredit(int count, WeightAverage? lagging = null) : CreditAssignment
{
    public override IReadOnlyList<TokenCredit> Assign(CreditRequest request)
    {
        if (request.Judges.Count == 0) return []; // nobody would read the completions
        lagging?.Update(request.Generator); // at the first rollout both are equal
        var (batch, length) = (request.Tokens.Batch, (int)request.Tokens.Length);
        var judges = request.Judges;
        var returns = judges.Select(_ => new Tensor[length]).ToArray(); // [K][T] of [B]
        var prompts = request.Prompts?.To(request.Tokens.Device);
        var completions = Completions.CompleteAll(
            // [T-1,B,n,T]
            lagging?.Generator ?? request.Generator, request.Tokens.Ids, count, request.StartId, request.EndId,
            prompts: prompts, paddingId: request.PaddingId);
        var shortest = prompts?.Shortest ?? 0; // so many tokens nobody chose: they have no return
        foreach (var ofEach in returns) Array.Fill(
            ofEach, zeros([batch], device: request.Tokens.Device), 0, Math.Min(shortest, length - 1));
        for (var t = shortest + 1; t < length; t++)
        {
            using var scope = NewDisposeScope();
            var texts = completions.select(0, t - 1).reshape(batch * count, length); // [B·n,T]: the n completions of a text together
            var onDevice = new TextBatch(texts, request.EndId, promptLengths: prompts?.Repeat(count).Lengths).PerDevice();
            for (var k = 0; k < judges.Count; k++)
            {
                var reward = request.Scorer.OfTexts(judges[k], onDevice(judges[k].Device)); // [B·n]
                returns[k][t - 1] = reward.view(batch, count).mean([1]).MoveToOuterDisposeScope(); // [B]
            }
        }
        // Nobody chose the tokens of a prompt: their zeros must not enter means and deviations.
        var counted = prompts is null ? null : ones_like(request.Tokens.Mask) - (request.Tokens.Mask - request.Tokens.Response); // [B,T]
        var whole = request.Tokens.PerDevice();
        return [.. judges.Select((judge, k) =>
        {
            var reward = request.Scorer.OfTexts(judge, whole(judge.Device)); // [B]
            returns[k][length - 1] = reward;
            return new TokenCredit(stack(returns[k], 1), reward, counted?.alias());
        })];
    }

    public override void Save(StateBag bag) => lagging?.Save(bag.Scope("lagging"));

    public override void Load(StateBag bag) => lagging?.Load(bag.Scope("lagging"));

    protected override void Release() => lagging?.Dispose();
}
