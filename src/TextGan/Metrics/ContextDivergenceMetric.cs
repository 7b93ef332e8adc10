using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Native;

namespace TextGan.Metrics;

/// <summary>
/// KL(teacher that reads everything ‖ a reader of the last tokens), of the student and of the teacher itself
/// (<see cref="ContextDivergenceMetricOptions"/>).
/// </summary>
public sealed class ContextDivergenceMetric : IMetric, IDisposable
{
    public const string Student = "context-kl-student", Teacher = "context-kl-teacher", Count = "context-positions";

    /// <summary>Positions in one pass at most, and logits that they have at most.</summary>
    const int MostPlaces = 256, MostLogits = 1 << 24;

    readonly Generator teacher;
    readonly int startId, length;
    readonly long[][] rows;
    readonly int[] contexts; // that of the student, too
    readonly int longest; // of those that are asked for
    readonly int? own;
    readonly long[] places; // b·T + t, ascending
    Dictionary<int, double>? ofTeacher; // by context; its texts and weights stay

    /// <param name="teacher">Disposed of with this.</param>
    /// <param name="rows">Texts, [B][T] ids.</param>
    /// <param name="promptLengths">[B]: tokens that are read and do not count.</param>
    /// <param name="startId">The token before the first.</param>
    /// <param name="endId">The token that ends a text, or null.</param>
    /// <param name="contexts">Numbers of tokens.</param>
    /// <param name="own">The context that the student was trained for; null: all tokens.</param>
    /// <param name="positions">Tokens that count at most.</param>
    public ContextDivergenceMetric(Generator teacher, IReadOnlyList<long[]> rows, IReadOnlyList<int> promptLengths, int startId,
        int? endId, IReadOnlyList<int> contexts, int? own, int positions)
    {
        (this.teacher, this.rows, this.startId, this.own, length) = (teacher, [.. rows], startId, own, rows[0].Length);
        this.contexts = [.. contexts.Union(own is { } k ? [k] : (int[])[])];
        using var scope = NewDisposeScope();
        var texts = new TextBatch(Texts([.. Enumerable.Range(0, rows.Count).Select(row => (long)row)]), endId,
            promptLengths: tensor([.. promptLengths.Select(length => (long)length)], int64));
        var counted = texts.Response.flatten().data<float>().ToArray();
        longest = contexts.Max(); // whatever the student was trained for, so that students are compared at the same tokens
        places = [.. MetricInput.Spread([.. Enumerable.Range(0, counted.Length).Where(at => counted[at] > 0 && at % length + 1 > longest)
            .Select(at => (long)at)], positions)];
        teacher.eval();
    }

    public int? Samples(int drawn) => null;

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        ofTeacher ??= Divergences(teacher, contexts);
        var found = Divergences(context.Generator, own is null ? [.. contexts, length] : contexts);
        var values = new Dictionary<string, double> { [Student] = found[own ?? length], [Count] = places.Length };
        if (own is { } trained) values[Teacher] = ofTeacher[trained];
        foreach (var k in contexts) (values[$"{Student}-{k}"], values[$"{Teacher}-{k}"]) = (found[k], ofTeacher[k]);
        return values;
    }

    public string WhyMissing(string name) =>
        $"no held-out text has a token with more than {longest} tokens before it, start token included";

    /// <summary>Of a reader of so many tokens the mean KL from the teacher at the whole prefix.</summary>
    Dictionary<int, double> Divergences(Generator reader, IReadOnlyList<int> ofContexts)
    {
        using var _ = no_grad();
        var sums = ofContexts.ToDictionary(k => k, _ => places.Length == 0 ? double.NaN : 0.0);
        var device = Sampler.DeviceOf(reader);
        foreach (var chunk in places.Chunk(Math.Clamp(MostLogits / reader.VocabularySize, 1, MostPlaces)))
        {
            using var scope = NewDisposeScope();
            long[] texts = [.. chunk.Select(place => place / length).Distinct()]; // ascending
            var inputs = TeacherForcing.Inputs(Texts(texts).to(device), startId); // [b,T]
            var at = tensor(chunk.Select(place => Array.BinarySearch(texts, place / length) * (long)length + place % length).ToArray(),
                int64).to(device); // [n]
            var whole = Of(teacher, length);
            foreach (var k in ofContexts)
                sums[k] += KullbackLeibler.Of(whole, Of(reader, k)).sum(type: float64).item<double>();

            // [n,V]: log-probabilities of the next token.
            Tensor Of(Generator model, int k) => model.Logits(k < length ? ContextWindows.Hidden(model, inputs, at, k)
                : model.Hidden(inputs).flatten(0, 1).index_select(0, at)).log_softmax(-1);
        }
        return sums.ToDictionary(one => one.Key, one => one.Value / Math.Max(1, places.Length));
    }

    /// <summary>The texts of these numbers, [b,T] on the CPU.</summary>
    Tensor Texts(long[] numbers) =>
        tensor(numbers.SelectMany(number => rows[number]).ToArray(), [numbers.Length, length], int64);

    public void Dispose() => teacher.Dispose();
}
