using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Metrics;
using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Training;

/// <summary>Draws samples and measures them. What it draws depends on the seed and the step alone, and training does not notice it.</summary>
public sealed class Evaluator(EvaluationOptions options, IReadOnlyList<IMetric> metrics, TextEncoder encoder, int seed)
{
    const int Chunk = 256;

    /// <summary>
    /// The figures by name ("metric/..." in the log without that prefix), the texts, and the texts' ids. <paramref name="judge"/> reads the
    /// texts once more, as [N,T] ids on the CPU, and gives further figures and scores.
    /// </summary>
    public Evaluation Evaluate(Generator generator, string phase, long step, Func<Tensor, Judgement>? judge = null)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var training = generator.training;
        generator.eval(); // dropout off
        try
        {
            Seeds.Set(seed, $"evaluation/{phase}", step);
            var drawn = new List<Tensor>();
            for (var count = 0; count < options.Samples; count += Chunk) drawn.Add(Draw(generator, Math.Min(Chunk, options.Samples - count)));
            var ids = cat(drawn); // [N,T]
            var rows = encoder.Rows(ids);
            string[] texts = [.. rows.Select(row => encoder.Tokenizer.Decode(row))];
            var context = new EvaluationContext(generator, texts, rows);
            var (values, samples, missing) = (new Dictionary<string, double>(), new Dictionary<string, int>(), new Dictionary<string, string>());
            foreach (var metric in metrics)
                foreach (var (name, value) in metric.Evaluate(context))
                {
                    values[name] = value;
                    if (metric.Samples(texts.Length) is { } count) samples[name] = count;
                    if (double.IsNaN(value)) missing[name] = metric.WhyMissing(name);
                }
            if (encoder.Tokenizer.UnknownId is { } unknown)
            {
                (values[UnknownTokens.Metric], samples[UnknownTokens.Metric]) = (UnknownTokens.Share(rows, unknown), texts.Length);
                if (double.IsNaN(values[UnknownTokens.Metric])) missing[UnknownTokens.Metric] = "no sample has a token";
            }
            var judgement = judge?.Invoke(ids) ?? Judgement.None;
            SampleLine[] lines = [.. texts.Select((text, i) => new SampleLine
            {
                Text = text, Tokens = rows[i].Length, Ended = rows[i].Length < encoder.Length, Scores = judgement.Scores.ToDictionary(judge => judge.Key, judge => judge.Value[i]),
            })];
            return new Evaluation(values, lines, rows, judgement.Figures) { Samples = samples, Missing = missing };
        }
        finally
        {
            generator.train(training);
        }
    }

    /// <summary>[n,T] int64 on the CPU.</summary>
    Tensor Draw(Generator generator, int count)
    {
        using var scope = NewDisposeScope();
        var samples = Sampler.Sample(generator, options.Sampling, count, encoder.Length, encoder.Tokenizer.StartId, encoder.Tokenizer.EndId);
        return samples.Tokens.Ids.cpu().MoveToOuterDisposeScope();
    }
}
