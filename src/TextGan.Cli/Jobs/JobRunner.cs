using TextGan.Runs.Events;

namespace TextGan.Cli.Jobs;

/// <summary>
/// Makes the runs of a command side by side, each in a process of its own with a share of the processors. A run's bits are those that it has
/// alone with as many threads.
/// </summary>
public sealed class JobRunner(JobOptions jobs, RunnerOptions options, IRunSink sink)
{
    readonly QueueSink told = new();
    readonly HashSet<string> said = [];

    /// <summary>As <see cref="ExperimentRunner.Run"/>.</summary>
    public IReadOnlyList<RunResult> Run(IReadOnlyList<LoadedExperiment> experiments, CancellationToken stop)
    {
        // Events come from all processes' readers; the sinks hear them here, one after another.
        using var planned = new PlannedRuns(experiments, options, told);
        var work = Task.Run(() => MakeAll(planned, stop));
        foreach (var happened in told.All)
        {
            if (happened is RunEvent.Said { Run: null } word && !said.Add(word.Text)) continue; // what each process says of its data
            sink.Receive(happened);
        }
        return work.GetAwaiter().GetResult();
    }

    async Task<IReadOnlyList<RunResult>> MakeAll(PlannedRuns planned, CancellationToken stop)
    {
        try
        {
            var results = new Dictionary<RunPlan, RunResult>();
            foreach (var run in planned.ToMake.Where(run => run.Standing == RunStanding.Finished))
            {
                planned.Begin(run);
                End(run, run.Recall(told.Of(run.Id)));
            }
            var waiting = planned.ToMake.Where(run => run.Standing != RunStanding.Finished).ToList();
            var running = new List<Job>();
            using var stopping = stop.Register(() =>
            {
                lock (running) running.ForEach(job => job.Stop());
            });
            while (true)
            {
                while (!stop.IsCancellationRequested && running.Count < jobs.Count && Next(waiting, running) is { } next)
                {
                    waiting.Remove(next);
                    var job = Start(planned, next, running);
                    lock (running) running.Add(job);
                    if (stop.IsCancellationRequested) job.Stop(); // it may have come in between
                }
                if (running.Count == 0) break;
                await Task.WhenAny([.. running.Select(job => job.Ended), Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None)]);
                foreach (var job in running.Where(job => job.Ended.IsCompleted).ToArray())
                {
                    lock (running) running.Remove(job);
                    End(job.Run, await job.Ended);
                }
            }
            RunResult[] all = [.. planned.ToMake.Where(results.ContainsKey).Select(run => results[run])];
            planned.End(all);
            return all;

            void End(RunPlan run, RunResult result)
            {
                results[run] = result;
                planned.End(run, result);
            }
        }
        finally
        {
            told.End();
        }
    }

    /// <summary>
    /// The first waiting run that need not wait for a pretraining which another run is making, else the first one that memory allows.
    /// </summary>
    static RunPlan? Next(List<RunPlan> waiting, List<Job> running)
    {
        var next = waiting.FirstOrDefault(run => !running.Exists(job => !job.HasPretrained && SharesPretraining(job.Run, run)))
            ?? waiting.FirstOrDefault();
        return next is null || running.Count == 0 || Fits(next, running) ? next : null;
    }

    static bool SharesPretraining(RunPlan one, RunPlan other) =>
        one.Fingerprint.Pretraining(one.Seed) == other.Fingerprint.Pretraining(other.Seed);

    /// <summary>Whether what is free now, less what running jobs may still take, is enough for another one.</summary>
    static bool Fits(RunPlan run, List<Job> running)
    {
        var growth = running.Sum(job => Math.Max(0, EstimateOf(job.Run) - job.Memory));
        return EstimateOf(run) + growth <= MachineMemory.Available;
    }

    static long EstimateOf(RunPlan run) => RunMemory.Estimate(run.Experiment);

    Job Start(PlannedRuns planned, RunPlan run, List<Job> running)
    {
        planned.Begin(run);
        if (EstimateOf(run) is var needed && needed > MachineMemory.Available)
            told.Of(run.Id).Warn($"may need {MachineMemory.Text(needed)} of memory; {MachineMemory.Text(MachineMemory.Available)} are free");
        var device = jobs.Devices.MinBy(device => running.Count(job => job.Device == device));
        List<string> edits = [];
        if (run.Experiment.Options.Threads is null) edits.Add($"threads={Math.Max(1, Environment.ProcessorCount / jobs.Count)}");
        if (device is not null) edits.Add($"device={device}");
        run.Dispose(); // the lock is the other process's now
        string[] order = [WorkerOrder.Option, new WorkerOrder(run.Id.Path, edits, run.Fingerprint.Key).ToJson()];
        return Job.Start(jobs, order, run, device, told);
    }
}
