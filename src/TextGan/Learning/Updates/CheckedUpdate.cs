using TextGan.Learning.Rollouts;
using TextGan.Plugins;
using TextGan.Storage;
using TextGan.Tokenization;

namespace TextGan.Learning.Updates;

/// <summary>A plug-in's estimator, whose results are checked.</summary>
public sealed class CheckedUpdate : UpdateRule
{
    readonly PluginComponent origin;
    readonly UpdateRule inner;

    CheckedUpdate(PluginComponent origin, UpdateRule inner) => (this.origin, this.inner) = (origin, inner);

    /// <summary>Builds an estimator; only one that a plug-in brought is wrapped.</summary>
    public static UpdateRule Build(EstimatorOptions options, EstimatorContext context)
    {
        var estimator = options.Build(context);
        return PluginComponent.Of(options) is { } origin ? new CheckedUpdate(origin, origin.NotNull(options, nameof(Build), estimator)) : estimator;
    }

    public override int GroupSize => inner.GroupSize;

    public override int Passes => inner.Passes is > 0 and var passes ? passes : throw origin.Fault(inner, nameof(Passes), $"gave {inner.Passes}; 1 or more is needed.");

    public override Rollout Collect(RolloutRequest request)
    {
        var rollout = origin.NotNull(inner, nameof(Collect), inner.Collect(request));
        Checked(rollout.Texts, request, nameof(Collect));
        return rollout;
    }

    public override Estimate Estimate(RolloutRequest request, Rollout rollout, int pass)
    {
        var estimate = origin.NotNull(inner, nameof(Estimate), inner.Estimate(request, rollout, pass));
        var names = request.Adversaries.Select(adversary => adversary.Name).ToList();
        var terms = origin.NotNull(inner, nameof(Estimate), estimate.Terms, "the terms");
        if (!terms.Select(term => term?.Name).SequenceEqual(names))
            throw origin.Fault(inner, nameof(Estimate), $"gave the terms [{string.Join(", ", terms.Select(term => term?.Name ?? "null"))}]; one for each discriminator is needed, in their order: [{string.Join(", ", names)}].");
        var tokens = origin.NotNull(inner, nameof(Estimate), estimate.Generated?.Tokens, "the texts");
        foreach (var term in terms)
        {
            origin.Floats(inner, $"the surrogate of the term '{term.Name}'", term.Surrogate, [], tokens.Device);
            origin.Floats(inner, $"the value of the term '{term.Name}'", term.Value, [], tokens.Device);
            if (term.Raw is { } raw) origin.Floats(inner, $"the raw value of the term '{term.Name}'", raw, [], tokens.Device);
        }
        if (request.NeedsLogits)
            origin.Floats(inner, "logits", estimate.Generated?.Logits, [tokens.Batch, request.Length, request.Generator.VocabularySize], tokens.Device);
        origin.NotNull(inner, nameof(Estimate), estimate.Settings, "the settings");
        return estimate;
    }

    public override TokenBatch Generate(RolloutRequest request) => Checked(inner.Generate(request), request, nameof(Generate));

    TokenBatch Checked(TokenBatch? batch, RolloutRequest request, string member)
    {
        var tokens = origin.NotNull(inner, member, batch, "the texts");
        var device = request.Generator.parameters().FirstOrDefault()?.device ?? tokens.Device;
        origin.Ids(inner, "ids", tokens.Ids, [request.Batch, request.Length], device, member);
        origin.Floats(inner, "a mask", tokens.Mask, [request.Batch, request.Length], device, member);
        if (tokens.Relaxed is { } relaxed) origin.Floats(inner, "relaxed tokens", relaxed, [request.Batch, request.Length, request.Generator.VocabularySize], device, member);
        return tokens;
    }

    public override void Save(StateBag bag) => inner.Save(bag);

    public override void Load(StateBag bag) => inner.Load(bag);

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}
