using TextGan.Generators;
using TextGan.Optimizers;
using TextGan.Storage;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Training;

/// <summary>Pretraining: next-token prediction on one data set, epoch after epoch, with early stopping on held-out loss.</summary>
public sealed class MaximumLikelihoodTrainer(
    PretrainingOptions options, EvaluationOptions evaluation, Generator generator, EncodedSet data, TextEncoder encoder,
    Device device, Evaluator evaluator, Recorder recorder, int seed)
{
    const int LogEvery = 10;
    const int HeldOutBatch = 256;

    readonly int startId = encoder.Tokenizer.StartId;
    readonly int? endId = encoder.Tokenizer.EndId;

    /// <summary>Trains until the epochs are over, the held-out loss has stopped falling, or <paramref name="stop"/> is asked for. Returns the updates done.</summary>
    public long Run(CancellationToken stop)
    {
        using var optimizer = CheckedOptimizer.Build(options.Optimizer, generator.parameters());
        var order = new BatchOrder(data.Texts.Count, seed, "pretraining");
        var stepsPerEpoch = Math.Max(1, data.Texts.Count / options.Batch);
        var best = new StateBag();
        var (bestLoss, badEpochs, step) = (double.PositiveInfinity, 0, 0L);
        recorder.Observer.PhaseStarted(Phase.Pretraining, stepsPerEpoch * options.Epochs, 0);
        for (var epoch = 0; epoch < options.Epochs && !stop.IsCancellationRequested; epoch++)
        {
            generator.train();
            for (var i = 0; i < stepsPerEpoch && !stop.IsCancellationRequested; i++, step++) Step(optimizer, order, step);
            CheckUnread(step);
            var heldOut = HeldOutLoss();
            if (heldOut is { } loss)
            {
                recorder.CheckFinite(Phase.Pretraining, step, new Dictionary<string, double> { ["generator/heldOutLoss"] = loss }, _ => true);
                recorder.Stepped(Phase.Pretraining, step, 0, new Dictionary<string, double> { ["generator/heldOutLoss"] = loss }, logged: true);
                badEpochs = loss < bestLoss ? 0 : badEpochs + 1;
                if (options.Patience > 0 && loss < bestLoss) ModuleState.Save(generator, best);
                bestLoss = Math.Min(loss, bestLoss);
            }
            if (evaluation.EveryEpochs > 0 && (epoch + 1) % evaluation.EveryEpochs == 0 && epoch + 1 < options.Epochs) Evaluate(step);
            if (options.Patience > 0 && badEpochs >= options.Patience) break;
        }
        if (badEpochs > 0 && best.Tensors.Count > 0) ModuleState.Load(generator, best);
        best.Clear();
        recent?.Dispose();
        recorder.Observer.PhaseEnded(Phase.Pretraining);
        if (!stop.IsCancellationRequested) Evaluate(step);
        recorder.Save(Phase.Pretraining, step, bag => ModuleState.Save(generator, bag.Scope("generator")));
        return step;
    }

    readonly StepValues values = new();
    Tensor? recent; // [2]: sums of the losses and of the gradients' norms since the last line, where they were computed

    void Step(optim.Optimizer optimizer, BatchOrder order, long step)
    {
        using var scope = NewDisposeScope();
        Seeds.Set(seed, "pretraining", step);
        var batch = new TokenBatch(data.Texts.Select(order.Next(options.Batch)).to(device), endId); // [B,T]
        var loss = TeacherForcing.Loss(generator, batch.Ids, batch.Mask, startId);
        optimizer.zero_grad();
        loss.backward();
        var norm = GradientNorm.Clip(generator.parameters(), options.ClipGradient);
        optimizer.step();

        var figures = stack([loss.detach(), norm]); // [2]
        if (recent is null) recent = figures.DetachFromDisposeScope();
        else recent.add_(figures);
        if ((step + 1) % LogEvery != 0) return;
        values.Add("generator/loss", recent[0] / LogEvery);
        values.Add("generator/gradientNorm", norm);
        recent.Dispose();
        recent = null;
        var read = values.Read();
        recorder.CheckFinite(Phase.Pretraining, step + 1, read, _ => true);
        recorder.Stepped(Phase.Pretraining, step + 1, (long)LogEvery * options.Batch * encoder.Length, read, logged: true);
    }

    /// <summary>Updates that no line has told of must be sound, too, before their weights are measured and stored.</summary>
    void CheckUnread(long step)
    {
        if (recent is null) return;
        using var scope = NewDisposeScope();
        var means = recent / (step % LogEvery); // [2]
        values.Add("generator/loss", means[0]);
        values.Add("generator/gradientNorm", means[1]);
        recorder.CheckFinite(Phase.Pretraining, step, values.Read(), _ => true);
    }

    /// <summary>Held-out loss in nats a token, or null without held-out texts.</summary>
    double? HeldOutLoss()
    {
        var rows = data.HeldOut.Count;
        if (rows == 0) return null;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        generator.eval();
        var (sum, count) = (0.0, 0.0);
        for (long from = 0; from < rows; from += HeldOutBatch)
        {
            using var inner = NewDisposeScope();
            var ids = data.HeldOut.Range(from, Math.Min(HeldOutBatch, rows - from)).to(device);
            var mask = TokenBatch.MaskOf(ids, endId);
            sum -= (TeacherForcing.LogProbabilities(generator, ids, startId) * mask).sum().to_type(float64).item<double>();
            count += mask.sum().to_type(float64).item<double>();
        }
        return sum / count;
    }

    void Evaluate(long step)
    {
        var (figures, texts) = evaluator.Evaluate(generator, "pretraining", step);
        recorder.Evaluated(Phase.Pretraining, step, figures, texts);
    }
}
