using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Generators.Search;
using TextGan.Metrics;
using TextGan.Native;
using TextGan.Runs.Events;
using TextGan.Runs.Format;

namespace TextGan.Training;

/// <summary>
/// Draws samples and measures them. What it draws depends on the seed and the step alone, and training does not notice it.
/// </summary>
/// <param name="options">How many samples, how drawn.</param>
/// <param name="metrics">The figures; where there are prompts they read the responses alone.</param>
/// <param name="encoder">Tokenizer and row length.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="prompted">Rows whose prompts the samples answer, the same ones at each evaluation; null for none.</param>
public sealed class Evaluator(EvaluationOptions options, IReadOnlyList<IMetric> metrics, TextEncoder encoder, int seed,
    IdRows? prompted = null) : IDisposable
{
    /// <summary>
    /// The figures by name ("metric/..." in the log without that prefix), the texts, and the texts' ids. <paramref name="judge"/> reads the
    /// texts once more, N of them on the CPU, and gives further figures and scores; <paramref name="reference"/> is the generator as it was
    /// at the start of the adversarial phase.
    /// </summary>
    /// <param name="generator">What is measured.</param>
    /// <param name="phase">The phase's name.</param>
    /// <param name="step">Steps of the phase that are done.</param>
    /// <param name="judge">Null for nobody.</param>
    /// <param name="reference">The generator as it was at the start of the adversarial phase, or null.</param>
    /// <param name="isEnd">Whether the phase is over.</param>
    /// <param name="reward">The discriminators' reward of each text, or null.</param>
    /// <param name="worth">What was learnt of the worth of beginnings, or null.</param>
    /// <param name="gradients">The gradients that the update rule estimates, or null.</param>
    /// <param name="judges">The discriminators, or null.</param>
    public Evaluation Evaluate(Generator generator, string phase, long step, Func<TextBatch, Judgement>? judge = null,
        Generator? reference = null, bool isEnd = false, Func<TextBatch, Tensor>? reward = null, PrefixValue? worth = null,
        IGradientProbe? gradients = null, IReadOnlyList<EvaluatedJudge>? judges = null)
    {
        using var _ = no_grad();
        using var evaluation = new EvaluationMode(generator);
        generator.eval(); // the layers that DropoutSwitch leaves in training mode, too
        using var scope = NewDisposeScope();
        Seeds.Set(seed, $"evaluation/{phase}", step);
        var prompts = prompted is null ? null : PromptSource.Spread(prompted, options.Samples);
        var drawn = new List<Tensor>();
        for (var from = 0; from < options.Samples; from += options.Batch)
            drawn.Add(Draw(generator, from, Math.Min(options.Batch, options.Samples - from), prompts));
        var tokens = new TextBatch(cat(drawn), encoder.Tokenizer.EndId, promptLengths: prompts?.Lengths); // [N,T]
        var rows = encoder.Responses(tokens);
        string[] texts = [.. rows.Select(row => encoder.Tokenizer.Decode(row))];
        var context = new EvaluationContext(generator, texts, rows)
        {
            Batch = tokens, Reference = reference, IsEnd = isEnd, Reward = reward, Value = worth, Gradients = gradients,
            Judges = judges ?? [],
            Draw = (writer, purpose, from, count, sampling) =>
                DrawFurther(writer, $"evaluation/{phase}/{purpose}/{from}", step, from, count, sampling),
        };
        var (values, samples, missing) =
            (new Dictionary<string, double>(), new Dictionary<string, int>(), new Dictionary<string, string>());
        foreach (var metric in metrics.Where(metric => metric.Measures(context)))
        {
            Seeds.Set(seed, $"evaluation/{phase}/metric", step); // what it draws does not depend on the metrics before it
            foreach (var (name, value) in ValuesOf(metric, context))
            {
                values[name] = value;
                if (metric.Samples(texts.Length) is { } count) samples[name] = count;
                if (double.IsNaN(value)) missing[name] = WhyMissing(metric, name);
            }
        }
        if (encoder.Tokenizer.UnknownId is { } unknown)
        {
            (values[UnknownTokens.Metric], samples[UnknownTokens.Metric]) = (UnknownTokens.Share(rows, unknown), texts.Length);
            if (double.IsNaN(values[UnknownTokens.Metric])) missing[UnknownTokens.Metric] = "no sample has a token";
        }
        var judgement = judge?.Invoke(tokens) ?? Judgement.None;
        var answered = prompts is null ? null : encoder.Decode(prompts);
        var promptLengths = prompts?.Lengths.data<long>().ToArray();
        SampleLine[] lines = [.. texts.Select((text, i) => new SampleLine
        {
            Text = text, Tokens = rows[i].Length, Prompt = answered?[i],
            Group = prompted is null ? null : i % (int)Math.Min(prompted.Count, texts.Length),
            Ended = rows[i].Length + (promptLengths?[i] ?? 0) < encoder.Length,
            Scores = judgement.Scores.ToDictionary(judge => judge.Key, judge => judge.Value[i]),
        })];
        return new Evaluation(values, lines, rows, judgement.Figures) { Samples = samples, Missing = missing };
    }

    /// <summary>What the metrics say before their first values.</summary>
    public IEnumerable<string> Findings => metrics.Select(metric => metric.Finding).OfType<string>();

    TextBatch DrawFurther(Generator generator, string purpose, long step, int from, int count, SamplingOptions? sampling)
    {
        Seeds.Set(seed, purpose, step);
        var prompts = prompted?.Prompts([.. Enumerable.Range(from, count).Select(i => i % prompted.Count)]);
        return new TextBatch(Draw(generator, 0, count, prompts, sampling), encoder.Tokenizer.EndId, promptLengths: prompts?.Lengths);
    }

    /// <summary>[n,T] int64 on the CPU.</summary>
    Tensor Draw(Generator generator, int from, int count, PromptBatch? prompts, SamplingOptions? sampling = null)
    {
        using var scope = NewDisposeScope();
        var tokenizer = encoder.Tokenizer;
        var samples = Sampler.Sample(generator, sampling ?? options.Sampling, count, encoder.Length, tokenizer.StartId, tokenizer.EndId,
            prompts?.Rows(from, count), tokenizer.PaddingId);
        return samples.Tokens.Ids.cpu().MoveToOuterDisposeScope();
    }

    // A value may be NaN: that is how a metric says that it cannot be computed.
    static IReadOnlyDictionary<string, double> ValuesOf(IMetric metric, EvaluationContext context)
    {
        var values = metric.Evaluate(context);
        if (PluginComponent.OfBuilt(metric) is { } origin
            && origin.NotNull(metric, nameof(metric.Evaluate), values).Keys.Any(string.IsNullOrWhiteSpace))
            throw origin.Fault(metric, nameof(metric.Evaluate), "gave a value without a name.");
        return values;
    }

    static string WhyMissing(IMetric metric, string name)
    {
        var reason = metric.WhyMissing(name);
        PluginComponent.OfBuilt(metric)?.NotNull(metric, nameof(metric.WhyMissing), reason);
        return reason;
    }

    /// <summary>Frees models that metrics have of their own.</summary>
    public void Dispose()
    {
        foreach (var metric in metrics) (metric as IDisposable)?.Dispose();
    }
}
