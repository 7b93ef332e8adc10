using TextGan.Data.Teachers;
using TextGan.Discriminators;
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
    ExperimentOptions options, Materials materials, Device device, int seed, Recorder recorder,
    Func<Phase, SharedPretraining?>? share = null, Action<Generator>? start = null, string baseFolder = "", RunFolder? folder = null,
    AskPerson? ask = null, Action<int, Discriminator>? startDiscriminator = null) : IDisposable
{
    readonly RunAssembly assembly = new(options, materials, device, seed, baseFolder)
    {
        Folder = folder, Ask = ask, Say = recorder.Sink.Say, StartDiscriminator = startDiscriminator,
    };
    Evaluator? evaluator;
    Generator? generator;
    MaximumLikelihoodTrainer? pretraining;
    AdversarialParts? parts;
    AdversarialLoop? adversarial;
    SharedPretraining? discriminators;

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

    bool HasAdversarialPhase => options.HasObjective && options.Training.Iterations > 0;

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
    /// <param name="stop">Ends it after the step, or while it waits for another run.</param>
    public bool Run(CancellationToken stop)
    {
        assembly.CheckModels();
        assembly.RequirePerson();
        var precision = RunEnvironment.PrecisionOf(options);
        using var _ = ModelPrecision.Use(precision);
        recorder.Sink.Say($"generator: {Amount.Of(Generator.parameters().Sum(p => p.numel()), "parameter")} on {device}, " +
            $"products in {RunEnvironment.NameOf(precision)}");
        if (options.Precision == Precision.Tf32 && precision != Precision.Tf32)
            recorder.Sink.Say("precision tf32 is for CUDA devices; on the CPU it is float32");
        foreach (var finding in Evaluator.Findings) recorder.Sink.Say(finding);
        if (adversarial is null && options.Pretraining is not null && !Pretrain(stop)) return false;
        if (!HasAdversarialPhase)
        {
            if (options.Pretraining is null)
                recorder.Evaluated(Phase.Adversarial, 0, Evaluator.Evaluate(Generator, Phase.Adversarial.NameOf(), 0, isEnd: true));
            return true;
        }
        if (stop.IsCancellationRequested) return false;
        var isNew = adversarial is null;
        Adversarial();
        if (isNew) parts!.Average?.Start(Generator);
        if (adversarial!.Pretraining.MayBeShared && (discriminators = share?.Invoke(Phase.DiscriminatorPretraining)) is not null)
        {
            if (!isNew) discriminators.TryLock();
            else if (!discriminators.TryTake(adversarial.Pretraining.TakePretraining, stop) && stop.IsCancellationRequested) return false;
        }
        adversarial.Run(stop);
        return adversarial.IsFinished;
    }

    bool Pretrain(CancellationToken stop)
    {
        using var shared = share?.Invoke(Phase.Pretraining);
        if (pretraining is not null) shared?.TryLock();
        else if (shared?.TryTake(TakePretraining, stop) != true && stop.IsCancellationRequested) return false;
        Pretraining().Run(stop);
        var finished = pretraining!.IsFinished;
        if (finished) shared?.Give(pretraining.Done, pretraining.Save);
        pretraining.Dispose();
        pretraining = null;
        return finished;
    }

    void TakePretraining(StateBag bag, IReadOnlyList<MetricLine> lines)
    {
        Pretraining().Load(bag);
        recorder.TakeLines(lines);
        recorder.Save(Phase.Pretraining, pretraining!.Done, pretraining.Save);
    }

    MaximumLikelihoodTrainer Pretraining() => pretraining ??= new MaximumLikelihoodTrainer(
        options.Pretraining!, options.Evaluation, Generator, materials.Encoded[options.Pretraining!.Data], materials.Encoder, device,
        Evaluator, recorder, seed, options.Guards, assembly.BuildDistillation());

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
            () => discriminators?.Give(adversarial!.Pretraining.Steps, adversarial.Pretraining.SavePretraining));
    }

    public void Dispose()
    {
        evaluator?.Dispose();
        discriminators?.Dispose();
        pretraining?.Dispose();
        adversarial?.Dispose();
        evaluator?.Dispose();
        if (parts is null) generator?.Dispose();
        else parts.Dispose(); // owns the generator
        (pretraining, adversarial, parts, generator) = (null, null, null, null);
    }
}
