using TextGan.Plugins;
using TextGan.Problems;

namespace TextGan.Data;

/// <summary>Loads data sets; what a plug-in's data kind gives is checked.</summary>
public static class CheckedData
{
    public static DataSet Load(DataOptions options, DataContext context)
    {
        var set = options.Load(context);
        if (PluginComponent.Of(options) is not { } origin) return set;
        origin.NotNull(options, nameof(Load), set);
        foreach (var (name, split) in ((string, DataSplit)[])[("Train", set.Train), ("HeldOut", set.HeldOut)])
        {
            var texts = origin.NotNull(options, nameof(Load), split?.Texts, $"the texts of {name}");
            if (texts.Any(text => text is null)) throw origin.Fault(options, nameof(Load), $"gave null for a text of {name}.");
            foreach (var (what, others) in ((string, IReadOnlyList<string>?)[])[("rejected texts", split!.Rejected), ("prompts", split.Prompts)])
            {
                if (others is not null && others.Count != texts.Count) throw origin.Fault(options, nameof(Load), $"gave {others.Count} {what} for {Amount.Of(texts.Count, "text")} of {name}; each belongs to a text.");
            }
        }
        if (set.Train.Texts.Count == 0) throw origin.Fault(options, nameof(Load), "gave no text to train on.");
        if (options.HasRejected && set.Train.Rejected is null) throw origin.Fault(options, nameof(Load), "gave no rejected texts, which HasRejected promises.");
        return set;
    }
}
