using TextGan.Discriminators;
using TextGan.Generators;
using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>What a run's judges and its generator say of any texts.</summary>
public static class TextScoring
{
    const int AtOnce = 64;

    /// <summary>
    /// A line for each text, in their order: the score of each judge, and the generator's negative log-likelihood in nats per token (an end
    /// token included). A prompt is put before its text, and both count. What is longer than the experiment's length is cut.
    /// </summary>
    /// <param name="run">Loaded with its judges.</param>
    /// <param name="texts">Text, prompt, and what messages call it.</param>
    /// <param name="device">Where the models are.</param>
    /// <exception cref="InvalidInputException">A text cannot be encoded.</exception>
    public static IEnumerable<SampleLine> Of(StoredRun run, IEnumerable<(string Text, string? Prompt, string Place)> texts,
        Device device) =>
        texts.Chunk(AtOnce).SelectMany(chunk => Score(run, chunk, device));

    static SampleLine[] Score(StoredRun run, (string Text, string? Prompt, string Place)[] texts, Device device)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var encoder = run.Encoder;
        var rows = Read(encoder, run.PromptOf, texts);
        var flat = new long[texts.Length * encoder.Length];
        for (var i = 0; i < texts.Length; i++)
            Named(texts[i].Place, () =>
            {
                rows[i].Fill(flat.AsSpan(i * encoder.Length, encoder.Length), encoder.Tokenizer);
                return true;
            });
        // [B]
        var prompts = Array.TrueForAll(texts, text => text.Prompt is null) ? null
            : tensor(rows.Select(row => (long)row.PromptLength).ToArray(), int64, device);
        var batch = new TextBatch(tensor(flat, [texts.Length, encoder.Length], int64).to(device), encoder.Tokenizer.EndId,
            promptLengths: prompts); // [B,T]
        var likelihoods = TextLikelihood.Of(run.Generator, encoder.Tokenizer, rows);
        var scores = run.Judges.ToDictionary(judge => judge.Name, judge =>
            DiscriminatorScores.Numbers(DiscriminatorScores.Of(judge.Model, texts.Length, (from, count) => batch.Rows(from, count))));
        return [.. texts.Select((text, i) => new SampleLine
        {
            Text = text.Text, Prompt = text.Prompt, Tokens = rows[i].Kept, Ended = rows[i].HasEnd,
            Scores = scores.ToDictionary(judge => judge.Key, judge => judge.Value[i]), Nll = -likelihoods[i].PerToken(),
        })];
    }

    /// <summary>The ids of texts and of their prompts.</summary>
    /// <exception cref="InvalidInputException">A text cannot be encoded; the message begins with what it is called.</exception>
    internal static EncodedText[] Read(TextEncoder encoder, Func<string, (string Prompt, bool HasControls)> promptOf,
        IEnumerable<(string Text, string? Prompt, string Place)> texts) => [.. texts.Select(text => Named(text.Place, () =>
        {
            var (prompt, hasControls) = text.Prompt is { } question ? promptOf(question) : (null, false);
            return encoder.Read(text.Text, prompt, hasControls);
        }))];

    static T Named<T>(string place, Func<T> encode)
    {
        try
        {
            return encode();
        }
        catch (Exception bad) when (bad is ArgumentException or InvalidInputException)
        {
            throw new InvalidInputException(place, (bad as InvalidInputException)?.Problems[0].Message ?? bad.Message);
        }
    }
}
