using static TorchSharp.torch.nn;

namespace TextGan.Metrics;

/// <summary>
/// Mean negative log-likelihood of fixed texts, given their prompts, under the generator, in nats per token, by teacher forcing.
/// </summary>
public sealed class NllMetric : IMetric
{
    readonly string name;
    readonly int startId;
    readonly int batchSize;
    readonly double temperature;
    // Counted: tokens up to and including the first end token, those of the prompt among them
    readonly (long[] Row, int Prompt, int Counted)[] rows;

    /// <param name="name">What the value is called.</param>
    /// <param name="rows">Token ids, all rows of the same length, filled up after their end.</param>
    /// <param name="startId">The token that the generator reads before the first.</param>
    /// <param name="endId">The token that ends a text and counts once, or null where all positions count.</param>
    /// <param name="batchSize">Rows in one forward pass.</param>
    /// <param name="promptLengths">Tokens of each row that are its prompt, which are read and not counted; null without prompts.</param>
    /// <param name="temperature">What logits are divided by; above 0.</param>
    public NllMetric(string name, IReadOnlyList<long[]> rows, int startId, int? endId, int batchSize,
        IReadOnlyList<int>? promptLengths = null, double temperature = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (this.name, this.startId, this.batchSize, this.temperature) = (name, startId, batchSize, temperature);
        // Rows of like length share a batch, which is cut at its longest row.
        this.rows =
        [
            .. rows.Zip(promptLengths ?? new int[rows.Count], (row, prompt) => (row, prompt, Counted(row, prompt, endId)))
                .OrderBy(one => one.Item3),
        ];
    }

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context) =>
        new Dictionary<string, double> { [name] = Evaluate(context.Generator) };

    public int? Samples(int drawn) => null;

    /// <summary>Nats per token; NaN without texts.</summary>
    /// <param name="generator">The model.</param>
    /// <param name="temperature">What its logits are divided by, above 0; null: the metric's own.</param>
    public double Evaluate(Generator generator, double? temperature = null)
    {
        var divisor = temperature ?? this.temperature;
        using var gradients = no_grad();
        var device = generator.parameters().FirstOrDefault()?.device ?? CPU;
        var training = generator.training;
        generator.eval();
        try
        {
            var (total, tokens) = (0.0, 0L);
            foreach (var batch in rows.Chunk(batchSize))
            {
                total += Total(generator, batch, device, divisor);
                tokens += batch.Sum(row => (long)row.Counted - row.Prompt);
            }
            return tokens == 0 ? double.NaN : total / tokens;
        }
        finally
        {
            generator.train(training);
        }
    }

    /// <summary>The sum of -ln p over the counted tokens of a batch.</summary>
    double Total(Generator generator, (long[] Row, int Prompt, int Counted)[] batch, Device device, double temperature)
    {
        var length = batch.Max(row => row.Counted); // T
        var inputs = new long[batch.Length * length];
        var (positions, targets) = (new List<long>(), new List<long>());
        for (var b = 0; b < batch.Length; b++)
        {
            for (var t = 0; t < length; t++)
            {
                inputs[b * length + t] = t == 0 ? startId : batch[b].Row[t - 1];
                if (t < batch[b].Prompt || t >= batch[b].Counted) continue;
                positions.Add(b * length + t);
                targets.Add(batch[b].Row[t]);
            }
        }

        using var scope = NewDisposeScope();
        var hidden = generator.Hidden(tensor(inputs, [batch.Length, length], int64).to(device)); // [B,T,H]
        // Logits only where they count: the vocabulary makes them the largest tensor by far.
        var counted = hidden.flatten(0, 1).index_select(0, tensor(positions.ToArray(), int64).to(device)); // [N,H], N counted tokens
        var logits = generator.Logits(counted); // [N,V]
        if (temperature != 1) logits = logits / Held(temperature);
        var losses = functional.cross_entropy(logits, tensor(targets.ToArray(), int64).to(device), reduction: Reduction.None); // [N]
        return losses.sum(type: float64).item<double>();
    }

    static int Counted(long[] row, int prompt, int? endId)
    {
        var end = endId is { } id ? Array.IndexOf(row, id, prompt) : -1;
        return end < 0 ? row.Length : end + 1;
    }
}
