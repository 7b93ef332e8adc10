using TextGan.Experiments.Reading;
using TextGan.Runs.Events;
using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>Runs experiments one after another, each with all its seeds; a run that fails does not keep the others from running.</summary>
/// <param name="options">What is run, and where.</param>
/// <param name="sink">Hears of it.</param>
/// <param name="materials">Data that stay loaded from one call to the next; null: each call loads its own.</param>
public sealed class ExperimentRunner(RunnerOptions options, IRunSink sink, SharedMaterials? materials = null)
{
    /// <summary>
    /// Runs until all is done or <paramref name="stop"/> is asked for (the run under way ends after its step, with a
    /// checkpoint; further ones do not begin). What an earlier command finished is not run again, what it began is resumed.
    /// A run folder that another process works in or that holds a different run, a file or device that is not there, throws
    /// <see cref="InvalidInputException"/> before anything is trained at all. What is found to be bad later, such as data, costs the
    /// runs that need it (<see cref="RunResult.Refused"/>).
    /// </summary>
    public IReadOnlyList<RunResult> Run(IReadOnlyList<LoadedExperiment> experiments, CancellationToken stop)
    {
        using var planned = new PlannedRuns(experiments, options, sink);
        var results = RunAll(planned, stop);
        if (options.Configuration is null) planned.End(results); // else the command that ordered this run tells how all ended
        return results;
    }

    List<RunResult> RunAll(PlannedRuns planned, CancellationToken stop)
    {
        RunPlan[] unfinished = [.. planned.ToMake.Where(run => run.Standing != RunStanding.Finished)];
        using var own = materials is not null ? null
            : new SharedMaterials(unfinished.Select(run => run.Fingerprint).Distinct(), planned.Hashes, sink.Say, sink.Warn,
                options.RunsFolder);
        var shared = materials ?? own!;
        var results = new List<RunResult>();
        foreach (var runs in planned.ToMake.GroupBy(run => run.Fingerprint))
        {
            if (stop.IsCancellationRequested) break;
            var fingerprint = runs.Key;
            set_num_threads(fingerprint.Experiment.Options.Threads ?? Environment.ProcessorCount);
            Materials? loaded = null;
            Exception? refused = null;
            if (runs.Any(run => run.Standing != RunStanding.Finished))
            {
                try
                {
                    loaded = PluginFault.Watch(() => shared.Load(fingerprint));
                }
                catch (Exception bad) when (bad is InvalidInputException or RunFailedException)
                {
                    refused = bad;
                }
            }
            foreach (var run in runs)
            {
                if (stop.IsCancellationRequested) break;
                planned.Begin(run);
                var result = run.Standing == RunStanding.Finished ? run.Recall(sink.Of(run.Id))
                    : loaded is null ? RunResult.Failed(run.Id, run.Folder.Root, refused!)
                    : Train(run, loaded, planned.SharesDiscriminators(run), stop);
                results.Add(result);
                planned.End(run, result);
            }
            if (loaded is not null) shared.Release(fingerprint);
        }
        return results;
    }

    RunResult Train(RunPlan run, Materials materials, bool sharesDiscriminators, CancellationToken stop)
    {
        try
        {
            return new ExperimentRun(run, materials, sink.Of(run.Id), sharesDiscriminators, options.Ask, options.Command).Run(stop);
        }
        catch (Exception failure) when (failure is RunFailedException or InvalidInputException)
        {
            return RunResult.Failed(run.Id, run.Folder.Root, failure);
        }
    }
}
