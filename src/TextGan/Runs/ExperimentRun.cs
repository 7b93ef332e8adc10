using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Data.Teachers;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Native;
using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Runs.Trackers;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>
/// One experiment with one seed, from where it stands to its outcome. The caller holds the folder's lock and has looked into it.
/// </summary>
/// <param name="plan">The run.</param>
/// <param name="materials">Its data and tokenizer.</param>
/// <param name="sink">Hears what happens.</param>
/// <param name="sharesDiscriminators">Whether others are to take its discriminators' pretraining.</param>
/// <param name="ask">Asks a person; null where there is nobody.</param>
/// <param name="command">The command that was given, or null.</param>
public sealed class ExperimentRun(RunPlan plan, Materials materials, IRunSink sink, bool sharesDiscriminators = false,
    AskPerson? ask = null, string? command = null)
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    readonly RunFingerprint fingerprint = plan.Fingerprint;
    readonly LoadedExperiment experiment = plan.Experiment;
    readonly ExperimentOptions options = plan.Experiment.Options;
    readonly RunFolder folder = plan.Folder;
    readonly RunStanding standing = plan.Standing;
    readonly int seed = plan.Seed;

    /// <summary>
    /// Whether all of the run is made in the environment that the fingerprint names: only then can others share a part of it.
    /// </summary>
    bool isOfHere = true;

    /// <summary>
    /// Runs both phases. Throws <see cref="RunFailedException"/> where training cannot continue, <see cref="InvalidInputException"/> where
    /// it cannot begin with what was given.
    /// </summary>
    /// <param name="stop">Ends the run after its step, with a checkpoint.</param>
    public RunResult Run(CancellationToken stop)
    {
        var device = Devices.Resolve(options.Device, "$.device");
        MetricLog? log = null;
        var trackers = new TrackerSink(options.Trackers, new(folder, (JsonObject)experiment.Resolved.DeepClone()), sink);
        var outcome = "failed";
        try
        {
            Prepare();
            log = new MetricLog(folder.Metrics, resume: standing == RunStanding.Begun);
            var recorder = new Recorder(folder.Samples, folder.Checkpoints, options.Training.KeepCheckpoints, log, trackers,
                options.Training.KeepBest?.Build())
            {
                Origin = new PluginSuspects(options).Behind,
            };
            var finished = experiment.Paths.Watch(() => PluginFault.Watch(() => Train(device, recorder, stop)));
            var ended = finished ? "finished" : "stopped";
            WriteOutcome(folder, ended, null, log.Seconds);
            var final = FinalMetrics.Of(folder);
            outcome = ended;
            return new RunResult(options.Name, seed, outcome, null, folder.Root, final.Values) {
                Samples = final.Samples, Missing = final.Missing };
        }
        catch (Exception refused) when (FailureOf(refused) is { } failure)
        {
            WriteFailure(failure, log);
            if (failure == refused) throw;
            throw failure;
        }
        finally
        {
            log?.Dispose();
            trackers.End(outcome);
        }
    }

    /// <summary>What the run failed with; null where an exception is nobody's input, disk or device but a fault of the program.</summary>
    Exception? FailureOf(Exception refused) => refused switch
    {
        RunFailedException or InvalidInputException => refused,
        IOException or UnauthorizedAccessException =>
            new RunFailedException($"The run's files cannot be written: {refused.Message}", refused),
        // TorchSharp throws this very type; what derives from it comes from the system.
        ExternalException when refused.GetType() == typeof(ExternalException) => new RunFailedException(
            $"An operation failed in LibTorch: {PluginFault.FirstLine(refused.Message)}; {Recorder.LastGoodIn(folder.Checkpoints)}. " +
            $"The same command resumes from there.", refused),
        _ => null,
    };

    bool Train(Device device, Recorder recorder, CancellationToken stop)
    {
        using var session = standing == RunStanding.Begun ? Resume(device, recorder) : Session(device, recorder);
        return session.Run(stop);
    }

    TrainingSession Session(Device device, Recorder recorder) => new(options, materials, device, seed, recorder,
        phase => Share(phase, recorder), generator => StartCheckpoint.Load(generator, materials.Encoder.Tokenizer, fingerprint),
        experiment.BaseFolder, folder, ask,
        (index, discriminator) => StartCheckpoint.Load(discriminator, index, materials.Encoder.Tokenizer, fingerprint));

    /// <summary>A pretraining that this run has in common with others; null where it has it for itself.</summary>
    SharedPretraining? Share(Phase phase, Recorder recorder)
    {
        if (!isOfHere) return null;
        var shared = new SharedPretraining(plan, phase, recorder);
        // Any later command may use the generator's. The discriminators' is kept where it is known who will.
        return phase == Phase.Pretraining || sharesDiscriminators || shared.Exists ? shared : null;
    }

    /// <summary>A session at the newest undamaged checkpoint, or a new one if there is no such checkpoint.</summary>
    TrainingSession Resume(Device device, Recorder recorder)
    {
        foreach (var checkpoint in Checkpoint.In(folder.Checkpoints).Reverse())
        {
            var session = Session(device, recorder);
            var isLoaded = false;
            try
            {
                isLoaded = recorder.TryLoad(checkpoint, bag => session.Load(checkpoint, bag));
            }
            finally
            {
                if (!isLoaded) session.Dispose();
            }
            if (!isLoaded) continue;
            recorder.DeleteAfter(checkpoint);
            recorder.Rewound(checkpoint, isResume: true);
            RunEnvironment.NoteResumed(folder, checkpoint.Phase, checkpoint.Step);
            sink.Say($"resumed at {checkpoint.Phase} step {checkpoint.Step:N0}");
            return session;
        }
        sink.Say("no checkpoint to resume from: starts over");
        DeleteProducts();
        recorder.Log.Clear();
        sink.Receive(new RunEvent.Rewound(Phase.Pretraining, 0, IsResume: true));
        return Session(device, recorder);
    }

    void Prepare()
    {
        Directory.CreateDirectory(folder.Root);
        foreach (var place in (string[])[folder.Root, folder.Samples, folder.Checkpoints]) AtomicFile.DeleteLeftovers(place);
        File.Delete(folder.Outcome);
        IReadOnlyList<JsonObject> history = [];
        if (standing == RunStanding.Begun)
        {
            CheckVocabulary();
            history = RunEnvironment.HistoryIn(folder);
            var elsewhere = RunEnvironment.Differences(history, fingerprint.Environment);
            isOfHere = elsewhere.Length == 0;
            if (!isOfHere) sink.Warn($"{elsewhere}: the result may differ in its last bits from that of an uninterrupted run");
        }
        else
        {
            // An earlier run's files would mix with this one's.
            DeleteProducts();
            File.Delete(folder.Metrics);
            File.Delete(folder.Vocabulary);
            DeleteTracks();
        }
        AtomicFile.WriteText(folder.Config, experiment.ToJson());
        fingerprint.Write(folder);
        experiment.Paths.Watch(() => StoredTokenizer.Keep(folder, fingerprint));
        experiment.Paths.Watch(() => StoredModel.Keep(folder, experiment));
        RunEnvironment.Write(folder, history, fingerprint.Environment, options.Training.Iterations, command);
        AtomicFile.WriteText(folder.Data, materials.Report.ToJson());
        if (materials.Encoder.Tokenizer.FittedVocabulary is { } vocabulary)
            AtomicFile.WriteText(folder.Vocabulary, JsonSerializer.Serialize(vocabulary, Indented));
    }

    void DeleteProducts()
    {
        foreach (var stale in (string[])[folder.Samples, folder.Checkpoints])
            if (Directory.Exists(stale)) Directory.Delete(stale, recursive: true);
    }

    /// <summary>What trackers left; a run of a server keeps what it was told.</summary>
    void DeleteTracks()
    {
        File.Delete(folder.Mlflow);
        foreach (var name in (string[])["metrics", "samples"])
            foreach (var ending in (string[])["csv", "parquet"]) File.Delete(folder.Table(name, ending));
        if (Directory.Exists(folder.TensorBoard)) Directory.Delete(folder.TensorBoard, recursive: true);
    }

    /// <summary>Other data would give the ids other meanings.</summary>
    void CheckVocabulary()
    {
        if (materials.Encoder.Tokenizer.FittedVocabulary is not { } vocabulary || !File.Exists(folder.Vocabulary)) return;
        if (File.ReadAllText(folder.Vocabulary) != JsonSerializer.Serialize(vocabulary, Indented))
            throw new InvalidInputException(folder.Vocabulary,
                $"is not the vocabulary that is learnt now: the data have changed since the run began. Start it over with --restart " +
                $"--only {options.Name}.");
    }

    /// <summary>The failure counts, whether or not it can be written down (a full disk).</summary>
    void WriteFailure(Exception failure, MetricLog? log)
    {
        try
        {
            WriteOutcome(folder, "failed", failure.Message, log?.Seconds ?? 0);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            sink.Say($"{folder.Outcome} could not be written: {refused.Message}");
        }
    }

    internal static void WriteOutcome(RunFolder folder, string outcome, string? message, double seconds) =>
        AtomicFile.WriteText(folder.Outcome, new JsonObject
        {
            ["outcome"] = outcome,
            ["message"] = message,
            ["seconds"] = Math.Round(seconds, 1),
            ["ended"] = DateTimeOffset.Now.ToString("yyyy-MM-dd'T'HH:mm:sszzz"),
        }.ToJsonString(Indented));
}
