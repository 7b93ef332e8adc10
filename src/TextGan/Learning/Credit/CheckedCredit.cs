using TextGan.Plugins;
using TextGan.Problems;

namespace TextGan.Learning.Credit;

/// <summary>A plug-in's credit rule, whose results are checked.</summary>
public sealed class CheckedCredit : CreditAssignment
{
    readonly PluginComponent origin;
    readonly CreditAssignment inner;

    CheckedCredit(PluginComponent origin, CreditAssignment inner) => (this.origin, this.inner) = (origin, inner);

    /// <summary>Builds a credit rule; only one that a plug-in brought is wrapped.</summary>
    public static CreditAssignment Build(CreditOptions options)
    {
        var credit = options.Build();
        return PluginComponent.Of(options) is { } origin ? new CheckedCredit(origin, origin.NotNull(options, nameof(Build), credit)) : credit;
    }

    public override IReadOnlyList<TokenCredit> Assign(CreditRequest request)
    {
        var credits = origin.NotNull(inner, nameof(Assign), inner.Assign(request));
        if (credits.Count != request.Adversaries.Count)
            throw origin.Fault(inner, nameof(Assign), $"gave {Amount.Of(credits.Count, "credit")} for {Amount.Of(request.Adversaries.Count, "discriminator")}.");
        long[] texts = [request.Tokens.Batch], tokens = [request.Tokens.Batch, request.Tokens.Length];
        foreach (var credit in credits)
        {
            var checkedCredit = origin.NotNull(inner, nameof(Assign), credit, "a credit");
            origin.Floats(inner, "returns", checkedCredit.Returns, tokens, request.Tokens.Device);
            origin.Floats(inner, "a reward", checkedCredit.Reward, texts, request.Tokens.Device);
            if (checkedCredit.Counted is { } counted) origin.Floats(inner, "a mask", counted, tokens, request.Tokens.Device);
        }
        return credits;
    }
}
