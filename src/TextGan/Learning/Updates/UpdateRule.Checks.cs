using TextGan.Learning.Objectives;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Updates;

/// <content>How the library calls a rule: the results of one that a plug-in brought are checked.</content>
public abstract partial class UpdateRule
{
    internal int CheckedPasses => Passes < 1 && PluginComponent.OfBuilt(this) is { } origin
        ? throw origin.Fault(this, nameof(Passes), $"gave {Passes}; 1 or more is needed.") : Passes;

    internal Rollout CheckedCollect(RolloutRequest request)
    {
        var rollout = Collect(request);
        if (PluginComponent.OfBuilt(this) is { } origin)
            Check(origin, origin.NotNull(this, nameof(Collect), rollout).Texts, request, nameof(Collect));
        return rollout;
    }

    internal TextBatch CheckedGenerate(RolloutRequest request)
    {
        var texts = Generate(request);
        if (PluginComponent.OfBuilt(this) is { } origin) Check(origin, texts, request, nameof(Generate));
        return texts;
    }

    internal Estimate CheckedEstimate(RolloutRequest request, Rollout rollout, int pass)
    {
        var estimate = Estimate(request, rollout, pass);
        if (PluginComponent.OfBuilt(this) is not { } origin) return estimate;
        const string member = nameof(Estimate);
        var names = request.Judges.Select(judge => judge.Name).ToList();
        var terms = origin.NotNull(this, member, origin.NotNull(this, member, estimate).Terms, "the terms");
        if (!terms.Select(term => term?.Name).SequenceEqual(names))
            throw origin.Fault(this, member, $"gave the terms [{string.Join(", ", terms.Select(term => term?.Name ?? "null"))}]; " +
                $"one for each discriminator is needed, in their order: [{string.Join(", ", names)}].");
        var tokens = origin.NotNull(this, member, estimate.Generated?.Tokens, "the texts");
        foreach (var term in terms)
        {
            origin.Floats(this, $"the value of the term '{term.Name}'", term.Value, [], tokens.Device, member);
            if (term.Raw is { } raw) origin.Floats(this, $"the raw value of the term '{term.Name}'", raw, [], tokens.Device, member);
        }
        if (request.NeedsLogits)
        {
            long[] shape = [tokens.Batch, request.Length, request.Generator.VocabularySize];
            origin.Floats(this, "logits", estimate.Generated?.Logits, shape, tokens.Device, member);
        }
        origin.NotNull(this, member, estimate.Settings, "the settings");
        return estimate with { Terms = [.. terms.Zip(request.Judges, (term, judge) => term with
        {
            Surrogate = () => Surrogate(term, term.Surrogate()),
            Loss = GeneratorLossOf(judge, rollout.Written),
            Part = term.Part is { } part ? (from, count) => Surrogate(term, part(from, count)) : null,
        })] };

        Tensor Surrogate(Term term, Tensor made) =>
            origin.Floats(this, $"the surrogate of the term '{term.Name}'", made, [], tokens.Device, member);
    }

    void Check(PluginComponent origin, TextBatch? batch, RolloutRequest request, string member)
    {
        var tokens = origin.NotNull(this, member, batch, "the texts");
        var device = request.Generator.parameters().FirstOrDefault()?.device ?? tokens.Device;
        origin.Ids(this, "ids", tokens.Ids, [request.Batch, request.Length], device, member);
        origin.Floats(this, "a mask", tokens.Mask, [request.Batch, request.Length], device, member);
        if (tokens.Relaxed is { } relaxed)
            origin.Floats(this, "relaxed tokens", relaxed, [request.Batch, request.Length, request.Generator.VocabularySize], device,
                member);
    }
}
