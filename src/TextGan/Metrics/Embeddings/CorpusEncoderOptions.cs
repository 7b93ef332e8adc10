using TextGan.Metrics.LanguageModels;

namespace TextGan.Metrics.Embeddings;

/// <summary>
/// A small language model that learns from the training texts of the metric's data set, the LSTM of the metric "language-model-score" (one
/// layer of 128 units). A text's vector, of 128 numbers, is the mean of the hidden states after the start token and each of its tokens. It
/// learns when it is first needed; every run with the same data, tokenizer and seed has the same.
/// </summary>
public sealed record CorpusEncoderOptions : SentenceEncoderOptions
{
    /// <summary>Training texts that it learns from at most, spread evenly over them. Default 10000.</summary>
    [Range(1, int.MaxValue)]
    public int Limit { get; init; } = 10_000;

    /// <summary>The seed of its weights and of the order of the texts. Default 1.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    public override string NameEnd => "corpus";

    public override SentenceEncoder Build(SentenceEncoderContext context) =>
        new CorpusEncoder(WholeTexts.Of(context.Corpus(Limit), context.Encoder), context.Encoder.Tokenizer, context.Device, Seed);
}

/// <summary>Embeds by the states of a language model that has learnt from the corpus.</summary>
/// <param name="texts">What it learns from, each with its end token.</param>
/// <param name="tokenizer">Their tokenizer.</param>
/// <param name="device">Where it computes.</param>
/// <param name="seed">Of weights and order.</param>
public sealed class CorpusEncoder(IReadOnlyList<int[]> texts, ITokenizer tokenizer, Device device, int seed) : SentenceEncoder, IDisposable
{
    readonly Lazy<LstmScoringModel> model = new(() => new(texts, tokenizer, device, seed));

    public override Tensor Encode(IReadOnlyList<string> texts, IReadOnlyList<int[]> tokens) => model.Value.MeanStates(tokens);

    public void Dispose()
    {
        if (model.IsValueCreated) model.Value.Dispose();
    }
}
