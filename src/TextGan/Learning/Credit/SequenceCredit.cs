namespace TextGan.Learning.Credit;

/// <summary>R_t = r(x) for every token (Williams, 1992): one judgement a text.</summary>
public sealed class SequenceCredit : CreditAssignment
{
    public override IReadOnlyList<TokenCredit> Assign(CreditRequest request)
    {
        var onDevice = request.Tokens.PerDevice();
        return [.. request.Judges.Select(judge =>
        {
            var reward = request.Scorer.OfTexts(judge, onDevice(judge.Device)); // [B]
            return new TokenCredit(reward.unsqueeze(1).expand(request.Tokens.Ids.shape), reward, null);
        })];
    }
}
