using TextGan.Native;
using TextGan.Generators;

namespace TextGan.Metrics;

/// <summary>Mean negative log-likelihood of generated texts under another model, in nats per token, by teacher forcing.</summary>
/// <param name="startId">The token that the model reads before the first.</param>
public sealed class ModelNllMetric(int startId) : IMetric
{
    /// <summary>Texts in one forward pass.</summary>
    const int Chunk = 64;

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        var nll = context.Reference is { } model && context.Batch is { } texts ? Nll(model, texts) : double.NaN;
        return new Dictionary<string, double> { ["model-nll"] = nll, ["model-perplexity"] = Math.Exp(nll) };
    }

    /// <summary>The mean over the tokens of the responses; NaN without any.</summary>
    double Nll(Generator model, TextBatch texts)
    {
        using var gradients = no_grad();
        using var evaluation = new EvaluationMode(model);
        var device = model.parameters().FirstOrDefault()?.device ?? CPU;
        var (total, tokens) = (0.0, 0.0);
        for (var from = 0L; from < texts.Batch; from += Chunk)
        {
            using var scope = NewDisposeScope();
            var batch = texts.Rows(from, Math.Min(Chunk, texts.Batch - from)).To(device);
            var logs = TeacherForcing.LogProbabilities(model, batch.Ids, startId); // [B,T]
            total -= (logs * batch.Response).sum(type: float64).item<double>();
            tokens += batch.Response.sum(type: float64).item<double>();
        }
        return tokens == 0 ? double.NaN : total / tokens;
    }

    public string WhyMissing(string name) => "the adversarial phase, whose first generator is the model, has not begun";
}
