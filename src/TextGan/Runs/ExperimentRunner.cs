using TextGan.Experiments.Reading;
using TextGan.Runs.Events;
using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>Runs experiments one after another, each with all its seeds; a run that fails does not keep the others from running.</summary>
public sealed class ExperimentRunner(RunnerOptions options, IRunSink sink)
{
    readonly Dictionary<LoadedExperiment, RunFingerprint> fingerprints = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// Runs until all is done or <paramref name="stop"/> is asked for (the run under way ends after its step, with a
    /// checkpoint; further ones do not begin). What an earlier command finished is not run again, what it began is resumed.
    /// A run folder that another process works in or that holds a different run, a file or device that is not there, throws
    /// <see cref="InvalidInputException"/> before anything is trained at all. What is found to be bad later, such as data, costs the
    /// runs that need it (<see cref="RunResult.Refused"/>).
    /// </summary>
    public IReadOnlyList<RunResult> Run(IReadOnlyList<LoadedExperiment> experiments, CancellationToken stop)
    {
        RunPlan[] all = [.. experiments.SelectMany(
            experiment => experiment.Options.Seeds.Select(seed => new RunPlan(experiment, seed, options.RunsFolder)))];
        RunPlan[] planned = [.. all.Where(run => options.Only is null || run.Id == options.Only)];
        RunPlan[] others = [.. all.Except(planned)];
        try
        {
            var hashes = new ContentHashes(Path.Combine(options.RunsFolder, ".checksums.json"),
                text => sink.Say(experiments.Aggregate(text, (shown, experiment) => experiment.Paths.Show(shown))));
            Claim(planned, hashes);
            var results = RunAll(planned, Begun(others, hashes), hashes, stop);
            string[] compared = [.. results.Where(result => result.Outcome != "failed").Select(result => result.Folder)];
            string[] besides = [.. Begun(others, hashes).Select(run => run.Folder.Root)]; // as far as they have come by now
            sink.Receive(new RunEvent.AllEnded(
                [.. all.Select(run => run.Folder.Root).Where(folder => compared.Contains(folder) || besides.Contains(folder))]));
            return results;
        }
        finally
        {
            foreach (var run in planned) run.Dispose();
        }
    }

    /// <summary>Takes all folders, then looks into them.</summary>
    void Claim(RunPlan[] planned, ContentHashes hashes)
    {
        // The first that is taken ends it: of two processes with the same runs one gets all, the other none.
        foreach (var run in planned) run.Lock();
        var problems = new ProblemList();
        foreach (var runs in planned.GroupBy(run => run.Experiment))
        {
            problems.Note(() =>
            {
                var fingerprint = FingerprintOf(runs.Key, hashes);
                foreach (var run in runs) problems.Note(() => run.Look(fingerprint, options.Restart));
                _ = fingerprint.Environment; // rejects a device that is not there
            });
        }
        problems.Throw();
    }

    RunFingerprint FingerprintOf(LoadedExperiment experiment, ContentHashes hashes) =>
        fingerprints.TryGetValue(experiment, out var known) ? known : fingerprints[experiment] = RunFingerprint.Of(experiment, hashes);

    /// <summary>
    /// Of runs that other processes make those that were begun as the experiments are now. What is wrong with the rest is for those
    /// processes to say.
    /// </summary>
    RunPlan[] Begun(RunPlan[] others, ContentHashes hashes) => [.. others.Where(run =>
    {
        try
        {
            run.Look(FingerprintOf(run.Experiment, hashes));
            return run.Standing != RunStanding.New && File.Exists(run.Folder.Metrics);
        }
        catch (Exception refused) when (refused is InvalidInputException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    })];

    List<RunResult> RunAll(RunPlan[] planned, RunPlan[] others, ContentHashes hashes, CancellationToken stop)
    {
        using var pretrained = new Shared<RunFolder>([]);
        RunPlan[] unfinished = [.. planned.Where(run => run.Standing != RunStanding.Finished)];
        foreach (var run in unfinished.Length > 0 ? others : []) Offer(run, pretrained);
        using var shared = new SharedMaterials(unfinished.Select(run => run.Fingerprint).Distinct(), hashes, sink.Say, sink.Warn);
        using var discriminators = new PretrainedDiscriminators(unfinished);
        var results = new List<RunResult>();
        var reasons = new Dictionary<string, RunId>(); // why runs failed, with the first that did
        var index = 0;
        foreach (var runs in planned.GroupBy(run => run.Fingerprint))
        {
            if (stop.IsCancellationRequested) break;
            var fingerprint = runs.Key;
            set_num_threads(fingerprint.Experiment.Options.Threads ?? Environment.ProcessorCount);
            Materials? materials = null;
            Exception? refused = null;
            if (runs.Any(run => run.Standing != RunStanding.Finished))
            {
                try
                {
                    materials = PluginFault.Watch(() => shared.Load(fingerprint));
                }
                catch (Exception bad) when (bad is InvalidInputException or RunFailedException)
                {
                    refused = bad;
                }
            }
            foreach (var run in runs)
            {
                if (stop.IsCancellationRequested) break;
                sink.Receive(new RunEvent.Started(run.Id, run.Standing, ++index, planned.Length));
                var result = run.Standing == RunStanding.Finished ? Recall(run, pretrained)
                    : materials is null ? Failed(run, refused!)
                    : Train(run, materials, pretrained, discriminators, stop);
                results.Add(result);
                var isKnown = result.Message is { } reason && !reasons.TryAdd(reason, run.Id);
                sink.Receive(new RunEvent.Ended(
                    run.Id, result.Outcome, isKnown ? $"for the same reason as {reasons[result.Message!]}"
                        : result.Message, result.Folder, result.IsEarlier));
                run.Dispose();
            }
            if (materials is not null) shared.Release(fingerprint);
        }
        return results;
    }

    /// <summary>Another process's pretraining saves this one's, if it was made where this one is.</summary>
    static void Offer(RunPlan run, Shared<RunFolder> pretrained)
    {
        if (run.Pretrained is { } folder
            && RunEnvironment.Differences(RunEnvironment.HistoryIn(folder), run.Fingerprint.Environment).Length == 0)
            pretrained.TryKeep(run.Fingerprint.Pretraining(run.Seed), folder);
    }

    RunResult Recall(RunPlan run, Shared<RunFolder> pretrained)
    {
        var elsewhere = RunEnvironment.Differences(RunEnvironment.HistoryIn(run.Folder), run.Fingerprint.Environment);
        sink.Say($"finished by an earlier command, with the same configuration and files{(elsewhere.Length > 0 ? $" ({elsewhere})" : "")}");
        if (elsewhere.Length == 0) pretrained.TryKeep(run.Fingerprint.Pretraining(run.Seed), run.Folder);
        var final = FinalMetrics.Of(run.Folder);
        return new RunResult(run.Id.Experiment, run.Seed, "finished", null, run.Folder.Root, final.Values) {
            IsEarlier = true, Samples = final.Samples, Missing = final.Missing };
    }

    RunResult Train(RunPlan run, Materials materials, Shared<RunFolder> pretrained, PretrainedDiscriminators discriminators,
        CancellationToken stop)
    {
        try
        {
            return new ExperimentRun(run, materials, pretrained, sink, discriminators).Run(stop);
        }
        catch (Exception failure) when (failure is RunFailedException or InvalidInputException)
        {
            return Failed(run, failure);
        }
        finally
        {
            discriminators.Release(run);
        }
    }

    static RunResult Failed(RunPlan run, Exception failure) =>
        new(run.Id.Experiment, run.Seed, "failed", failure.Message, run.Folder.Root, new Dictionary<string, double>())
    {
        Refused = (failure as InvalidInputException)?.Problems,
    };
}
