namespace TextGan.Learning.Credit;

/// <summary>Shares out the reward of texts over their tokens.</summary>
public abstract class CreditAssignment
{
    /// <summary>One credit per discriminator, in their order. No gradient.</summary>
    public abstract IReadOnlyList<TokenCredit> Assign(CreditRequest request);
}
