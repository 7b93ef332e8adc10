using System.Text.Json;
using TextGan.Learning;
using TextGan.Native;
using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>
/// The discriminators' pretraining, shared by runs of one command that agree in everything it depends on
/// (<see cref="RunFingerprint.DiscriminatorPretraining"/>): the generator that they learn against, all discriminators, the seed. A run that
/// takes it ends with the bits that it would have ended with.
/// </summary>
/// <param name="planned">The runs of the command that are not finished: what no later one can use is not kept.</param>
public sealed class PretrainedDiscriminators(IEnumerable<RunPlan> planned) : IDisposable
{
    readonly Shared<Result> shared = new(planned.Select(KeyOf));

    static string KeyOf(RunPlan run) => run.Fingerprint.DiscriminatorPretraining(run.Seed);

    /// <summary>Takes an earlier run's pretraining into a trainer that has not begun.</summary>
    public void Take(RunPlan run, DiscriminatorPretraining trainer, IRunSink sink)
    {
        if (!trainer.MayTakePretraining || shared.Find(KeyOf(run)) is not { } earlier) return;
        sink.Say($"pretraining of the discriminators: taken from '{earlier.Origin}' (same settings and seed)");
        trainer.TakePretraining(earlier.State, earlier.Lines);
    }

    /// <summary>Keeps what a run has pretrained for those that follow.</summary>
    public void Give(RunPlan run, DiscriminatorPretraining trainer)
    {
        var key = KeyOf(run);
        if (shared.Users(key) < 2 || shared.Find(key) is not null || LinesOf(run.Folder) is not { } lines) return;
        using var unfinished = new Unfinished();
        var result = unfinished.Add(new Result(new StateBag(), lines, run.Id.Experiment));
        trainer.SavePretraining(result.State);
        shared.Keep(key, unfinished.Finish(result));
    }

    /// <summary>The run is over.</summary>
    public void Release(RunPlan run) => shared.Release(KeyOf(run));

    public void Dispose() => shared.Dispose();

    /// <summary>
    /// The phase's lines; null where the run has already been further and was rolled back, for then it is not what others would have.
    /// </summary>
    static MetricLine[]? LinesOf(RunFolder folder)
    {
        try
        {
            MetricLine[] all = [.. MetricLog.ReadLines(folder.Metrics).Select(MetricLine.Parse)];
            return all.Any(line => line.Phase == PhaseNames.NameOf(Phase.Adversarial)) ? null
                : [.. all.Where(line => line.Phase == PhaseNames.NameOf(Phase.DiscriminatorPretraining))];
        }
        catch (Exception damaged) when (damaged is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    sealed record Result(StateBag State, IReadOnlyList<MetricLine> Lines, string Origin) : IDisposable
    {
        public void Dispose() => State.Clear();
    }
}
