using TextGan.Experiments.Reading;
using TextGan.Runs.Events;
using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>
/// The runs of a command: all folders are taken and looked at before any run begins, so that a command does all of its work or none. A
/// folder belongs to the command until its run ends (<see cref="RunPlan.Dispose"/>), or this is disposed of.
/// </summary>
public sealed class PlannedRuns : IDisposable
{
    readonly RunnerOptions options;
    readonly IRunSink sink;
    readonly RunPlan[] all, others;
    readonly Dictionary<LoadedExperiment, RunFingerprint> fingerprints = new(ReferenceEqualityComparer.Instance);
    readonly Lazy<Dictionary<string, int>> discriminators;
    readonly Dictionary<string, string> reasons = []; // why runs failed, with the name of the first that did
    int begun;

    /// <exception cref="InvalidInputException">Another process works in a folder, or it holds a different run; a file or device is not
    /// there.</exception>
    public PlannedRuns(IReadOnlyList<LoadedExperiment> experiments, RunnerOptions options, IRunSink sink)
    {
        (this.options, this.sink) = (options, sink);
        all = [.. experiments.SelectMany(
            experiment => experiment.Options.Seeds.Select(seed => new RunPlan(experiment, seed, options.RunsFolder)))];
        ToMake = [.. all.Where(run => options.Only is null || run.Id == options.Only)];
        others = [.. all.Except(ToMake)];
        discriminators = new(() => all.Select(run => Known(() => DiscriminatorsOf(run))).OfType<string>().CountBy(key => key)
            .ToDictionary());
        Hashes = new ContentHashes(Path.Combine(options.RunsFolder, ".checksums.json"),
            text => sink.Say(experiments.Aggregate(text, (shown, experiment) => experiment.Paths.Show(shown))));
        try
        {
            Claim();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The runs that the command makes.</summary>
    public IReadOnlyList<RunPlan> ToMake { get; }

    public ContentHashes Hashes { get; }

    /// <summary>
    /// Runs of these experiments that other processes train and that were started with the current configuration. Problems with the others
    /// are reported by those processes.
    /// </summary>
    public IReadOnlyList<RunPlan> MadeByOthers => [.. others.Where(IsBegun)];

    /// <summary>Whether a run pretrains its discriminators as another run of the experiments does that was not finished either.</summary>
    public bool SharesDiscriminators(RunPlan run) => run.Experiment.Options.Discriminators.Any(one => one.PretrainingSteps > 0)
        && discriminators.Value.GetValueOrDefault(run.Fingerprint.DiscriminatorPretraining(run.Seed)) > 1;

    /// <summary>Tells that a run begins.</summary>
    public void Begin(RunPlan run) => sink.Of(run.Id).Receive(new RunEvent.Started(run.Standing, ++begun, ToMake.Count));

    /// <summary>Tells how a run ended, and gives its folder back.</summary>
    public void End(RunPlan run, RunResult result)
    {
        var isKnown = result.Message is { } reason && !reasons.TryAdd(reason, run.Id.ToString());
        sink.Of(run.Id).Receive(new RunEvent.Ended(result.Outcome,
            isKnown ? $"for the same reason as {reasons[result.Message!]}" : result.Message, result.Folder, result.IsEarlier));
        run.Dispose();
    }

    /// <summary>Tells that all ended.</summary>
    public void End(IReadOnlyList<RunResult> results)
    {
        var compared = results.Where(result => result.Outcome != "failed").Select(result => result.Folder)
            .Where(folder => File.Exists(new RunFolder(folder).Metrics))
            .Concat(MadeByOthers.Select(run => run.Folder.Root)).ToHashSet(); // those of others as far as they have come by now
        sink.Receive(new RunEvent.AllEnded([.. all.Select(run => run.Folder.Root).Where(compared.Contains)]));
    }

    /// <summary>Takes all folders, then looks into them.</summary>
    void Claim()
    {
        // The first that is taken ends it: of two processes with the same runs one gets all, the other none.
        foreach (var run in ToMake) run.Lock();
        var problems = new ProblemList();
        foreach (var runs in ToMake.GroupBy(run => run.Experiment))
        {
            problems.Note(() =>
            {
                var fingerprint = FingerprintOf(runs.Key);
                if (options.Configuration is { } expected && fingerprint.Key != expected)
                    throw RunFingerprint.ChangedMeanwhile(runs.Key.Options.Name);
                foreach (var run in runs) problems.Note(() => run.Look(fingerprint, options.Restart));
                _ = fingerprint.Environment; // rejects a device that is not there
            });
        }
        problems.Throw();
    }

    RunFingerprint FingerprintOf(LoadedExperiment experiment) =>
        fingerprints.TryGetValue(experiment, out var known) ? known : fingerprints[experiment] = RunFingerprint.Of(experiment, Hashes);

    bool IsBegun(RunPlan run) => Known(() =>
    {
        run.Look(FingerprintOf(run.Experiment));
        return run.Standing != RunStanding.New && File.Exists(run.Folder.Metrics);
    });

    /// <summary>The key of a run's pretraining of the discriminators; null where it is finished.</summary>
    string? DiscriminatorsOf(RunPlan run)
    {
        if (others.Contains(run)) run.Look(FingerprintOf(run.Experiment));
        return run.Standing == RunStanding.Finished ? null : run.Fingerprint.DiscriminatorPretraining(run.Seed);
    }

    /// <summary>What can be found about a run; the default where it cannot.</summary>
    static T? Known<T>(Func<T?> find)
    {
        try
        {
            return find();
        }
        catch (Exception refused) when (refused is InvalidInputException or IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    public void Dispose()
    {
        foreach (var run in ToMake) run.Dispose();
    }
}
