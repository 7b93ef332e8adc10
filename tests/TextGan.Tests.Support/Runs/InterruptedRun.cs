using TextGan.Experiments.Reading;
using TextGan.Runs;
using TextGan.Storage;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>Trains an experiment without the pictures, in one go or with stops.</summary>
sealed class InterruptedRun(LoadedExperiment experiment, string runsFolder) : IDisposable
{
    readonly Materials materials = Materials.Load(experiment.Options, experiment.BaseFolder, _ => { });

    public RunFolder Folder { get; } = RunFolder.Of(runsFolder, experiment.Options.Name, experiment.Options.Seeds[0]);

    public List<string> Messages { get; } = [];

    /// <summary>Goes on from whatever is there, and stops after the step where <paramref name="stopAt"/> says so.</summary>
    public RunResult Go(Func<Phase, long, bool>? stopAt = null)
    {
        TorchSharp.torch.set_num_threads(experiment.Options.Threads ?? 1);
        using var stop = new CancellationTokenSource();
        var observer = new SilentObserver { OnStep = (phase, step) => { if (stopAt?.Invoke(phase, step) == true) stop.Cancel(); } };
        try
        {
            using var plan = new RunPlan(experiment, experiment.Options.Seeds[0], runsFolder);
            plan.Look(RunFingerprint.Of(experiment, new ContentHashes()));
            return new ExperimentRun(plan, materials, observer).Run(stop.Token);
        }
        finally
        {
            Messages.AddRange(observer.Messages);
        }
    }

    public void Dispose() => materials.Dispose();
}
