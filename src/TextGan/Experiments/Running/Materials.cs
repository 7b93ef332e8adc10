using TextGan.Data;
using TextGan.Tokenization;
using TextGan.Training;

namespace TextGan.Experiments.Running;

/// <summary>What the runs of an experiment read: data sets, tokenizer, encoded rows. Loaded once and shared by all seeds, and by experiments that read the same (<see cref="SharedMaterials"/>).</summary>
/// <param name="DataSets">By name.</param>
/// <param name="Encoder">Tokenizer and row length.</param>
/// <param name="Encoded">Rows of ids by data set name.</param>
public sealed record Materials(
    IReadOnlyDictionary<string, DataSet> DataSets, TextEncoder Encoder, IReadOnlyDictionary<string, EncodedSet> Encoded) : IDisposable
{
    /// <param name="options">The experiment.</param>
    /// <param name="baseFolder">Where its relative paths start.</param>
    /// <param name="fittedVocabulary">A stored run's vocabulary, or null to learn it.</param>
    /// <param name="message">Hears one line a data set.</param>
    public static Materials Load(ExperimentOptions options, string baseFolder, IReadOnlyList<string>? fittedVocabulary, Action<string> message)
    {
        var (sets, encoded) = (new Dictionary<string, DataSet>(), new Dictionary<string, EncodedSet>());
        try
        {
            foreach (var (name, data) in options.Data)
            {
                sets[name] = CheckedData.Load(data, new DataContext(name, baseFolder, options.Length));
                message($"data '{name}': {sets[name].Summary}");
            }
            var texts = sets.Values.SelectMany(set => set.Train.Texts.Concat(set.Train.Rejected ?? []));
            var tokenizer = CheckedTokenizer.Build(options.Tokenizer, new TokenizerContext(baseFolder, texts, fittedVocabulary));
            var encoder = new TextEncoder(tokenizer, options.Length);
            message($"tokenizer: {tokenizer.VocabularySize:N0} tokens");
            foreach (var (name, set) in sets) encoded[name] = EncodedSet.Of(set, encoder);
            return new Materials(sets, encoder, encoded);
        }
        catch
        {
            Dispose(sets.Values, encoded.Values);
            throw;
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
