using System.Globalization;
using TextGan.Data;
using TextGan.Generators;
using TextGan.Native;
using TextGan.Optimizers;

namespace TextGan.Metrics.Judges;

/// <summary>The log-likelihood of texts in nats per token under a language model (<see cref="LikelihoodJudgeOptions"/>).</summary>
/// <param name="model">The language model; disposed of with this.</param>
/// <param name="encoder">Tokenizer and row length.</param>
/// <param name="device">Where the model is.</param>
/// <param name="batchSize">The most texts in one forward pass.</param>
public sealed class LikelihoodJudge(Generator model, TextEncoder encoder, Device device, int batchSize) : GoldJudge, IDisposable
{
    /// <summary>How it learns; null (default) if the model stays as it is.</summary>
    public LikelihoodJudgeOptions? Options { get; init; }

    /// <summary>What it learns from, of pairs both texts.</summary>
    public DataSplit Texts { get; init; } = DataSplit.Empty;

    public override void Learn()
    {
        if (Options is not { } options) return;
        using var precise = ModelPrecision.Use(Precision.Float32); // whatever the run trains in
        string[] texts = [.. Texts.Texts, .. Texts.Rejected ?? []];
        var (tokenizer, random) = (encoder.Tokenizer, new SeededRandom(options.Seed, "likelihood judge"));
        manual_seed(options.Seed); // of dropout
        using var rows = encoder.Encode(texts); // [N,T]
        using var optimizer = options.Optimizer.BuildChecked(new OptimizerContext(model.parameters()));
        model.train();
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            var order = Enumerable.Range(0, texts.Length).Select(i => (long)i).OrderBy(_ => random.Next()).ToArray();
            foreach (var numbers in order.Chunk(options.Batch))
            {
                using var scope = NewDisposeScope();
                var batch = new TextBatch(rows.index_select(0, tensor(numbers)).to(device), tokenizer.EndId); // [B,T]
                optimizer.zero_grad();
                BackwardPass.Run(TeacherForcing.Loss(model, batch.Ids, batch.Mask, tokenizer.StartId));
                optimizer.step();
            }
        }
        model.eval();
    }

    public override IReadOnlyList<double> Scores(IReadOnlyList<string> texts)
    {
        using var _ = no_grad();
        return [.. texts.Chunk(batchSize).SelectMany(chunk =>
        {
            using var scope = NewDisposeScope();
            var batch = new TextBatch(encoder.Encode(chunk).to(device), encoder.Tokenizer.EndId); // [B,T]
            var each = LogLikelihood.OfTokens(model, batch.Ids, encoder.Tokenizer.StartId); // [B,T]
            return LogLikelihood.OfTexts(each, batch.Mask).to_type(float64).cpu().data<double>().ToArray();
        })];
    }

    public override string? Finding(DataSplit heldOut)
    {
        var nats = string.Create(CultureInfo.InvariantCulture, $"{-Scores(heldOut.Texts).Average():0.000} nats per token");
        return $"{nats} on {Amount.Of(heldOut.Texts.Count, "held-out text")}" + (base.Finding(heldOut) is { } pairs ? $", {pairs}" : "");
    }

    public void Dispose() => model.Dispose();
}
