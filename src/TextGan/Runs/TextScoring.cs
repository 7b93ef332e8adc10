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
        var (encoder, endId) = (run.Encoder, run.Encoder.Tokenizer.EndId);
        var flat = new long[texts.Length * encoder.Length];
        var rows = new EncodedText[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            try
            {
                var (prompt, hasControls) = texts[i].Prompt is { } question ? run.PromptOf(question) : (null, false);
                rows[i] = encoder.EncodeRow(texts[i].Text, flat.AsSpan(i * encoder.Length, encoder.Length), prompt, hasControls);
            }
            catch (Exception bad) when (bad is ArgumentException or InvalidInputException)
            {
                throw new InvalidInputException(texts[i].Place, (bad as InvalidInputException)?.Problems[0].Message ?? bad.Message);
            }
        }
        // [B]
        var prompts = Array.TrueForAll(texts, text => text.Prompt is null) ? null
            : tensor(rows.Select(row => (long)row.PromptLength).ToArray(), int64, device);
        var batch = new TextBatch(tensor(flat, [texts.Length, encoder.Length], int64).to(device), endId, promptLengths: prompts); // [B,T]
        var chosen = batch.Response; // [B,T]
        // [B]
        var losses = -(TeacherForcing.LogProbabilities(run.Generator, batch.Ids, encoder.Tokenizer.StartId) * chosen)
            .sum(1) / chosen.sum(1);
        var likelihoods = DiscriminatorScores.Numbers(losses.cpu());
        var scores = run.Judges.ToDictionary(judge => judge.Name, judge =>
            DiscriminatorScores.Numbers(DiscriminatorScores.Of(judge.Model, texts.Length, (from, count) => batch.Rows(from, count))));
        return [.. texts.Select((text, i) => new SampleLine
        {
            Text = text.Text, Prompt = text.Prompt, Tokens = Math.Min(rows[i].Ids.Count, rows[i].Room),
            Ended = rows[i].Ids.Count < rows[i].Room,
            Scores = scores.ToDictionary(judge => judge.Key, judge => judge.Value[i]), Nll = likelihoods[i],
        })];
    }
}
