using TextGan.Runs.Events;

namespace TextGan.Cli.Jobs;

/// <summary>
/// Trains the runs of a command side by side, in processes with a share of the processors each. A run's bits are those that it
/// has alone with as many threads.
/// </summary>
public sealed class JobRunner(JobOptions jobs, RunnerOptions options, IRunSink sink)
{
    readonly QueueSink events = new();
    readonly HashSet<string> shownMessages = [];
    readonly Dictionary<LoadedExperiment, long> estimates = new(ReferenceEqualityComparer.Instance);
    readonly List<Job> running = [], all = [];

    /// <summary>As <see cref="ExperimentRunner.Run"/>.</summary>
    public IReadOnlyList<RunResult> Run(IReadOnlyList<LoadedExperiment> experiments, CancellationToken stop)
    {
        var work = Task.Run(() => RunAll(experiments, stop), CancellationToken.None);
        // Events come from the readers of all processes; the sinks hear them on this thread, one after another.
        foreach (var happened in events.All)
        {
            // Each process says the same of the data.
            if (happened is RunEvent.Said { Run: null } message && !shownMessages.Add(message.Text)) continue;
            sink.Receive(happened);
        }
        return work.GetAwaiter().GetResult();
    }

    async Task<IReadOnlyList<RunResult>> RunAll(IReadOnlyList<LoadedExperiment> experiments, CancellationToken stop)
    {
        try
        {
            using var planned = new PlannedRuns(experiments, options, events);
            var results = new Dictionary<RunPlan, RunResult>();
            foreach (var run in planned.ToMake.Where(run => run.Standing == RunStanding.Finished))
            {
                planned.Begin(run);
                End(run, run.Recall(events.Of(run.Id)));
            }
            var waiting = planned.ToMake.Where(run => run.Standing != RunStanding.Finished).ToList();
            using var stopping = stop.Register(StopAll);
            while (true)
            {
                while (running.Count < jobs.Count && Take() is { } next) Begin(next, () => Start(next, stop));
                if (running.Count == 0) break;
                await Task.WhenAny([.. running.Select(job => job.Ended), Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None)]);
                foreach (var job in running.Where(job => job.Ended.IsCompleted).ToArray())
                {
                    lock (running) running.Remove(job);
                    End(job.Run, await job.Ended);
                    // The next run goes to the same process, which may have read its data already.
                    if (job.IsAlive && Take() is { } next) Begin(next, () => Continue(job, next));
                    else job.Release();
                }
            }
            RunResult[] ended = [.. planned.ToMake.Where(results.ContainsKey).Select(run => results[run])];
            planned.End(ended);
            return ended;

            RunPlan? Take()
            {
                if (stop.IsCancellationRequested || Next(waiting) is not { } next) return null;
                waiting.Remove(next);
                return next;
            }

            void Begin(RunPlan run, Func<Job> begin)
            {
                planned.Begin(run);
                try
                {
                    var job = begin();
                    lock (running) running.Add(job);
                    if (stop.IsCancellationRequested) job.Stop(); // it may have come in between
                }
                catch (RunFailedException failure)
                {
                    End(run, RunResult.Failed(run.Id, run.Folder.Root, failure));
                }
            }

            void End(RunPlan run, RunResult result)
            {
                results[run] = result;
                planned.End(run, result);
            }
        }
        finally
        {
            StopAll(); // after an exception
            foreach (var job in running) job.Release();
            await Task.WhenAll(all.Select(job => job.Exited)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            events.End();
        }
    }

    void StopAll()
    {
        lock (running) running.ForEach(job => job.Stop());
    }

    /// <summary>
    /// The first waiting run whose pretraining no running job is computing, else the first one; null while memory is short.
    /// </summary>
    RunPlan? Next(List<RunPlan> waiting)
    {
        var next = waiting.Find(run => !running.Exists(job => !job.HasPretrained && SharesPretraining(job.Run, run)))
            ?? waiting.FirstOrDefault();
        return next is null || running.Count == 0 || HasRoom(next) ? next : null;
    }

    static bool SharesPretraining(RunPlan one, RunPlan other) => one.PretrainingKey == other.PretrainingKey;

    bool HasRoom(RunPlan run) => MachineMemory.HasRoom(
        EstimateOf(run), [.. running.Select(job => (EstimateOf(job.Run), job.Memory))], MachineMemory.Limit, MachineMemory.Free);

    long EstimateOf(RunPlan run) => estimates.TryGetValue(run.Experiment, out var known) ? known
        : estimates[run.Experiment] = RunMemory.Estimate(run.Experiment);

    Job Start(RunPlan run, CancellationToken stop)
    {
        if (!HasRoom(run))
            events.Of(run.Id).Warn(
                $"this run may need {NumberText.Bytes(EstimateOf(run))} of memory; {NumberText.Bytes(MachineMemory.Free)} are free");
        var device = jobs.Devices.MinBy(device => running.Count(job => job.Device == device));
        var job = Job.Start(jobs, OrderFor(run, device), run, events, stop);
        all.Add(job);
        return job;
    }

    Job Continue(Job job, RunPlan run)
    {
        job.Continue(OrderFor(run, job.Device), run);
        return job;
    }

    WorkerOrder OrderFor(RunPlan run, string? device)
    {
        run.Dispose(); // nobody holds the folder until the other process takes it
        return new WorkerOrder(run.Id, jobs.Threads, device, run.Fingerprint.Key, options.Command);
    }
}
