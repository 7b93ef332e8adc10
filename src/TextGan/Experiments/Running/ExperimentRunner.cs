using TextGan.Experiments.Reading;
using TextGan.Plots;
using TextGan.Problems;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Experiments.Running;

/// <summary>Runs experiments one after another, each with all its seeds; a run that fails does not keep the others from running.</summary>
public sealed class ExperimentRunner(RunnerOptions options, IRunObserver observer)
{
    /// <summary>
    /// Runs until all is done or <paramref name="stop"/> is asked for (the run under way ends after its step, with a
    /// checkpoint; further ones do not begin). Bad data throws <see cref="InvalidInputException"/> before anything is trained on it.
    /// </summary>
    public IReadOnlyList<RunResult> Run(IReadOnlyList<LoadedExperiment> experiments, CancellationToken stop)
    {
        using var pretrained = new PretrainedCache();
        var results = new List<RunResult>();
        var (index, count) = (0, experiments.Sum(experiment => experiment.Options.Seeds.Count));
        foreach (var experiment in experiments)
        {
            if (stop.IsCancellationRequested) break;
            set_num_threads(experiment.Options.Threads ?? Environment.ProcessorCount);
            using var materials = PluginFault.Watch(() => Materials.Load(experiment.Options, experiment.BaseFolder, null, observer.Message));
            foreach (var seed in experiment.Options.Seeds)
            {
                if (stop.IsCancellationRequested) break;
                results.Add(RunOne(experiment, seed, materials, pretrained, ++index, count, stop));
            }
        }
        DrawComparison(results);
        return results;
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

    RunResult RunOne(
        LoadedExperiment experiment, int seed, Materials materials, PretrainedCache pretrained, int index, int count, CancellationToken stop)
    {
        var name = $"{experiment.Options.Name}, seed {seed}";
        var run = new ExperimentRun(experiment, seed, materials, pretrained, options.RunsFolder, observer);
        observer.RunStarted(name, index, count);
        RunResult result;
        try
        {
            result = run.Run(stop);
        }
        catch (RunFailedException failure)
        {
            result = new RunResult(experiment.Options.Name, seed, "failed", failure.Message, run.Folder.Root, new Dictionary<string, double>());
        }
        if (result.Outcome != "failed" || File.Exists(run.Folder.Metrics))
            Draw(() => RunPlots.Draw(result.Folder, Path.Combine(options.PlotsFolder, result.Name, $"seed-{result.Seed}")));
        observer.RunEnded(name, result.Message ?? result.Outcome, result.Folder);
        return result;
    }
}
