using TextGan.Generators.Sampling;

namespace TextGan.Runs;

/// <summary>Draws texts from a language model.</summary>
/// <param name="model">The model.</param>
/// <param name="options">Temperature, top-k, top-p.</param>
/// <param name="length">Most tokens of a text, its prompt's included.</param>
/// <param name="prompts">What the texts begin with, in turn, and what messages call it; one empty one for nothing.</param>
public sealed class TextDrawing(
    LanguageModel model, SamplingOptions options, int length, IReadOnlyList<(string Prompt, string Place)> prompts)
{
    /// <summary>
    /// Texts drawn at a time, always this many: how many are asked for changes neither the texts before nor the memory. A number drawn for
    /// a text depends on the rows beside it.
    /// </summary>
    const int Batch = 64;

    readonly TextEncoder encoder = new(model.Encoder.Tokenizer, length);

    /// <summary>So many texts of each prompt; the first ones of each are the same however many are drawn.</summary>
    /// <exception cref="InvalidInputException">A prompt cannot be encoded, or leaves no room for a text.</exception>
    public IEnumerable<DrawnText> Draw(int count, int seed)
    {
        IReadOnlyList<int>[] ids = [.. prompts.Select(one => Ids(one.Prompt, one.Place))];
        manual_seed(seed);
        var all = (long)count * ids.Length;
        for (var first = 0L; first < all; first += Batch)
            foreach (var text in DrawBatch(ids, first).Take((int)Math.Min(Batch, all - first))) yield return text;
    }

    DrawnText[] DrawBatch(IReadOnlyList<int>[] ids, long first)
    {
        using var scope = NewDisposeScope();
        // One text of each prompt after another, so that the number of texts changes none of them.
        int[] rows = [.. Enumerable.Range(0, Batch).Select(i => (int)((first + i) % ids.Length))];
        var tokenizer = encoder.Tokenizer;
        var samples = Sampler.Sample(model.Generator, options, Batch, length, tokenizer.StartId, tokenizer.EndId,
            PromptBatch.Of([.. rows.Select(row => ids[row])]), tokenizer.PaddingId);
        var logs = samples.LogProbabilities.sum(1, type: float64).cpu().data<double>().ToArray(); // [B]
        var responses = encoder.Responses(samples.Tokens);
        return [.. encoder.Decode(samples.Tokens.Ids).Select((whole, i) => new DrawnText(
            tokenizer.Decode(responses[i]), prompts[rows[i]].Prompt is { Length: > 0 } prompt ? prompt : null, responses[i].Length,
            ids[rows[i]].Count + responses[i].Length < length, logs[i]) { Whole = whole })];
    }

    /// <summary>The ids of a prompt; none for a prompt without any token.</summary>
    IReadOnlyList<int> Ids(string prompt, string place)
    {
        if (prompt.Length == 0) return [];
        var (text, hasControls) = model.PromptOf(prompt);
        var ids = hasControls ? encoder.EncodePrompt(text, controls: true) : encoder.Tokenizer.Encode(text);
        if (ids.Count >= encoder.Length)
            throw new InvalidInputException(place,
                $"has {Amount.Of(ids.Count, "token")}; texts have {encoder.Length} (see --length), so the most for a prompt is " +
                $"{encoder.Length - 1}.");
        if (!hasControls && encoder.Tokenizer.EndId is { } end && ids.Contains(end))
            throw new InvalidInputException(place,
                $"has the model's end token, '{encoder.Tokenizer.TokenText(end)}', with which a text ends: nothing can follow it.");
        if (encoder.Tokenizer.UnknownId is not { } unknown || !ids.Contains(unknown)) return ids;
        // The tokenizer reads a word at a time, so what it does not know can be named.
        var words = prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => encoder.Tokenizer.Encode(word).Contains(unknown)).Distinct();
        throw new InvalidInputException(
            place, $"the model's vocabulary does not have {string.Join(", ", words.Select(word => $"'{word}'"))}.");
    }
}
