using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Metrics;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Training;

/// <summary>Draws samples and measures them. What it draws depends on the seed and the step alone, and training does not notice it.</summary>
public sealed class Evaluator(EvaluationOptions options, IReadOnlyList<IMetric> metrics, TextEncoder encoder, int seed)
{
    const int Chunk = 256;

    /// <summary>The figures by name ("metric/..." in the log without that prefix), the texts, and the texts' ids.</summary>
    public (IReadOnlyDictionary<string, double> Values, IReadOnlyList<string> Texts, IReadOnlyList<int[]> Rows) Evaluate(Generator generator, string phase, long step)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var training = generator.training;
        generator.eval(); // dropout off
        try
        {
            Seeds.Set(seed, $"evaluation/{phase}", step);
            var rows = new List<int[]>();
            while (rows.Count < options.Samples) rows.AddRange(Draw(generator, Math.Min(Chunk, options.Samples - rows.Count)));
            string[] texts = [.. rows.Select(row => encoder.Tokenizer.Decode(row))];
            var context = new EvaluationContext(generator, texts, rows);
            var values = new Dictionary<string, double>();
            foreach (var metric in metrics)
                foreach (var (name, value) in metric.Evaluate(context)) values[name] = value;
            return (values, texts, rows);
        }
        finally
        {
            generator.train(training);
        }
    }

    IReadOnlyList<int[]> Draw(Generator generator, int count)
    {
        using var scope = NewDisposeScope();
        var samples = Sampler.Sample(generator, options.Sampling, count, encoder.Length, encoder.Tokenizer.StartId, encoder.Tokenizer.EndId);
        return encoder.Rows(samples.Tokens.Ids);
    }
}
