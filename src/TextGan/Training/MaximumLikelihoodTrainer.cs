using System.Diagnostics;
using TextGan.Generators;
using TextGan.Optimizers;
using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Training.Guards;
using TorchSharp.Modules;

namespace TextGan.Training;

/// <summary>
/// Pretraining: next-token prediction on one data set, epoch after epoch, with early stopping on held-out loss. Of texts with prompts the
/// responses are learnt, given their prompts. A teacher may tell more of the next token than the data do.
/// </summary>
/// <remarks><paramref name="teacher"/> is disposed of with this; null without one.</remarks>
public sealed class MaximumLikelihoodTrainer(
    PretrainingOptions options, EvaluationOptions evaluation, Generator generator, EncodedSet data, TextEncoder encoder,
    Device device, Evaluator evaluator, Recorder recorder, int seed, GuardsOptions? guards = null,
    WordDistillation? teacher = null) : IStateful, IDisposable
{
    const int LogEvery = 10;
    const int HeldOutBatch = 256;

    readonly int startId = encoder.Tokenizer.StartId;
    readonly int? endId = encoder.Tokenizer.EndId;
    readonly Parameter[] parameters = [.. generator.parameters()];
    readonly optim.Optimizer optimizer = options.Optimizer.BuildChecked(new OptimizerContext(generator.parameters()));
    readonly BatchOrder order = new(data.Texts.Count, seed, "pretraining");
    readonly long stepsPerEpoch = (data.Texts.Count + options.Batch - 1) / options.Batch;
    readonly GuardWatch watch = new(guards ?? new GuardsOptions(), recorder, new RealTexts(data.Texts, encoder, seed));
    readonly StateBag best = new();
    double bestLoss = double.PositiveInfinity;
    long badEpochs, done;

    /// <summary>Updates that were done.</summary>
    public long Done => done;

    /// <summary>Whether the generator has all that pretraining gives.</summary>
    public bool IsFinished { get; private set; }

    bool HasManager => generator is IGoalDirected;

    bool IsOver => done >= stepsPerEpoch * options.Epochs || (options.Patience > 0 && badEpochs >= options.Patience);

    /// <summary>
    /// Trains until the epochs are over, the held-out loss has stopped falling, or <paramref name="stop"/> is asked for. Returns the
    /// updates done.
    /// </summary>
    public long Run(CancellationToken stop)
    {
        return IsFinished ? done : watch.Guard(() => Go(stop), values, Load, ScaleLearningRate);
    }

    void ScaleLearningRate() => LearningRates.Scale(optimizer, watch.Factor(GuardWatch.Generator));

    long Go(CancellationToken stop)
    {
        if (options.Patience > 0 && data.HeldOut.Count == 0)
            recorder.Sink.Warn($"'pretraining.patience' is {options.Patience}, but the data set '{data.Name}' has no held-out texts: all " +
                $"epochs are trained");
        recorder.PhaseStarted(Phase.Pretraining, stepsPerEpoch * options.Epochs, done);
        if (done == 0 && watch.MayRollBack) Save(interim: false);
        generator.train();
        while (!IsOver && !stop.IsCancellationRequested)
        {
            Step(done++);
            if (done % stepsPerEpoch == 0) EndEpoch(done / stepsPerEpoch);
            if (!IsOver && options.CheckpointEvery > 0 && done % options.CheckpointEvery == 0) Save(interim: false);
        }
        if (!stop.IsCancellationRequested) Finish();
        else if (!recorder.HasCheckpoint(Phase.Pretraining, done)) Save(interim: true);
        recorder.PhaseEnded();
        return done;
    }

    void EndEpoch(long epoch)
    {
        CheckUnread(done);
        if (HeldOutLoss() is { } loss)
        {
            var read = new Dictionary<string, double> { ["generator/heldOutLoss"] = loss };
            watch.Allow(Phase.Pretraining, done, read, LogEvery);
            recorder.Stepped(Phase.Pretraining, done, 0, read, logged: true);
            badEpochs = loss < bestLoss ? 0 : badEpochs + 1;
            if (options.Patience > 0 && loss < bestLoss)
            {
                best.Clear();
                ModuleState.Save(generator, best);
            }
            bestLoss = Math.Min(loss, bestLoss);
        }
        if (evaluation.EveryEpochs > 0 && epoch % evaluation.EveryEpochs == 0 && epoch < options.Epochs) Evaluate(done);
        generator.train();
    }

    void Finish()
    {
        if (recent is not null) Log(done, (int)(done % LogEvery), ReadRecent((int)(done % LogEvery)));
        if (badEpochs > 0 && best.Tensors.Count > 0) ModuleState.Load(generator, best);
        best.Clear();
        Evaluate(done, isEnd: true);
        IsFinished = true;
        Save(interim: false);
    }

    readonly StepValues values = new();
    // [3]: sum of the losses, the last gradient's norm, sum of the tokens that count since the last line, where they were computed;
    // [4] with a manager: the sum of its losses
    Tensor? recent;
    long skipped; // updates since the last line that were left out and are in none of them
    (int Steps, double Seconds) timed; // since the last line, as far as this process made them

    void Step(long step)
    {
        using var scope = NewDisposeScope();
        var begin = Stopwatch.GetTimestamp();
        Seeds.Set(seed, "pretraining", step);
        var batch = data.Texts.Texts(order.NextInEpoch(options.Batch), endId, device); // [B,T]
        Gradients.Clear(parameters);
        var (loss, goals) = Learn(batch);
        var norm = GradientNorm.Clip(parameters, options.ClipGradient);
        var figures = stack([loss, norm, batch.Response.sum(), .. goals is null ? [] : (Tensor[])[goals]]); // [3] or [4]
        recent ??= zeros_like(figures).DetachFromDisposeScope();
        if (MayStep(step + 1, figures))
        {
            optimizer.step();
            recent.AddInPlace(figures);
            recent[1].copy_(figures[1]);
        }
        else skipped++;
        var read = (step + 1) % LogEvery == 0 ? ReadRecent(LogEvery) : null;
        timed = (timed.Steps + 1, timed.Seconds + Stopwatch.GetElapsedTime(begin).TotalSeconds);
        if (read is not null) Log(step + 1, LogEvery, read);
        else recorder.Stepped(Phase.Pretraining, step + 1, 0, new Dictionary<string, double>(), logged: false);
    }

    /// <summary>
    /// The loss of a batch and its manager's, null without a manager; their gradients are left in the parameters, of which they share none.
    /// </summary>
    (Tensor Loss, Tensor? Goals) Learn(TextBatch batch)
    {
        if (options.Accumulate == 1)
        {
            var (whole, goals) = (LossOf(batch), GoalLoss.OfReal(generator, batch));
            BackwardPass.Run(goals is null ? whole : whole.Plus(goals));
            return (whole.detach(), goals?.detach());
        }
        var counted = batch.Response.sum().clamp_min(Held(1));
        var (sum, sumOfGoals) = (zeros_like(counted), HasManager ? zeros_like(counted) : null);
        foreach (var (from, count) in Recomputed.Parts(batch.Batch, options.Accumulate))
        {
            using var scope = NewDisposeScope();
            var part = batch.Rows(from, count);
            var share = part.Response.sum() / counted;
            var loss = LossOf(part) * share;
            var goals = GoalLoss.OfReal(generator, part) is { } mean ? mean * share : null;
            BackwardPass.Run(goals is null ? loss : loss.Plus(goals));
            sum.AddInPlace(loss.detach());
            if (goals is not null) sumOfGoals!.AddInPlace(goals.detach());
        }
        return (sum, sumOfGoals);
    }

    /// <summary>A scalar: the mean over the tokens that count.</summary>
    Tensor LossOf(TextBatch batch) =>
        teacher?.Loss(generator, batch) ?? TeacherForcing.Loss(generator, batch.Ids, batch.Response, startId);

    /// <summary>Writes a line about the last updates; the one at the end may tell of fewer than the others.</summary>
    void Log(long step, int updates, Dictionary<string, double> read)
    {
        read.Remove("tokens", out var tokens);
        watch.Allow(Phase.Pretraining, step, read, updates);
        if (timed.Steps == updates) read["tokensPerSecond"] = tokens / timed.Seconds; // not where an earlier process made some of them
        timed = default;
        recorder.Stepped(Phase.Pretraining, step, (long)tokens, read, logged: true);
    }

    /// <summary>
    /// Before the weights follow: whether loss and gradient are finite, or else what the guards say. Waits for the device, once per step.
    /// </summary>
    bool MayStep(long step, Tensor figures)
    {
        var read = figures.cpu().data<float>().ToArray();
        return (float.IsFinite(read[0]) && float.IsFinite(read[1]))
            || watch.Allow(Phase.Pretraining, step, new Dictionary<string, double>
            { ["generator/loss"] = read[0], ["generator/gradientNorm"] = read[1] });
    }

    /// <summary>What the last updates came to; waits for the device.</summary>
    Dictionary<string, double> ReadRecent(int updates)
    {
        using var scope = NewDisposeScope();
        AddRecent(updates);
        values.Add("tokens", recent![2]);
        recent.Dispose();
        (recent, skipped) = (null, 0);
        return new Dictionary<string, double>(values.Read());
    }

    void AddRecent(long updates)
    {
        values.Add("generator/loss", recent![0] / Held(updates - skipped));
        values.Add("generator/gradientNorm", recent[1]);
        if (HasManager) values.Add("generator/managerLoss", recent[3] / Held(updates - skipped));
    }

    /// <summary>Updates that no line has told of must be sound, too, before their weights are measured and stored.</summary>
    void CheckUnread(long step)
    {
        if (recent is null) return;
        using var scope = NewDisposeScope();
        AddRecent(step % LogEvery);
        watch.Allow(Phase.Pretraining, step, values.Read(), LogEvery);
    }

    /// <summary>Held-out loss in nats per token, or null without held-out texts.</summary>
    double? HeldOutLoss()
    {
        var rows = data.HeldOut.Count;
        if (rows == 0) return null;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        generator.eval();
        var (sum, count) = (0.0, 0.0);
        var most = options.Accumulate == 1 && teacher is null ? HeldOutBatch
            : Math.Min(HeldOutBatch, Math.Max(1, options.Batch / options.Accumulate));
        if (teacher is not null) Seeds.Set(seed, "held-out-distillation"); // the same positions each time
        for (long from = 0; from < rows; from += most)
        {
            using var inner = NewDisposeScope();
            var batch = data.HeldOut.Texts(from, Math.Min(most, rows - from), endId, device); // [B,T]
            var tokens = batch.Response.sum().to_type(float64).item<double>();
            sum += teacher is not null ? tokens * teacher.Loss(generator, batch).to_type(float64).item<double>()
                : -(TeacherForcing.LogProbabilities(generator, batch.Ids, startId) * batch.Response).sum().to_type(float64).item<double>();
            count += tokens;
        }
        return sum / count;
    }

    void Evaluate(long step, bool isEnd = false)
    {
        var found = evaluator.Evaluate(generator, "pretraining", step, isEnd: isEnd);
        recorder.Evaluated(Phase.Pretraining, step, found);
        watch.CheckTexts(Phase.Pretraining, step, found.Rows);
    }

    void Save(bool interim) => watch.Checkpoint(Phase.Pretraining, done, this, interim);

    public void Save(StateBag bag)
    {
        ModuleState.Save(generator, bag.Scope("generator"));
        var own = bag.Scope("pretraining");
        own.Put("done", done);
        own.Put("finished", IsFinished ? 1 : 0);
        watch.Save(bag.Scope("guards"));
        if (IsFinished) return; // nothing learns any more
        OptimizerMemory.Save(optimizer, bag.Scope("optimizer"));
        order.Save(own.Scope("order"));
        own.Put("best-loss", bestLoss);
        own.Put("bad-epochs", badEpochs);
        foreach (var (name, value) in best.Tensors) own.Scope("best").Put(name, value);
        if (recent is not null) own.Put("recent-loss", recent);
        if (skipped > 0) own.Put("recent-skipped", skipped);
    }

    public void Load(StateBag bag)
    {
        ModuleState.Load(generator, bag.Scope("generator"));
        var own = bag.Scope("pretraining");
        done = own.GetLong("done");
        IsFinished = own.GetLong("finished") == 1;
        watch.Load(bag.Scope("guards"));
        best.Clear();
        recent?.Dispose();
        (recent, skipped, timed) = (null, 0, default);
        if (IsFinished) return;
        OptimizerMemory.Load(optimizer, bag.Scope("optimizer"));
        ScaleLearningRate();
        order.Load(own.Scope("order"));
        bestLoss = own.GetDouble("best-loss");
        badEpochs = own.GetLong("bad-epochs");
        foreach (var name in own.Scope("best").TensorNames()) best.Put(name, own.Scope("best").GetTensor(name));
        if (own.Has("recent-loss") && own.GetTensor("recent-loss").numel() != (HasManager ? 4 : 3))
            throw new InvalidDataException("an earlier version wrote it during pretraining, and this version cannot resume it");
        if (own.Has("recent-skipped")) skipped = own.GetLong("recent-skipped");
        if (own.Has("recent-loss")) recent = own.GetTensor("recent-loss").to(device, copy: true).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        recent?.Dispose();
        best.Clear();
        optimizer.Dispose();
        teacher?.Dispose();
    }
}
