using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Training;
using TextGan.Training.Guards;

namespace TextGan.Learning;

/// <summary>
/// The discriminators' updates before the first adversarial iteration, against a generator that stays; a run can take them from another.
/// </summary>
public sealed class DiscriminatorPretraining(
    TrainingOptions options, AdversarialParts parts, Action<Func<DiscriminatorTrainer, int>, long> learn, AdversarialState state,
    StepValues values, GuardWatch watch, Recorder recorder, int seed)
{
    /// <summary>Updates of the discriminator that has the most.</summary>
    public long Steps { get; } = parts.Discriminators.Select(d => d.PretrainingSteps).DefaultIfEmpty(0).Max();

    /// <summary>Called when the pretraining has come to its end here, before anything else is done.</summary>
    public Action? Finished { get; init; }

    public bool IsFinished => state.Pretrained >= Steps;

    /// <summary>Trains until all have had their updates or <paramref name="stop"/> is asked for.</summary>
    public void Run(CancellationToken stop)
    {
        if (IsFinished) return;
        recorder.PhaseStarted(Phase.DiscriminatorPretraining, Steps, state.Pretrained);
        if (state.Pretrained == 0 && watch.MayRollBack) state.Checkpoint(Phase.DiscriminatorPretraining, 0);
        while (!IsFinished && !stop.IsCancellationRequested)
        {
            Learn(state.Pretrained++);
            var due = options.CheckpointEvery > 0 && state.Pretrained % options.CheckpointEvery == 0;
            if (due || stop.IsCancellationRequested) state.Checkpoint(Phase.DiscriminatorPretraining, state.Pretrained, interim: !due);
        }
        recorder.PhaseEnded();
        if (IsFinished) Finished?.Invoke();
    }

    void Learn(long step)
    {
        using var scope = NewDisposeScope();
        Seeds.Set(seed, "discriminator-pretraining", step);
        learn(discriminator => step < discriminator.PretrainingSteps ? 1 : 0, step);
        var read = values.Read();
        watch.Allow(Phase.DiscriminatorPretraining, step + 1, read);
        // The last update of each is logged in any case.
        var logged = (step + 1) % options.LogEvery == 0 || parts.Discriminators.Any(d => d.PretrainingSteps == step + 1);
        recorder.Stepped(Phase.DiscriminatorPretraining, step + 1, 0, read, logged);
    }

    /// <summary>
    /// Whether it is to come, and another run's would leave this one as its own would: checkpoints on the way could not be made up for.
    /// </summary>
    public bool MayBeShared => !IsFinished && (options.CheckpointEvery == 0 || options.CheckpointEvery >= Steps);

    /// <inheritdoc cref="AdversarialState.SavePretraining"/>
    public void SavePretraining(StateBag bag) => state.SavePretraining(bag);

    /// <summary>
    /// Before the first update: takes what <see cref="SavePretraining"/> of a run with equal settings has put there, and its lines of the
    /// log.
    /// </summary>
    public void TakePretraining(StateBag bag, IEnumerable<MetricLine> lines)
    {
        if (watch.MayRollBack) state.Checkpoint(Phase.DiscriminatorPretraining, 0);
        state.LoadPretraining(bag);
        recorder.TakeLines(lines);
        if (options.CheckpointEvery > 0 && state.Pretrained % options.CheckpointEvery == 0)
            state.Checkpoint(Phase.DiscriminatorPretraining, state.Pretrained);
    }
}
