using TextGan.Native;
using TorchSharp;

namespace TextGan.Generators.Sampling;

/// <summary>
/// Completes the beginnings of texts several times, as Monte-Carlo estimates of what a beginning is worth need it (SeqGAN, 1609.05473,
/// equation 4). Texts that have ended within their beginning stay as they are.
/// </summary>
public static class Completions
{
    /// <summary>Completes each beginning <paramref name="count"/> times.</summary>
    /// <param name="generator">Who completes.</param>
    /// <param name="prefix">[B,P] int64 with 0 ≤ P ≤ T.</param>
    /// <param name="count">N: completions of each.</param>
    /// <param name="length">T.</param>
    /// <param name="startId">What the generator reads before the first token.</param>
    /// <param name="endId">What ends a text, or null.</param>
    /// <param name="options">How tokens are drawn; null: from the model's own distribution.</param>
    /// <returns>[B,N,T] int64: [b,n] begins with prefix[b].</returns>
    public static Tensor Complete(Generator generator, Tensor prefix, int count, int length, int startId, int? endId,
        SamplingOptions? options = null)
    {
        using var gradients = no_grad();
        using var evaluation = new EvaluationMode(generator);
        using var copies = RoundedWeights.Keep();
        using var scope = NewDisposeScope();
        var (batch, given) = (prefix.shape[0], (int)prefix.shape[1]);
        if (given == length) return prefix.unsqueeze(1).repeat(1, count, 1).MoveToOuterDisposeScope();
        using var state = generator.Start(batch, length);
        var hidden = Sampler.Read(generator, state, prefix, startId); // [B,H]
        return Branch(generator, (options ?? new SamplingOptions()).Drawer(), state, hidden, prefix, count, length, endId)
            .view(batch, count, length).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Completes every beginning of every text: the generator reads each text once and branches off after each token. The memory of one
    /// beginning's B·N branches is needed at a time.
    /// </summary>
    /// <param name="generator">Who completes.</param>
    /// <param name="ids">[B,T] int64: whole texts.</param>
    /// <param name="count">N: completions of each beginning.</param>
    /// <param name="startId">What the generator reads before the first token.</param>
    /// <param name="endId">What ends a text, or null.</param>
    /// <param name="options">How tokens are drawn; null: from the model's own distribution.</param>
    /// <param name="prompts">The texts' prompts, which completions keep; null for none.</param>
    /// <param name="paddingId">What fills a text after its end; null: the end token.</param>
    /// <returns>
    /// [T-1,B,N,T] int64: [t-1,b,n] begins with the t tokens ids[b,:t], and with the prompt of text b. Where all t belong to the prompt
    /// in every text, nobody asks what they are worth, and there is padding. The beginning's length comes first so that what one beginning
    /// yields lies together: result[t-1].view(B·N,T) is a batch in which row b·N+n belongs to text b, and scores [B·N] of it
    /// become .view(B,N).mean(1), the worth of token t of each text. The worth of the last token is the score of the text itself.
    /// </returns>
    public static Tensor CompleteAll(
        Generator generator, Tensor ids, int count, int startId, int? endId, SamplingOptions? options = null, PromptBatch? prompts = null,
            int? paddingId = null)
    {
        using var gradients = no_grad();
        using var evaluation = new EvaluationMode(generator);
        using var copies = RoundedWeights.Keep();
        using var scope = NewDisposeScope();
        var (batch, length) = (ids.shape[0], (int)ids.shape[1]);
        var drawer = (options ?? new SamplingOptions()).Drawer();
        var shortest = prompts?.Shortest ?? 0;
        var completions = empty([length - 1, batch, count, length], ScalarType.Int64, ids.device);
        completions.narrow(0, 0, Math.Min(shortest, length - 1)).fill_(Held(paddingId ?? endId ?? 0));
        using var state = generator.Start(batch, length);
        generator.Step(full([batch], Held(startId), ScalarType.Int64, ids.device), state);
        for (var given = 1; given < length; given++)
        {
            using var step = NewDisposeScope();
            var hidden = generator.Step(ids.select(1, given - 1), state); // [B,H]
            if (given <= shortest) continue;
            // [B·N,T]
            var branches = Branch(generator, drawer, state, hidden, ids.narrow(1, 0, given), count, length, endId, prompts, paddingId);
            completions.select(0, given - 1).view(batch * count, length).copy_(branches);
        }
        return completions.MoveToOuterDisposeScope();
    }

    /// <summary>Prefixes [B,P], the state after them and the last hidden state [B,H] → [B·N,T], the N of a prefix together.</summary>
    static Tensor Branch(Generator generator, TokenDrawer drawer, GeneratorState state, Tensor hidden, Tensor prefix, int count, int length,
        int? endId,
        PromptBatch? prompts = null, int? paddingId = null)
    {
        using var scope = NewDisposeScope();
        var (batch, given) = (prefix.shape[0], (int)prefix.shape[1]);
        var rows = Indices(batch, ScalarType.Int64, prefix.device).repeat_interleave(count); // [B·N]: 0,0,…,1,1,…
        using var writer = new SequenceWriter(prefix.index_select(0, rows), length, endId, prompts?.Repeat(count), paddingId);
        if (writer.Finished()) return writer.Ids().MoveToOuterDisposeScope();

        // The N first tokens come from one distribution a prefix: it is worked out once.
        var first = drawer.Draw(generator, hidden, Sampler.Uniform(drawer, 1, batch, count, prefix.device).select(0, 0)); // [B,N]
        var token = writer.Write(first); // [B·N]
        if (given + 1 < length)
        {
            using var branched = state.Select(rows);
            var uniform = Sampler.Uniform(drawer, length - given - 1, batch * count, 1, prefix.device); // [T-P-1,B·N,1]
            Sampler.Continue(generator, drawer, branched, writer, token, uniform, given + 1, length);
        }
        return writer.Ids().MoveToOuterDisposeScope();
    }
}
