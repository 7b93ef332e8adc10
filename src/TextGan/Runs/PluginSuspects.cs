using TextGan.Experiments;
using TextGan.Learning.Updates;

namespace TextGan.Runs;

/// <summary>
/// Which plug-in a logged value was computed by. Whether the numbers of a plug-in are finite is seen in the values of a step, which
/// are read to the host anyway; this finds the component behind such a value by the value's name.
/// </summary>
public sealed class PluginSuspects
{
    readonly List<(string Prefix, string Members)> suspects = [];

    public PluginSuspects(ExperimentOptions options)
    {
        foreach (var discriminator in options.Discriminators)
        {
            foreach (var prefix in (string[])[$"discriminator/{discriminator.Name}/", $"term/{discriminator.Name}/"])
            {
                Add(prefix, discriminator, "forward");
                Add(prefix, discriminator.Loss, prefix[0] == 'd' ? "DiscriminatorLoss" : "GeneratorLoss");
                Add(prefix, discriminator.Optimizer, "step");
            }
        }
        Add("term/", options.Estimator, "Estimate");
        if (options.Estimator is Learning.Updates.PolicyGradientOptions reinforce)
        {
            Add("term/", reinforce.Credit, "Assign");
            Add("term/", reinforce.Baseline, "Values");
            Add("term/", reinforce.Reward, "Of");
            Add("term/", reinforce.Loss, "Of");
        }
        foreach (var prefix in (string[])["generator/", "term/", "total"]) Add(prefix, options.Generator, "Hidden, Step or Logits");
    }

    /// <summary>"; it comes from the plug-in ..., member forward", or null where no plug-in had a part in the value.</summary>
    public string? Behind(string value)
    {
        var found = suspects.Where(suspect => value.StartsWith(suspect.Prefix, StringComparison.Ordinal)).Select(suspect => suspect.Members)
            .Distinct().ToList();
        return found.Count == 0 ? null : "it was computed by " + string.Join(" and ", found);
    }

    void Add(string prefix, ComponentOptions options, string member)
    {
        if (PluginComponent.Of(options) is { } origin) suspects.Add((prefix, $"{origin}, member {member}"));
    }
}
