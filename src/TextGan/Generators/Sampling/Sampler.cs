using TextGan.Native;
using TorchSharp;

namespace TextGan.Generators.Sampling;

/// <summary>Draws texts from a generator. Dropout is off while it draws; no gradient is kept.</summary>
public static class Sampler
{
    /// <summary>
    /// Draws <paramref name="batch"/> texts of <paramref name="length"/> tokens on the generator's device from the global random state. How
    /// many random numbers that takes depends on batch, length and prompt alone.
    /// </summary>
    /// <param name="generator">The model.</param>
    /// <param name="options">Temperature, top-k, top-p.</param>
    /// <param name="batch">B.</param>
    /// <param name="length">T, which includes the prompt.</param>
    /// <param name="startId">What the generator reads before the first token.</param>
    /// <param name="endId">What ends a text; null where texts have no end.</param>
    /// <param name="prompts">What the texts begin with, B prompts without start and end; null for nothing.</param>
    /// <param name="paddingId">What fills a text after its end, with log-probability 0; null: the end token.</param>
    /// <returns>Ids [B,T] and log-probabilities [B,T] under the distribution drawn from, 0 in the prompt and after the end.</returns>
    /// <exception cref="ArgumentException">The prompts' shape does not fit, or they are longer than
    /// <paramref name="length"/>.</exception>
    public static Samples Sample(
        Generator generator, SamplingOptions options, long batch, int length, int startId, int? endId, PromptBatch? prompts = null,
            int? paddingId = null)
    {
        using var gradients = no_grad();
        using var evaluation = new EvaluationMode(generator);
        using var copies = RoundedWeights.Keep();
        using var scope = NewDisposeScope();
        var device = DeviceOf(generator);
        var given = 0; // tokens that every text has
        if (prompts is not null)
        {
            Check(prompts, batch, length);
            prompts = prompts.To(device);
            given = prompts.Shortest;
        }
        var prefix = prompts?.Ids.narrow(1, 0, given) ?? empty([batch, 0], ScalarType.Int64, device); // [B,P]
        using var writer = new SequenceWriter(prefix, length, endId, prompts, paddingId);
        if (given < length)
        {
            using var state = generator.Start(batch, length);
            var drawer = options.Drawer();
            var uniform = Uniform(drawer, length - given, batch, 1, device); // [T-P,B,1]
            var first = drawer.Draw(generator, Read(generator, state, prefix, startId), uniform.select(0, 0)); // [B,1]
            Continue(generator, drawer, state, writer, writer.Write(first), uniform, given + 1, length);
        }
        var tokens = new TextBatch(writer.Ids(), endId, promptLengths: prompts?.Lengths);
        return new Samples(tokens.MoveToOuterDisposeScope(), writer.LogProbabilities(tokens.Ids).MoveToOuterDisposeScope());
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
        for (var position = from; position < length && !writer.Finished(); position++)
        {
            using var step = NewDisposeScope();
            token = writer.Write(
                drawer.Draw(generator, generator.Step(token, state), uniform.select(0, uniform.shape[0] - length + position)));
        }
    }

    /// <summary>[steps, rows, draws]; where the drawer needs none, memory that nobody reads.</summary>
    internal static Tensor Uniform(TokenDrawer drawer, int steps, long rows, long draws, Device device) => drawer.NeedsUniform
        ? rand([steps, rows, draws], ScalarType.Float32, device)
        : zeros([1, 1, 1], ScalarType.Float32, device).expand(steps, rows, draws);

    internal static Device DeviceOf(Generator generator) => generator.parameters().FirstOrDefault()?.device ?? CPU;

    static void Check(PromptBatch prompts, long batch, int length)
    {
        if (prompts.Ids.dim() != 2 || prompts.Batch != batch || prompts.Lengths.dim() != 1 || prompts.Lengths.shape[0] != batch)
            throw new ArgumentException(
                $"The prompts have shape [{string.Join(",", prompts.Ids.shape)}] and lengths [{string.Join(",", prompts.Lengths.shape)}]; "
                + $"[{batch},P] and [{batch}] are needed.", nameof(prompts));
        if (prompts.Ids.shape[1] > length)
            throw new ArgumentException($"The longest prompt has {prompts.Ids.shape[1]} tokens; the texts have only {length}.",
                nameof(prompts));
    }
}
