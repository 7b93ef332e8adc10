namespace TextGan.Learning.Credit;

/// <summary>Shares out the reward of texts over their tokens.</summary>
public abstract class CreditAssignment : LearningPart
{
    /// <summary>One credit per discriminator, in their order. No gradient.</summary>
    public abstract IReadOnlyList<TokenCredit> Assign(CreditRequest request);

    /// <summary><see cref="Assign"/>, checked where a plug-in brought the rule.</summary>
    internal IReadOnlyList<TokenCredit> CheckedAssign(CreditRequest request)
    {
        var credits = Assign(request);
        if (PluginComponent.OfBuilt(this) is not { } origin) return credits;
        if (origin.NotNull(this, nameof(Assign), credits).Count != request.Judges.Count)
            throw origin.Fault(this, nameof(Assign),
                $"gave {Amount.Of(credits.Count, "credit")} for {Amount.Of(request.Judges.Count, "discriminator")}.");
        long[] texts = [request.Tokens.Batch], tokens = [request.Tokens.Batch, request.Tokens.Length];
        foreach (var credit in credits)
        {
            origin.NotNull(this, nameof(Assign), credit, "a credit");
            origin.Floats(this, "returns", credit.Returns, tokens, request.Tokens.Device, nameof(Assign));
            origin.Floats(this, "a reward", credit.Reward, texts, request.Tokens.Device, nameof(Assign));
            if (credit.Counted is { } counted) origin.Floats(this, "a mask", counted, tokens, request.Tokens.Device, nameof(Assign));
        }
        return credits;
    }
}
