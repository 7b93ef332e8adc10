using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TextGan.Native;
using TextGan.Runs.Events;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;

namespace TextGan.Runs;

/// <summary>
/// Rewarded soups (Ramé et al., 2306.04488): generators whose weights are the weighted means of those of runs that began with the same
/// generator. Of each run the weights are taken that its evaluations use: those of the moving average where it has one. A soup is written
/// as a finished run with one evaluation, by the first run's metrics on as many samples.
/// </summary>
public sealed class ModelSoup : IDisposable
{
    /// <param name="Folder">Its folder.</param>
    /// <param name="Experiment">Its config.json.</param>
    /// <param name="Tokenizer">The tokenizer of its generator.</param>
    /// <param name="Checkpoint">The checkpoint whose weights are taken.</param>
    /// <param name="Weights">"generator/NAME" and, where the start is known, "reference/NAME".</param>
    /// <param name="Start">What it began with, in words; the same words, the same start.</param>
    sealed record Part(RunFolder Folder, LoadedExperiment Experiment, ITokenizer Tokenizer, Checkpoint Checkpoint, StateBag Weights,
        string Start);

    const string Generator = "generator", Reference = "reference";

    readonly List<Part> parts = [];

    ModelSoup() { }

    Part First => parts[0];

    /// <summary>The seed by which a soup is sampled: the first run's.</summary>
    public int Seed => int.TryParse(First.Folder.Seed, out var own) ? own : First.Experiment.Options.Seeds[0];

    /// <summary>Reads the newest checkpoints of the runs.</summary>
    /// <param name="folders">Run folders (runs/EXPERIMENT/SEED).</param>
    /// <param name="settings">As in <see cref="StoredRun.Load"/>.</param>
    /// <param name="warn">As there.</param>
    /// <exception cref="InvalidInputException">A run cannot be read, or has another generator, tokenizer or start than the first.
    /// </exception>
    public static ModelSoup Open(IReadOnlyList<string> folders, ReadingSettings settings, Action<string> warn)
    {
        using var unfinished = new Unfinished();
        var soup = unfinished.Add(new ModelSoup());
        foreach (var folder in folders)
        {
            soup.parts.Add(Read(folder, settings, warn));
            if (Difference(soup.First, soup.parts[^1]) is { } difference)
                throw new InvalidInputException(folder, $"cannot be averaged with {folders[0]}, for they share no start: {difference}.");
        }
        return unfinished.Finish(soup);
    }

    static Part Read(string folder, ReadingSettings settings, Action<string> warn)
    {
        var run = StoredRun.FolderAt(folder);
        var experiment = ExperimentFile.ReadConfig(run.Config, settings);
        var encoder = StoredRun.EncoderOf(run, experiment, warn);
        var checkpoint = StoredRun.Choose(run, null, null, warn);
        var weights = new StateBag();
        Take(checkpoint, bag => [(Generator, StoredRun.WeightsIn(bag)), (Reference, bag.Scope(Reference))], weights);
        // The last checkpoint of the pretraining, which is always kept, is the start of the adversarial phase.
        var pretrained = Checkpoint.In(run.Checkpoints).LastOrDefault(one => one.Phase == Phase.Pretraining.NameOf());
        if (pretrained is not null && !weights.Scope(Reference).TensorNames().Any())
            Take(pretrained, bag => [(Reference, bag.Scope(Generator))], weights);
        var contents = RunFingerprint.ContentsIn(run);
        var start = pretrained is not null ? "a pretraining of its own"
            : experiment.Options.Start is not null ? $"the checkpoint {contents?.GetValueOrDefault(StartCheckpoint.Place)} of another run"
            : experiment.Options.Generator is PretrainedGeneratorOptions ? "the model of 'generator.path'"
            : $"the random weights of seed {run.Seed}";
        return new(run, experiment, encoder.Tokenizer, checkpoint, weights, start);
    }

    /// <summary>Moves some of a checkpoint's tensors to a bag, under the names of scopes, and frees the others.</summary>
    static void Take(Checkpoint checkpoint, Func<StateBag, (string Name, StateBag Scope)[]> choose, StateBag target)
    {
        var bag = checkpoint.Read();
        try
        {
            foreach (var (scope, chosen) in choose(bag))
                foreach (var name in chosen.TensorNames()) target.Scope(scope).Put(name, chosen.GetTensor(name));
        }
        finally
        {
            bag.Clear();
        }
    }

    /// <summary>The first thing because of which two runs have no start in common; null where they have one.</summary>
    static string? Difference(Part first, Part other)
    {
        static JsonNode? GeneratorOf(Part part) => RunFingerprint.ConfigurationOf(part.Experiment.Resolved,
            RunFingerprint.ContentsIn(part.Folder) ?? new Dictionary<string, string>())[Generator];

        if (RunDifferences.Between(GeneratorOf(first), GeneratorOf(other), Generator).FirstOrDefault() is { } different) return different;
        if (StartCheckpoint.Difference(first.Tokenizer, other.Tokenizer) is { } tokens) return $"the tokenizers differ ({tokens})";
        var (there, here) = (first.Weights.Scope(Generator), other.Weights.Scope(Generator));
        foreach (var name in there.TensorNames().Union(here.TensorNames()))
            if (!there.Has(name) || !here.Has(name) || !there.GetTensor(name).shape.SequenceEqual(here.GetTensor(name).shape))
                return $"the weight '{name}' is {Shape(there, name)} there and {Shape(here, name)} here";
        // Where both have the weights that they began with, these decide: a run may start from the very weights that another one learnt.
        var (before, beforeHere) = (first.Weights.Scope(Reference), other.Weights.Scope(Reference));
        if (!before.TensorNames().Any() || !beforeHere.TensorNames().Any())
            return first.Start == other.Start ? null : $"it began with {other.Start}, the other with {first.Start}";
        return before.TensorNames().FirstOrDefault(name => !AreEqual([before.GetTensor(name), beforeHere.GetTensor(name)])) is { } changed
            ? $"their adversarial phases began with other weights ('{changed}')" : null;

        static string Shape(StateBag bag, string name) =>
            bag.Has(name) ? $"[{string.Join(',', bag.GetTensor(name).shape)}]" : "missing";
    }

    static bool AreEqual(Tensor[] tensors)
    {
        using var scope = NewDisposeScope();
        return tensors.All(one => one.dtype == tensors[0].dtype && one.eq(tensors[0]).all().item<bool>());
    }

    /// <summary>
    /// Writes a soup into a folder that is not there yet, all or nothing. No other process may be writing the same soup.
    /// </summary>
    /// <param name="weights">The share of each run: 0 or more, 1 in all.</param>
    /// <param name="target">FOLDER/NAME/SEED; its name is that of the experiment.</param>
    /// <param name="device">Where it is measured.</param>
    /// <param name="settings">As in <see cref="Open"/>.</param>
    /// <param name="warn">As in <see cref="RunMeasurement.Of"/>.</param>
    /// <param name="say">As there.</param>
    /// <returns>What it was measured as.</returns>
    /// <exception cref="InvalidInputException">It cannot be measured or written.</exception>
    public Evaluation Write(IReadOnlyList<double> weights, RunFolder target, Device device, ReadingSettings settings, Action<string> warn,
        Action<string> say)
    {
        var above = Path.GetDirectoryName(Path.GetFullPath(target.Root))!;
        // Beside its place, so that what runs share is found where it will be; the seed is then read from config.json.
        var unfinished = new RunFolder(Path.Combine(above, $".{target.Seed}.{Guid.NewGuid():N}.tmp"));
        try
        {
            Directory.CreateDirectory(above);
            // What a process that was killed left.
            foreach (var leftover in Directory.EnumerateDirectories(above, $".{target.Seed}.*.tmp"))
                Directory.Delete(leftover, recursive: true);
            Directory.CreateDirectory(unfinished.Root);
            CopyFiles(unfinished);
            AtomicFile.WriteText(unfinished.Config, ConfigurationOf(weights, target.Experiment));
            AtomicFile.WriteText(unfinished.Soup, SourcesOf(weights));
            WriteCheckpoint(weights, new Checkpoint(unfinished.Checkpoints, First.Checkpoint.Phase, First.Checkpoint.Step));
            var (checkpoint, found) = RunMeasurement.Of(unfinished.Root, device, settings, warn, say);
            using (var log = new MetricLog(unfinished.Metrics))
                new Recorder(unfinished.Samples, unfinished.Checkpoints, 1, log, new RunSinks([]))
                    .Evaluated(PhaseNames.Parse(checkpoint.Phase)!.Value, checkpoint.Step, found);
            RunEnvironment.Write(unfinished, [], RunEnvironment.Of(First.Experiment.Options), First.Experiment.Options.Training.Iterations);
            ExperimentRun.WriteOutcome(unfinished, "finished", null, 0);
            Directory.Move(unfinished.Root, target.Root);
            FolderFlush.Flush(above);
            return found;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(target.Root, $"cannot be written: {refused.Message}");
        }
        finally
        {
            if (Directory.Exists(unfinished.Root)) Directory.Delete(unfinished.Root, recursive: true);
            if (Directory.Exists(above) && !Directory.EnumerateFileSystemEntries(above).Any()) Directory.Delete(above);
        }
    }

    /// <summary>What of the first run its generator and its data are read with.</summary>
    void CopyFiles(RunFolder target)
    {
        foreach (var (from, to) in (ReadOnlySpan<(string, string)>)[(First.Folder.Fingerprint, target.Fingerprint),
            (First.Folder.Vocabulary, target.Vocabulary), (First.Folder.Data, target.Data)])
            if (File.Exists(from)) File.Copy(from, to);
        foreach (var (from, to) in (ReadOnlySpan<(string, string)>)[(First.Folder.Tokenizer, target.Tokenizer),
            (First.Folder.Model, target.Model)])
            foreach (var file in Directory.Exists(from) ? Directory.GetFiles(from, "*", SearchOption.AllDirectories) : [])
            {
                var copy = Path.Combine(to, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
    }

    string ConfigurationOf(IReadOnlyList<double> weights, string name)
    {
        var configuration = (JsonObject)First.Experiment.Resolved.DeepClone();
        configuration["name"] = name;
        configuration["description"] = "The weighted mean of the weights of runs: see soup.json.";
        configuration["seeds"] = new JsonArray(Seed);
        configuration.Remove("swept");
        if (First.Experiment.Options.Generator is PretrainedGeneratorOptions { Lora: { } lora })
        {
            // Mean uses the adapters of all runs side by side.
            var used = weights.Count(weight => weight > 0);
            configuration[Generator]!["lora"]!["rank"] = lora.Rank * used;
            configuration[Generator]!["lora"]!["alpha"] = lora.Alpha * used;
        }
        return (First.Experiment with { Resolved = configuration }).ToJson();
    }

    string SourcesOf(IReadOnlyList<double> weights) => Safety.SafeText.Json(new JsonObject
    {
        ["runs"] = new JsonArray([.. parts.Zip(weights, (part, weight) => new JsonObject
        {
            ["run"] = Path.GetFullPath(part.Folder.Root), ["checkpoint"] = part.Checkpoint.Name, ["weight"] = weight,
        })]),
    }.ToJsonString(KindRegistry.BuiltIn.Json));

    void WriteCheckpoint(IReadOnlyList<double> weights, Checkpoint target)
    {
        var soup = new StateBag();
        try
        {
            Mean([.. parts.Zip(weights, (part, weight) => (part.Weights.Scope(Generator), weight))], soup.Scope(Generator));
            // The start is the same, whichever checkpoint has it; of adapters it is a mean of itself, which has the soup's rank.
            if (parts.Select(part => part.Weights.Scope(Reference)).FirstOrDefault(bag => bag.TensorNames().Any()) is { } start)
                Mean([.. weights.Select(weight => (start, weight))], soup.Scope(Reference));
            target.Write(soup);
        }
        finally
        {
            soup.Clear();
        }
    }

    /// <summary>
    /// Puts Σ_i w_i θ_i into a bag: summed in float64, rounded to the weights' own type; weights that are all equal stay as they are, and
    /// runs of weight 0 are left out, so that (1, 0) is the first run to the bit. The mean of adapters is not that of what they add, B A:
    /// A of all runs is stacked, and B, times w_i, set side by side, whose product is Σ_i w_i B_i A_i.
    /// </summary>
    static void Mean(IReadOnlyList<(StateBag Bag, double Weight)> parts, StateBag target)
    {
        using var _ = no_grad();
        (StateBag Bag, double Weight)[] used = [.. parts.Where(part => part.Weight > 0)];
        foreach (var name in used[0].Bag.TensorNames().ToArray())
        {
            using var scope = NewDisposeScope();
            Tensor[] own = [.. used.Select(part => part.Bag.GetTensor(name))];
            Tensor[] shares = [.. own.Zip(used, (one, part) => one.to(float64) * Held(part.Weight))];
            var mean = name.EndsWith(".lora_A.weight", StringComparison.Ordinal) ? cat(own, 0)
                : name.EndsWith(".lora_B.weight", StringComparison.Ordinal) ? cat(shares, 1)
                : AreEqual(own) ? own[0] : shares.Aggregate((sum, share) => sum.Plus(share));
            target.Put(name, mean.to(own[0].dtype));
        }
    }

    public void Dispose()
    {
        foreach (var part in parts) part.Weights.Clear();
    }
}
