using TextGan.Native;
using TextGan.Generators;

namespace TextGan.Metrics;

/// <summary>Mean negative log-likelihood of generated texts under another model, in nats per token, by teacher forcing.</summary>
/// <param name="nameEnd">Ends the names of the values.</param>
/// <param name="startId">The token that the model reads before the first.</param>
/// <param name="own">The model, disposed of with this; null: the generator as it was at the start of the adversarial phase.</param>
/// <param name="batchSize">The most texts in one forward pass.</param>
public sealed class ModelNllMetric(string nameEnd, int startId, Generator? own, int batchSize) : IMetric, IDisposable
{
    readonly int chunk = Math.Min(64, batchSize);

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var nll = (own ?? context.Reference) is { } model && context.Batch is { } texts ? Nll(model, texts) : double.NaN;
        return new Dictionary<string, double> { ["model-nll" + nameEnd] = nll, ["model-perplexity" + nameEnd] = Math.Exp(nll) };
    }

    /// <summary>The mean over the tokens of the responses; NaN without any.</summary>
    double Nll(Generator model, TextBatch texts)
    {
        using var gradients = no_grad();
        using var evaluation = new EvaluationMode(model);
        var device = model.parameters().FirstOrDefault()?.device ?? CPU;
        var (total, tokens) = (0.0, 0.0);
        for (var from = 0L; from < texts.Batch; from += chunk)
        {
            using var scope = NewDisposeScope();
            var batch = texts.Rows(from, Math.Min(chunk, texts.Batch - from)).To(device);
            var logs = TeacherForcing.LogProbabilities(model, batch.Ids, startId); // [B,T]
            total -= (logs * batch.Response).sum(type: float64).item<double>();
            tokens += batch.Response.sum(type: float64).item<double>();
        }
        return tokens == 0 ? double.NaN : total / tokens;
    }

    public string WhyMissing(string name) => own is null ? "the adversarial phase, whose first generator is the model, has not begun"
        : "no sample has a token";

    public void Dispose() => own?.Dispose();
}
