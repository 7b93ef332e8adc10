using TextGan.Data;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>
/// What the runs of an experiment read: data sets, tokenizer, encoded rows. Loaded once and shared by all seeds, and by experiments that
/// read the same (<see cref="SharedMaterials"/>).
/// </summary>
/// <param name="DataSets">By name.</param>
/// <param name="Encoder">Tokenizer and row length.</param>
/// <param name="Encoded">Rows of ids by data set name.</param>
public sealed record Materials(
    IReadOnlyDictionary<string, DataSet> DataSets, TextEncoder Encoder, IReadOnlyDictionary<string, EncodedSet> Encoded) : IDisposable
{
    /// <summary>What was found about the data.</summary>
    public DataReport Report { get; init; } = DataReport.Empty;

    /// <param name="options">The experiment.</param>
    /// <param name="baseFolder">Where its relative paths start.</param>
    /// <param name="message">Hears one line a data set, and what else is worth knowing about the data.</param>
    /// <param name="warn">Hears what should not be overlooked about them; by default <paramref name="message"/> does.</param>
    /// <param name="drawn">Where the ids of texts come from that data sets draw from models; by default they are drawn.</param>
    /// <param name="replyFolder">Where replies of teachers from outside are kept; null: nobody is asked, and stand-ins take their
    /// place.</param>
    /// <exception cref="InvalidInputException">Data or tokenizer cannot be used.</exception>
    public static Materials Load(ExperimentOptions options, string baseFolder, Action<string> message, Action<string>? warn = null,
        DrawnRows? drawn = null, string? replyFolder = null)
    {
        warn ??= text => message($"warning: {text}");
        var loading = new DataLoading(options, baseFolder, message) { Drawn = drawn ?? ((_, draw) => draw()), ReplyFolder = replyFolder };
        var (sets, encoded) = (loading.Sets, new Dictionary<string, EncodedSet>());
        try
        {
            foreach (var name in options.Data.Keys) loading.Load(name);
            RequirePrompts(options, sets);
            GoldTexts.Check(options, sets, warn);
            var gold = GoldData.LearntByJudges(options).Select(one => one.Name).ToHashSet(); // training knows no word of it
            var texts = sets.Values.Where(set => !gold.Contains(set.Name))
                .SelectMany(set => set.Train.Texts.Concat(set.Train.Rejected ?? []).Concat(set.Train.Prompts ?? []));
            var tokenizer = ValidatingTokenizer.Build(options.Tokenizer, new TokenizerContext(baseFolder, texts, null));
            var encoder = new TextEncoder(tokenizer, options.Length, options.PromptLength);
            message($"tokenizer: {tokenizer.VocabularySize:N0} tokens");
            (encoded, var report) = new DataEncoding(sets, encoder, isLearnt: tokenizer.FittedVocabulary is not null).Run();
            foreach (var finding in report.Findings) (finding.IsWarning ? warn : message)(finding.Text);
            var materials = new Materials(sets, encoder, encoded) { Report = report };
            materials.RequireTexts(options);
            return materials;
        }
        catch
        {
            Dispose(sets.Values, encoded.Values);
            throw;
        }
    }

    /// <summary>Rejects an experiment that is to answer prompts where there are none.</summary>
    static void RequirePrompts(ExperimentOptions options, IReadOnlyDictionary<string, DataSet> sets)
    {
        if (options.Prompts is not { } named) return;
        string[] having = [.. sets.Values.Where(set => set.Train.Prompts is not null).Select(set => set.Name)];
        if (!having.Contains(named))
            throw new InvalidInputException("$.prompts",
                $"the data set '{named}' has no prompts; those that have: {Wording.List(having)}.");
        for (var k = 0; k < options.Discriminators.Count; k++)
        {
            if (options.Discriminators[k] is { Learns: true, Data: { } data } discriminator && !having.Contains(data))
                throw new InvalidInputException($"$.discriminators[{k}].data",
                    $"the data set '{data}' has no prompts, so that the discriminator '{discriminator.Name}' would tell its real texts " +
                    $"from the generator's by the prompts of these; data sets with prompts: {Wording.List(having)}.");
        }
    }

    /// <summary>Rejects an experiment that trains on a set of which encoding leaves nothing.</summary>
    /// <exception cref="InvalidInputException">All pairs of a set are equal after encoding, and something would learn from
    /// them.</exception>
    public void RequireTexts(ExperimentOptions options)
    {
        foreach (var (name, set) in Encoded)
        {
            if (set.Texts.Count > 0 || DataSets[name].Train.Texts.Count == 0) continue;
            string[] users =
            [
                .. options.Discriminators.Where(discriminator => discriminator.Data == name)
                    .Select(discriminator => $"discriminator '{discriminator.Name}'"),
                .. options.Pretraining?.Data == name ? ["pretraining"] : Array.Empty<string>(),
                .. options.Regularizers.LikelihoodData == name ? ["the likelihood term"] : Array.Empty<string>(),
                .. options.Regularizers.Mediator?.Data == name ? ["the mediator"] : Array.Empty<string>(),
            ];
            if (users.Length == 0) continue;
            throw new InvalidInputException("$.data" + Origin.Step(name),
                $"after encoding, the chosen and the rejected text are equal in all {DataSets[name].Train.Texts.Count:N0} pairs of " +
                $"'{name}' (rows of {Encoder.Length:N0} tokens, a vocabulary of {Encoder.Tokenizer.VocabularySize:N0}): there is nothing " +
                $"to learn for {string.Join(", ", users)}. A larger 'length' or vocabulary may tell them apart.");
        }
    }

    public void Dispose() => Dispose(DataSets.Values, Encoded.Values);

    /// <summary>Rows, and sources that hold tensors of their own (the LSTM oracle).</summary>
    static void Dispose(IEnumerable<DataSet> sets, IEnumerable<EncodedSet> encoded)
    {
        foreach (var set in encoded) set.Dispose();
        foreach (var set in sets) (set.Source as IDisposable)?.Dispose();
    }
}
