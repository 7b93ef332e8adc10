using TextGan.Experiments.Reading;
using TextGan.Native;
using TextGan.Plots;
using TextGan.Problems;
using TextGan.Storage;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Experiments.Running;

/// <summary>Runs experiments one after another, each with all its seeds; a run that fails does not keep the others from running.</summary>
public sealed class ExperimentRunner(RunnerOptions options, IRunObserver observer)
{
    /// <summary>
    /// Runs until all is done or <paramref name="stop"/> is asked for (the run under way ends after its step, with a
    /// checkpoint; further ones do not begin). What an earlier command finished is not run again, what it began goes on.
    /// A run folder that another process works in or that holds a different run, a file or device that is not there, throws
    /// <see cref="InvalidInputException"/> before anything is trained at all. What is found to be bad later, such as data, costs the
    /// runs that need it (<see cref="RunResult.Refused"/>).
    /// </summary>
    public IReadOnlyList<RunResult> Run(IReadOnlyList<LoadedExperiment> experiments, CancellationToken stop)
    {
        PlannedRun[] planned = [.. experiments.SelectMany(experiment => experiment.Options.Seeds.Select(seed => new PlannedRun(experiment, seed, options.RunsFolder)))];
        try
        {
            var hashes = new ContentHashes(Path.Combine(options.RunsFolder, ".checksums.json"),
                text => observer.Message(experiments.Aggregate(text, (shown, experiment) => experiment.Paths.Show(shown))));
            Claim(planned, hashes);
            return RunAll(planned, hashes, stop);
        }
        finally
        {
            foreach (var run in planned) run.Dispose();
        }
    }

    /// <summary>Takes all folders, then looks into them.</summary>
    void Claim(PlannedRun[] planned, ContentHashes hashes)
    {
        // The first that is taken ends it: of two processes with the same file one gets all, the other none.
        foreach (var run in planned) run.Lock();
        var problems = new List<Problem>();
        foreach (var runs in planned.GroupBy(run => run.Experiment))
        {
            Note(() =>
            {
                var fingerprint = RunFingerprint.Of(runs.Key, hashes);
                foreach (var run in runs) Note(() => run.Look(fingerprint, options.Restart));
                _ = fingerprint.Environment; // rejects a device that is not there
            });
        }
        if (problems.Count > 0) throw new InvalidInputException([.. problems.Distinct()]);

        void Note(Action look)
        {
            try
            {
                look();
            }
            catch (InvalidInputException refused)
            {
                problems.AddRange(refused.Problems);
            }
        }
    }

    List<RunResult> RunAll(PlannedRun[] planned, ContentHashes hashes, CancellationToken stop)
    {
        var pretrained = new PretrainedCache();
        PlannedRun[] unfinished = [.. planned.Where(run => run.Standing != RunStanding.Finished)];
        using var shared = new SharedMaterials(unfinished.Select(run => run.Fingerprint).Distinct(), hashes, observer.Message, observer.Warning);
        using var discriminators = new PretrainedDiscriminators(unfinished);
        var results = new List<RunResult>();
        var reasons = new Dictionary<string, string>(); // why runs failed, with the first that did
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
                observer.RunStarted(run.Name, ++index, planned.Length);
                var result = run.Standing == RunStanding.Finished ? Recall(run, pretrained)
                    : materials is null ? Failed(run, refused!)
                    : Train(run, materials, pretrained, discriminators, stop);
                results.Add(result);
                DrawRun(result);
                var isKnown = result.Message is { } reason && !reasons.TryAdd(reason, run.Name);
                observer.RunEnded(run.Name, isKnown ? $"for the same reason as {reasons[result.Message!]}" : result.Message ?? result.Outcome, result.Folder);
                run.Dispose();
            }
            if (materials is not null) shared.LetGo(fingerprint);
        }
        DrawComparison(results);
        return results;
    }

    RunResult Recall(PlannedRun run, PretrainedCache pretrained)
    {
        var elsewhere = RunEnvironment.Differences(RunEnvironment.HistoryIn(run.Folder), run.Fingerprint.Environment);
        observer.Message($"finished by an earlier command, with the same configuration and files{(elsewhere.Length > 0 ? $" ({elsewhere})" : "")}");
        if (elsewhere.Length == 0) pretrained.Add(run.Fingerprint.Pretraining(run.Seed), run.Folder);
        var final = FinalMetrics.Of(run.Folder);
        return new RunResult(run.Experiment.Options.Name, run.Seed, "finished", null, run.Folder.Root, final.Values) { IsEarlier = true, Samples = final.Samples, Missing = final.Missing };
    }

    RunResult Train(PlannedRun run, Materials materials, PretrainedCache pretrained, PretrainedDiscriminators discriminators, CancellationToken stop)
    {
        try
        {
            return new ExperimentRun(run.Fingerprint, run.Seed, materials, pretrained, run.Folder, observer, discriminators).Run(run.Standing, stop);
        }
        catch (Exception failure) when (failure is RunFailedException or InvalidInputException)
        {
            return Failed(run, failure);
        }
        finally
        {
            discriminators.LetGo(run.Fingerprint, run.Seed);
        }
    }

    static RunResult Failed(PlannedRun run, Exception failure) => new(run.Experiment.Options.Name, run.Seed, "failed", failure.Message, run.Folder.Root, new Dictionary<string, double>())
    {
        Refused = (failure as InvalidInputException)?.Problems,
    };

    void DrawRun(RunResult result)
    {
        var (folder, plots) = (new RunFolder(result.Folder), Path.Combine(options.PlotsFolder, result.Name, $"seed-{result.Seed}"));
        if (!File.Exists(folder.Metrics)) return;
        // An earlier command's pictures stand, unless it was killed before it had drawn them.
        if (result.IsEarlier && Directory.Exists(plots) && Directory.EnumerateFiles(plots).Any(file => File.GetLastWriteTimeUtc(file) >= File.GetLastWriteTimeUtc(folder.Outcome))) return;
        Draw(() => RunPlots.Draw(result.Folder, plots));
    }

    void DrawComparison(IReadOnlyList<RunResult> results)
    {
        string[] folders = [.. results.Where(result => result.Outcome != "failed").Select(result => result.Folder)];
        if (folders.Length < 2) return;
        Draw(() => ComparisonPlots.Draw(folders, Path.Combine(options.PlotsFolder, options.Comparison), options.Comparison));
    }

    /// <summary>A picture that cannot be drawn is worth a line, never the run that it shows.</summary>
    void Draw(Func<IReadOnlyList<string>> draw)
    {
        try
        {
            var files = draw();
            if (files.Count > 0) observer.Message($"plots: {Path.GetDirectoryName(files[0])}");
        }
        catch (Exception error) when (error is InvalidInputException or IOException or UnauthorizedAccessException)
        {
            observer.Message($"plots could not be drawn: {error.Message}");
        }
    }
}
