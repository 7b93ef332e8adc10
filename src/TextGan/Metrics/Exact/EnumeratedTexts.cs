using System.Globalization;
using System.Runtime.CompilerServices;
using TextGan.Generators;

namespace TextGan.Metrics.Exact;

/// <summary>Every text that the generator can write, in the order of <see cref="AllTexts.Of"/>, and what models say of each.</summary>
/// <param name="ids">[N,T] int64 on the CPU, of which it keeps a copy.</param>
/// <param name="startId">The token before a text's first.</param>
/// <param name="endId">The token that ends a text, or null.</param>
public sealed class EnumeratedTexts(Tensor ids, int startId, int? endId)
{
    /// <summary>Texts that are read at once.</summary>
    const int Rows = 8192;

    // [N,T], not a tensor: metrics share it, and none of them has to free it.
    readonly long[] tokens = ids.data<long>().ToArray();
    readonly int length = (int)ids.shape[1];
    readonly ConditionalWeakTable<EvaluationContext, EvaluatedTexts> evaluations = new();

    /// <summary>N.</summary>
    public int Count { get; } = (int)ids.shape[0];

    /// <summary>All texts of an experiment's generator, the same object for all metrics of a context.</summary>
    /// <exception cref="InvalidInputException">There are too many.</exception>
    public static EnumeratedTexts Of(MetricContext context, string kind)
    {
        var (tokenizer, length) = (context.Encoder.Tokenizer, context.Encoder.Length);
        if (AllTexts.Count(tokenizer.VocabularySize, length, tokenizer.EndId) > AllTexts.Most)
            throw MetricInput.Invalid(kind,
                $"a generator of {Amount.Of(tokenizer.VocabularySize, "token")} can write more than {AllTexts.Most:N0} texts of " +
                $"{Amount.Of(length, "token")}, which cannot be summed over; take a smaller vocabulary or 'length', such as 12 and 5.");
        if (context.Enumerated is { } known) return known;
        using var all = AllTexts.Of(tokenizer.VocabularySize, length, tokenizer.EndId, tokenizer.PaddingId);
        return context.Enumerated = new(all, tokenizer.StartId, tokenizer.EndId);
    }

    /// <summary>What models say of each at an evaluation, which the metrics of that evaluation share.</summary>
    internal EvaluatedTexts At(EvaluationContext context) => evaluations.GetValue(context, key => new(this, key));

    /// <summary>
    /// ln p of each text under an exact source, [N]; negative infinity for one that is none of the source's. All of the source's texts must
    /// be among them, so that Σ p = 1.
    /// </summary>
    /// <exception cref="InvalidInputException">Some are not, or one is there twice.</exception>
    public double[] LogProbabilities(MetricContext context, string kind, string? data)
    {
        var source = context.Source(kind, data);
        using var all = tensor(tokens, [Count, length], int64);
        string[] texts = [.. context.Encoder.Decode(all)];
        double[] logs = [.. source.LogProbabilities(texts)];
        string[] known = [.. texts.Where((_, i) => !double.IsNegativeInfinity(logs[i]))];
        if (known.Distinct().Count() < known.Length)
            throw MetricInput.Invalid(kind,
                $"the tokenizer spells a text of the data set '{data}' in several ways, so that its probability is a sum; take the " +
                "tokenizer \"ids\" for a data set of the kind 'enumerable'.");
        var mass = logs.Sum(Math.Exp);
        if (Math.Abs(mass - 1) > 1e-6)
            throw MetricInput.Invalid(kind, string.Create(CultureInfo.InvariantCulture,
                $"the texts that the generator can write have {mass:0.######} of the probability of the data set '{data}', not all; let ") +
                "vocabulary and 'length' be those of the data, with the tokenizer \"ids\" for a data set of the kind 'enumerable'.");
        return logs;
    }

    /// <summary>ln q of each text, [N].</summary>
    public double[] LogProbabilities(Generator generator)
    {
        var device = generator.parameters().FirstOrDefault()?.device ?? CPU;
        return Each(texts =>
        {
            var rows = texts.To(device);
            return LogLikelihood.OfTexts(LogLikelihood.OfTokens(generator, rows.Ids, startId), rows.Mask, lengthPower: 0);
        });
    }

    /// <summary>A number for each text, [N], from a function of some of them at a time.</summary>
    public double[] Each(Func<TextBatch, Tensor> function)
    {
        using var _ = no_grad();
        var found = new List<double>(Count);
        for (var from = 0; from < Count; from += Rows)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Rows, Count - from);
            var texts = new TextBatch(tensor(tokens[(from * length)..((from + count) * length)], [count, length], int64), endId);
            found.AddRange(function(texts).to_type(float64).cpu().data<double>().ToArray());
        }
        return [.. found];
    }
}
