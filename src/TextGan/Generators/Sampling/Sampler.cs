using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Generators.Sampling;

/// <summary>Draws texts from a generator. Dropout is off while it draws; no gradient is kept.</summary>
public static class Sampler
{
    /// <summary>
    /// Draws <paramref name="batch"/> texts of <paramref name="length"/> tokens on the generator's device from the global random state. How many
    /// random numbers that takes depends on batch, length and prompt alone.
    /// </summary>
    /// <param name="generator">The model.</param>
    /// <param name="options">Temperature, top-k, top-p.</param>
    /// <param name="batch">B.</param>
    /// <param name="length">T, which includes the prompt.</param>
    /// <param name="startId">What the generator reads before the first token.</param>
    /// <param name="endId">Once drawn it fills the rest of the text with log-probability 0; null where texts have no end.</param>
    /// <param name="prompt">[P] or [B,P] int64: what the texts begin with, without start and end; null for nothing.</param>
    /// <returns>Ids [B,T] and log-probabilities [B,T] under the distribution drawn from, 0 in the prompt and after the end.</returns>
    /// <exception cref="ArgumentException">The prompt's shape does not fit, it is longer than <paramref name="length"/>, or it has the end token.</exception>
    public static Samples Sample(Generator generator, SamplingOptions options, long batch, int length, int startId, int? endId, Tensor? prompt = null)
    {
        using var gradients = no_grad();
        using var evaluation = new EvaluationMode(generator);
        using var scope = NewDisposeScope();
        var prefix = Prefix(prompt, batch, length, endId, DeviceOf(generator)); // [B,P]
        var given = (int)prefix.shape[1];
        var writer = new SequenceWriter(prefix, length, endId, withLogProbabilities: true);
        if (given < length)
        {
            using var state = generator.Start(batch, length);
            var drawer = options.Drawer();
            var uniform = Uniform(drawer, length - given, batch, 1, prefix.device); // [T-P,B,1]
            var first = drawer.Draw(generator, Read(generator, state, prefix, startId), uniform.select(0, 0)); // [B,1]
            Continue(generator, drawer, state, writer, writer.Write(given, first), uniform, given + 1, length);
        }
        var tokens = new TokenBatch(writer.Ids, endId);
        tokens.Ids.MoveToOuterDisposeScope();
        tokens.Mask.MoveToOuterDisposeScope();
        return new Samples(tokens, writer.LogProbabilities.MoveToOuterDisposeScope());
    }

    /// <summary>Reads the start token and <paramref name="prefix"/> [B,P] → the last hidden state [B,H].</summary>
    internal static Tensor Read(Generator generator, GeneratorState state, Tensor prefix, int startId)
    {
        using var scope = NewDisposeScope();
        var start = full([prefix.shape[0], 1], Held(startId), ScalarType.Int64, prefix.device); // [B,1]
        return generator.Prefill(cat([start, prefix], 1), state).select(1, prefix.shape[1]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Draws positions <paramref name="from"/> … length − 1 after <paramref name="token"/> [N], the one before them. The last rows of
    /// <paramref name="uniform"/> [≥ length − from, N, 1] are used.
    /// </summary>
    internal static void Continue(Generator generator, TokenDrawer drawer, GeneratorState state, SequenceWriter writer, Tensor token,
        Tensor uniform, int from, int length)
    {
        for (var position = from; position < length && !writer.Finished(position); position++)
        {
            using var step = NewDisposeScope();
            var drawn = drawer.Draw(generator, generator.Step(token, state), uniform.select(0, uniform.shape[0] - length + position));
            var next = writer.Write(position, drawn).MoveToOuterDisposeScope();
            token.Dispose();
            token = next;
        }
        token.Dispose();
    }

    /// <summary>[steps, rows, draws]; where the drawer needs none, memory that nobody reads.</summary>
    internal static Tensor Uniform(TokenDrawer drawer, int steps, long rows, long draws, Device device) => drawer.NeedsUniform
        ? rand([steps, rows, draws], ScalarType.Float32, device)
        : zeros([1, 1, 1], ScalarType.Float32, device).expand(steps, rows, draws);

    internal static Device DeviceOf(Generator generator) => generator.parameters().FirstOrDefault()?.device ?? CPU;

    static Tensor Prefix(Tensor? prompt, long batch, int length, int? endId, Device device)
    {
        if (prompt is null) return empty([batch, 0], ScalarType.Int64, device);
        if (prompt.dim() is < 1 or > 2 || (prompt.dim() == 2 && prompt.shape[0] != batch))
            throw new ArgumentException($"The prompt has shape [{string.Join(",", prompt.shape)}]; [P] or [{batch},P] is needed.", nameof(prompt));
        if (prompt.shape[^1] > length)
            throw new ArgumentException($"The prompt has {prompt.shape[^1]} tokens; the texts have only {length}.", nameof(prompt));
        // A text ends with its end token: what followed it in the prompt would be lost, and nothing would be drawn. Start and end may be one token.
        if (endId is { } end && prompt.eq(Held(end)).any().item<bool>())
            throw new ArgumentException($"The prompt has the end token (id {end}); it is what texts begin with, without start and end.", nameof(prompt));
        return prompt.to(device).expand(batch, prompt.shape[^1]); // [B,P]
    }
}
