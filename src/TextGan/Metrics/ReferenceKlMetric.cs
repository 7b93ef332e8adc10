using TextGan.Generators;
using TextGan.Native;

namespace TextGan.Metrics;

/// <summary>
/// KL(generator ‖ reference) of whole texts, with its standard error and its root (<see cref="ReferenceKlMetricOptions"/>).
/// </summary>
/// <param name="startId">The token before the first.</param>
public sealed class ReferenceKlMetric(int startId) : IMetric
{
    public const string Kl = "reference-kl", Error = "reference-kl-error", Distance = "reference-distance";

    /// <summary>Logits that are in memory at once, of each of the two models.</summary>
    const long MostLogits = 1 << 24;

    public bool Measures(EvaluationContext context) => context.Reference is not null;

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var (mean, error) = MeanAndError.Of(OfEach(context.Generator, context.Reference!, context.Batch!));
        return new Dictionary<string, double> { [Kl] = mean, [Error] = error, [Distance] = Math.Sqrt(Math.Max(0, mean)) };
    }

    /// <summary>For each text, the sum over the tokens of its response of the exact KL of the next token's distributions.</summary>
    double[] OfEach(Generator generator, Generator reference, TextBatch texts)
    {
        using var _ = no_grad();
        var device = generator.parameters().FirstOrDefault()?.device ?? CPU;
        var atOnce = Math.Max(1, MostLogits / (texts.Length * generator.VocabularySize));
        var sums = new List<double>();
        for (long from = 0; from < texts.Batch; from += atOnce)
        {
            using var scope = NewDisposeScope();
            var rows = texts.Rows(from, Math.Min(atOnce, texts.Batch - from)).To(device);
            var inputs = TeacherForcing.Inputs(rows.Ids, startId); // [B,T]
            var own = generator.forward(inputs).log_softmax(-1); // [B,T,V]
            var other = reference.forward(inputs).log_softmax(-1); // [B,T,V]
            var each = (KullbackLeibler.Of(own, other) * rows.Response).sum(1); // [B]
            sums.AddRange(each.to_type(float64).cpu().data<double>().ToArray());
        }
        return [.. sums];
    }
}
