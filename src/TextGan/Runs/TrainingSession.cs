using TextGan.Experiments;
using TextGan.Generators;
using TextGan.Learning;
using TextGan.Native;
using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>
/// The two phases of a run, from wherever it stands. A checkpoint of pretraining holds the generator, and what learns it while
/// it is under way; one of the adversarial phase holds all that plays in it. Each is enough to resume from.
/// </summary>
public sealed class TrainingSession(
    ExperimentOptions options, Materials materials, Device device, int seed, Recorder recorder, string pretrainingKey,
    Action<DiscriminatorPretraining>? discriminatorsPretrained = null, Action<Generator>? start = null) : IDisposable
{
    readonly RunAssembly assembly = new(options, materials, device, seed);
    Evaluator? evaluator;
    Generator? generator;
    MaximumLikelihoodTrainer? pretraining;
    AdversarialParts? parts;
    AdversarialLoop? adversarial;

    Evaluator Evaluator => evaluator ??= assembly.BuildEvaluator();

    Generator Generator => generator ??= Begin();

    /// <summary>A generator with the weights that the run begins with.</summary>
    Generator Begin()
    {
        using var unfinished = new Unfinished();
        var fresh = unfinished.Add(assembly.BuildGenerator());
        start?.Invoke(fresh);
        return unfinished.Finish(fresh);
    }

    bool HasAdversarialPhase => options.Discriminators.Count > 0 && options.Training.Iterations > 0;

    /// <summary>
    /// Resumes from a checkpoint of the run. Throws what <see cref="IStateful.Load"/> may throw; then this session is to be thrown away.
    /// </summary>
    public void Load(Checkpoint checkpoint, StateBag bag)
    {
        if (checkpoint.Phase == Phase.Pretraining.NameOf())
        {
            if (options.Pretraining is null) throw new InvalidDataException("the experiment has no pretraining");
            Pretraining().Load(bag);
        }
        else
        {
            if (!HasAdversarialPhase) throw new InvalidDataException("the experiment has no adversarial phase");
            Adversarial().Load(bag);
        }
        recorder.Load(bag);
    }

    /// <summary>Trains on; returns whether all is done.</summary>
    /// <param name="pretrained">Run folders whose pretraining may be this one's, by <see cref="RunFingerprint.Pretraining"/>.</param>
    /// <param name="takeDiscriminators">May put the discriminators' pretraining of another run into a trainer that has not begun; null for
    /// none.</param>
    /// <param name="stop">Ends it after the step.</param>
    public bool Run(Shared<RunFolder> pretrained, Action<DiscriminatorPretraining>? takeDiscriminators, CancellationToken stop)
    {
        recorder.Sink.Say($"generator: {Amount.Of(Generator.parameters().Sum(p => p.numel()), "parameter")} on {device}");
        if (adversarial is null && options.Pretraining is not null && !Pretrain(pretrained, stop)) return false;
        if (!HasAdversarialPhase)
        {
            if (options.Pretraining is null)
                recorder.Evaluated(Phase.Adversarial, 0, Evaluator.Evaluate(Generator, Phase.Adversarial.NameOf(), 0));
            return true;
        }
        if (stop.IsCancellationRequested) return false;
        if (adversarial is null)
        {
            Adversarial();
            parts!.Average?.Start(Generator);
            takeDiscriminators?.Invoke(adversarial!.Pretraining);
        }
        adversarial!.Run(stop);
        return adversarial.IsFinished;
    }

    bool Pretrain(Shared<RunFolder> pretrained, CancellationToken stop)
    {
        if (pretraining is null && !(pretrained.Find(pretrainingKey) is { } origin && TakeOver(origin))) Pretraining();
        pretraining!.Run(stop);
        var finished = pretraining.IsFinished;
        pretraining.Dispose();
        pretraining = null;
        return finished;
    }

    /// <summary>Takes another run's pretraining; false where that is not whole.</summary>
    bool TakeOver(RunFolder origin)
    {
        if (Checkpoint.In(origin.Checkpoints).LastOrDefault(c => c.Phase == Phase.Pretraining.NameOf()) is not { } checkpoint)
            return false;
        MetricLine[] lines;
        try
        {
            lines = [.. MetricLog.ReadLines(origin.Metrics).Select(MetricLine.Parse).TakeWhile(line => line.Phase == checkpoint.Phase)];
        }
        catch (Exception damaged) when (damaged is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            return false;
        }
        if (!recorder.TryLoad(checkpoint, bag =>
        {
            if (bag.Scope("pretraining").GetText("key") != pretrainingKey)
                throw new InvalidDataException("it was made with other settings, another device or another number of threads");
            Pretraining().Load(bag);
            if (!pretraining!.IsFinished) throw new InvalidDataException("its pretraining is not finished");
        }))
        {
            Dispose();
            return false;
        }
        recorder.Sink.Say($"pretraining: taken from '{origin.Experiment}' (same settings and seed)");
        recorder.TakeLines(lines);
        recorder.TakeSamples(origin.Samples, Phase.Pretraining);
        recorder.Save(Phase.Pretraining, pretraining!.Done, pretraining.Save);
        return true;
    }

    MaximumLikelihoodTrainer Pretraining() => pretraining ??= new MaximumLikelihoodTrainer(
        options.Pretraining!, options.Evaluation, Generator, materials.Encoded[options.Pretraining!.Data], materials.Encoder, device,
            Evaluator,
        recorder, seed, options.Guards, pretrainingKey);

    /// <summary>
    /// What the generator's texts are compared with for a collapse: its pretraining data, else those of the first discriminator that has
    /// any.
    /// </summary>
    IdRows? RealTexts => (options.Pretraining?.Data
        ?? options.Discriminators.Select(d => d.Data).FirstOrDefault(name => name is not null)) is { } data
        ? materials.Encoded[data].Texts : null;

    AdversarialLoop Adversarial()
    {
        if (adversarial is not null) return adversarial;
        parts = assembly.BuildAdversarialParts(Generator);
        generator = parts.Generator;
        return adversarial = new AdversarialLoop(
            options.Training, options.Evaluation, parts, materials.Encoder, Evaluator, recorder, seed, options.Guards, RealTexts,
            () => discriminatorsPretrained?.Invoke(adversarial!.Pretraining));
    }

    public void Dispose()
    {
        pretraining?.Dispose();
        adversarial?.Dispose();
        if (parts is null) generator?.Dispose();
        else parts.Dispose(); // owns the generator
        (pretraining, adversarial, parts, generator) = (null, null, null, null);
    }
}
