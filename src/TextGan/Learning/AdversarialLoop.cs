using System.Diagnostics;
using TextGan.Generators.Sampling;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;
using TextGan.Learning.Updates;
using TextGan.Native;
using TextGan.Optimizers;
using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Training;
using TextGan.Training.Guards;

namespace TextGan.Learning;

/// <summary>
/// The adversarial phase. Each iteration: (1) every discriminator learns on its own data against texts of the generator or
/// rejected ones; (2) the generator makes a batch, an update rule turns the judgement of it into one term per discriminator,
/// a combiner turns all terms into one gradient, the generator steps.
/// </summary>
public sealed class AdversarialLoop : IStateful, IDisposable
{
    readonly TrainingOptions options;
    readonly EvaluationOptions evaluation;
    readonly AdversarialParts parts;
    readonly TextEncoder encoder;
    readonly Recorder recorder;
    readonly int seed;
    readonly optim.Optimizer optimizer;
    readonly StepValues values = new();
    readonly Judge[] judges;
    readonly GuardWatch watch;
    readonly AdversarialState state;
    readonly GeneratorStep generatorStep;
    readonly AdversarialEvaluation measurement;
    bool saidTruncated;

    /// <remarks><paramref name="realTexts"/> are what guards compare the generator's texts with.</remarks>
    public AdversarialLoop(
        TrainingOptions options, EvaluationOptions evaluation, AdversarialParts parts, TextEncoder encoder, Evaluator evaluator,
        Recorder recorder, int seed, GuardsOptions? guards = null, IdRows? realTexts = null, Action? discriminatorsPretrained = null)
    {
        (this.options, this.evaluation, this.parts, this.encoder, this.recorder, this.seed) =
            (options, evaluation, parts, encoder, recorder, seed);
        optimizer = options.Optimizer.BuildChecked(new OptimizerContext(parts.Generator.parameters()));
        judges = [.. parts.Discriminators.Select(d => d.Judge)];
        watch = new GuardWatch(guards ?? new GuardsOptions(), recorder, realTexts is null ? null : new RealTexts(realTexts, encoder, seed));
        state = new AdversarialState(parts, optimizer, watch);
        generatorStep = new GeneratorStep(options, parts, optimizer, watch, values, recorder.Sink.Say);
        measurement = new AdversarialEvaluation(evaluation, parts, evaluator, recorder, watch, seed,
            step => Request(Math.Min(step, Math.Max(0, options.Iterations - 1)), options.Batch, null));
        Pretraining = new DiscriminatorPretraining(
            options, parts, (updates, step) => LearnDiscriminators(updates, step, 0), state, values, watch, recorder, seed)
        { Finished = discriminatorsPretrained };
    }

    /// <summary>What the discriminators learn before the first iteration.</summary>
    public DiscriminatorPretraining Pretraining { get; }

    /// <summary>Whether all iterations are done.</summary>
    public bool IsFinished => state.Begun && state.Done >= options.Iterations;

    /// <summary>Trains until the iterations are over or <paramref name="stop"/> is asked for; returns the iterations done.</summary>
    public long Run(CancellationToken stop)
    {
        DropoutSwitch.TurnOff(parts.Generator); // what is sampled and what is scored must be one distribution: no dropout
        return watch.Guard(() =>
        {
            Pretraining.Run(stop);
            if (Pretraining.IsFinished) Train(stop);
            return state.Done;
        }, values, Load, state.ScaleLearningRates);
    }

    void Train(CancellationToken stop)
    {
        if (stop.IsCancellationRequested) return;
        recorder.PhaseStarted(Phase.Adversarial, options.Iterations, state.Done);
        parts.Leak?.Invoke(); // of a discriminator whose pretraining another run has made
        if (!state.Begun)
        {
            measurement.Evaluate(0);
            state.Begun = true;
            state.Checkpoint(Phase.Adversarial, 0);
        }
        while (state.Done < options.Iterations && !stop.IsCancellationRequested)
        {
            Iterate(state.Done++);
            var measured = state.Done % evaluation.Every == 0 || state.Done == options.Iterations;
            if (measured) measurement.Evaluate(state.Done, isEnd: state.Done == options.Iterations);
            var due = measured || (options.CheckpointEvery > 0 && state.Done % options.CheckpointEvery == 0);
            if (due || stop.IsCancellationRequested) state.Checkpoint(Phase.Adversarial, state.Done, interim: !due);
        }
        recorder.PhaseEnded();
    }

    void Iterate(long step)
    {
        using var scope = NewDisposeScope();
        var begin = Stopwatch.GetTimestamp();
        foreach (var discriminator in parts.Discriminators) // first: both draw numbers of their own
        {
            Ask(discriminator, step);
            discriminator.Restart(step);
        }
        Seeds.Set(seed, "adversarial", step);
        LearnDiscriminators(discriminator => discriminator.StepsAt(step), Pretraining.Steps + step, step);
        var tokens = 0.0;
        for (var i = 0; i < options.GeneratorSteps; i++) tokens += generatorStep.Learn(
            Request(step, options.Batch, parts.Prompts?.At(step * options.GeneratorSteps + i, options.Batch / parts.Update.GroupSize)));
        var read = values.Read();
        var line = new Dictionary<string, double>(read) { ["tokensPerSecond"] = tokens / Stopwatch.GetElapsedTime(begin).TotalSeconds };
        var logged = (step + 1) % options.LogEvery == 0 || step + 1 == options.Iterations;
        recorder.Stepped(Phase.Adversarial, step + 1, (long)tokens, line, logged);
        SayTruncated(step + 1, read);
        watch.CheckAccuracies(step + 1, read, parts.Discriminators.Select(d => d.Name));
    }

    /// <summary>Has a teacher asked about some of a pool of fresh texts, where the discriminator's options say so.</summary>
    void Ask(DiscriminatorTrainer discriminator, long step)
    {
        if (discriminator.PoolAt(step) is not (> 0 and var count)) return;
        using var scope = NewDisposeScope();
        Seeds.Set(seed, $"oracle-query/{discriminator.Name}", step);
        var tokenizer = encoder.Tokenizer;
        discriminator.Ask(step, Sampler.Sample(parts.Generator, new SamplingOptions(), count, encoder.Length, tokenizer.StartId,
            tokenizer.EndId, discriminator.Prompts?.At(step, count), tokenizer.PaddingId).Tokens, values);
    }

    /// <summary>Says, once, if most texts are cut off and for that reason teach nothing.</summary>
    void SayTruncated(long step, IReadOnlyDictionary<string, double> read)
    {
        if (saidTruncated || !parts.Update.MasksTruncated || !read.TryGetValue(TextFigures.Ended, out var ended) || ended >= 0.5) return;
        saidTruncated = true;
        recorder.Sink.Say($"{1 - ended:P0} of the texts of iteration {step} did not end within the length and are masked " +
            $"('estimator.truncated'); {TextFigures.Ended} in the log has the share of the others");
    }

    /// <summary>So many updates of each discriminator against fresh texts, as answers to the prompts of a step if there are any.</summary>
    void LearnDiscriminators(Func<DiscriminatorTrainer, int> updates, long step, long iteration)
    {
        DiscriminatorTrainer[] learning = [.. parts.Discriminators.Where(d => updates(d) > 0)];
        foreach (var discriminator in learning)
            discriminator.WarmUp(Math.Max(1, options.Batch / 2), (call, pairs) => parts.Update.CheckedGenerate(
                Request(iteration, 2 * pairs, parts.Prompts?.At(call, pairs).Repeat(2))));
        // One pool of fresh texts serves all discriminators with the same prompts; each reads as many rows as its own updates need.
        using var scope = NewDisposeScope();
        foreach (var group in learning.GroupBy(d => d.Prompts))
        {
            var rows = Math.Max(1, group.Max(d => updates(d) * d.GeneratedPerStep));
            var pool = parts.Update.CheckedGenerate(Request(iteration, rows, group.Key?.At(step, rows))).PerDevice();
            foreach (var discriminator in group)
            {
                var from = 0L;
                for (var i = 0; i < updates(discriminator); i++)
                    from += discriminator.Learn(pool(discriminator.Judge.Device), from, values, group.Key?.RowsAt(step, rows));
            }
        }
        DiscriminatorTrainer.TakeSteps(learning); // once all are under way, each on its device
        if (learning.Length > 0) parts.Leak?.Invoke();
    }

    RolloutRequest Request(long step, int batch, PromptBatch? prompts) => new(
        parts.Generator, judges, batch, encoder.Length, encoder.Tokenizer.StartId, encoder.Tokenizer.EndId, step, options.Iterations,
        NeedsLogits: options.Accumulate == 1 && parts.Regularizers.Any(regularizer => regularizer.NeedsLogits), encoder.Tokenizer.PaddingId,
        prompts)
    {
        Reference = parts.Update.NeedsReference || parts.Regularizers.Any(regularizer => regularizer.NeedsReference)
            ? parts.Reference : null,
        Parts = options.Accumulate,
    };

    public void Save(StateBag bag) => state.Save(bag);

    public void Load(StateBag bag) => state.Load(bag);

    public void Dispose() => optimizer.Dispose();
}
