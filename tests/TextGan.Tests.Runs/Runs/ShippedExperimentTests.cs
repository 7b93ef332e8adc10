using System.IO.Compression;
using TextGan.Data;
using TextGan.Data.Grammar;
using TextGan.Data.Oracle;
using TextGan.Data.Worlds;
using TextGan.Discriminators.Losses;
using TextGan.Experiments.Reading;
using TextGan.Metrics;
using TextGan.Storage;

namespace TextGan.Tests.Runs;

/// <summary>Every experiment of the repository is valid, and a shrunk copy of it trains.</summary>
public class ShippedExperimentTests
{
    static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "experiments"), "*.json", SearchOption.AllDirectories)
            .Append(Path.Combine(Repository.Root, "experiments.json"))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/bin/") && !file.Contains("/obj/") && !file.Contains("/results/")
                && !file.EndsWith(".schema.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Files))]
    public void Is_valid_and_a_shrunk_copy_trains(string file)
    {
        using var run = new SmallRun();
        WriteData(run.Folder);
        var path = Path.Combine(Repository.Root, file);
        var model = SharedData.Find("models/stories260k");
        if (model is null && File.ReadAllText(path).Contains("${TEXTGAN_MODEL}", StringComparison.Ordinal))
            Assert.Ignore("The model stories260k is not in the shared data (models/stories260k).");
        var settings = new ReadingSettings
        {
            Plugins = PluginPolicy.Allow,
            EnvironmentVariable = name => name switch
            {
                "TEXTGAN_DATA" => run.Folder,
                "TEXTGAN_STRUCTURED" or "TEXTGAN_PLAIN" => run.Folder, // is there, and Shrink leaves it out
                "TEXTGAN_MODEL" => model,
                "TEXTGAN_ORACLE" => Path.Combine(run.Folder, "oracle.safetensors"),
                _ => Environment.GetEnvironmentVariable(name),
            },
        };
        var drawn = new HashSet<string>();
        // Pictures take as long as all else; rows that measure the same have the same ones.
        var rows = ExperimentFile.Read(path, settings).Select(experiment => (Experiment: experiment,
            Draws: drawn.Add(string.Join(' ', experiment.Options.Evaluation.Metrics.Select(metric => metric.GetType().Name))))).ToList();
        // Rows of one thread each, side by side: nothing here depends on the bits.
        Parallel.ForEach(rows, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(4, Environment.ProcessorCount) }, row =>
        {
            var name = row.Experiment.Options.Name;
            var shrunk = ExperimentFile.Read(path, settings with { Only = [name], Edits = [.. Shrink(row.Experiment)] });
            var result = run.Run(shrunk, new SilentObserver(), default, draws: row.Draws).Single();
            Assert.That(result.Outcome, Is.EqualTo("finished"), $"{name}: {result.Message}");
            if (row.Draws)
                Assert.That(Directory.EnumerateFiles(Path.Combine(run.Folder, "plots", name), "*.png", SearchOption.AllDirectories),
                    Is.Not.Empty);
        });
    }

    static IEnumerable<string> Shrink(LoadedExperiment experiment)
    {
        yield return "seeds=[1]";
        yield return "threads=1";
        foreach (var (name, data) in experiment.Options.Data)
        {
            if (data is not (GrammarDataOptions or SamplesDataOptions or EnumerableDataOptions or OracleLstmDataOptions)) continue;
            yield return $"data.{name}.{(data is SamplesDataOptions ? "count" : "sentences")}=80";
            yield return $"data.{name}.heldOut=10";
        }
        if (experiment.Options.Pretraining is not null)
        {
            yield return "pretraining.epochs=1";
            yield return "pretraining.batch=16";
        }
        foreach (var discriminator in experiment.Options.Discriminators)
        {
            yield return $"discriminators.{discriminator.Name}.pretrainingSteps={Math.Min(1, discriminator.PretrainingSteps)}";
            if (discriminator.Learns) yield return $"discriminators.{discriminator.Name}.batch=8";
            if (discriminator.StepsPerIteration > 2) yield return $"discriminators.{discriminator.Name}.stepsPerIteration=2";
            if (discriminator.Loss is RankingLossOptions) yield return $"discriminators.{discriminator.Name}.loss.references=3";
            if (discriminator.Start is not null) yield return $"discriminators.{discriminator.Name}.start=null";
        }
        if (experiment.Options.Training.Iterations > 0) yield return "training.iterations=2";
        yield return "training.batch=8";
        yield return "evaluation.samples=8";
        for (var k = 0; k < experiment.Options.Evaluation.Metrics.Count; k++)
            if (experiment.Options.Evaluation.Metrics[k] is ContextDivergenceMetricOptions)
                yield return $"evaluation.metrics[{k}].positions=20";
            else if (experiment.Options.Evaluation.Metrics[k] is GradientEstimateMetricOptions)
                yield return $"evaluation.metrics[{k}].estimates=2";
            else if (experiment.Options.Evaluation.Metrics[k] is FreshDiscriminatorMetricOptions)
            {
                yield return $"evaluation.metrics[{k}].learn=10";
                yield return $"evaluation.metrics[{k}].measure=10";
                yield return $"evaluation.metrics[{k}].steps=2";
            }
            else if (experiment.Options.Evaluation.Metrics[k] is TemperatureSweepMetricOptions)
                yield return $"evaluation.metrics[{k}].temperatures=[0.5,1]";
            else if (experiment.Options.Evaluation.Metrics[k] is SearchMetricOptions search)
            {
                yield return $"evaluation.metrics[{k}].texts=2";
                yield return $"evaluation.metrics[{k}].budgets=[{Math.Min(2, search.Budgets[0])}]";
                if (search.FitOn is not null) yield return $"evaluation.metrics[{k}].fitOn=10";
            }
    }

    /// <summary>Small files in the layouts that the experiments name.</summary>
    static void WriteData(string folder)
    {
        foreach (var split in (string[])["train", "test"])
            foreach (var set in (string[])["helpful-pairs", "hh-harmless"]) Write($"{set}/{split}.jsonl.gz", Pairs(0));
        foreach (var set in (string[])["helpful", "harmless"])
            foreach (var (part, first) in (ReadOnlySpan<(string, int)>)[("train", 0), ("gold", 40), ("test", 80)])
                Write($"{set}-{part}.jsonl", Pairs(first));
        using (var oracle = OracleWeights.Random(60, 4, 5, 1))
            SafeTensors.Save(Path.Combine(folder, "oracle.safetensors"),
                OracleWeights.Names.ToDictionary(name => name, name => oracle[name]));
        Write("replies.txt", Enumerable.Range(0, 40).Select(i => $"Number {i} is a good one."));
        Write("replies-test.txt", Enumerable.Range(40, 10).Select(i => $"Number {i} is a good one."));
        foreach (var set in (string[])["coco-captions", "emnlp-news"])
            foreach (var split in (string[])["train", "test"])
                Write($"{set}/{split}.txt", Enumerable.Range(0, 40).Select(i => $"a picture of {i} dogs and {i % 7} cats ."));

        IEnumerable<string> Pairs(int first) => Enumerable.Range(first, 40).Select(i =>
            $"{{\"chosen\": \"\\n\\nHuman: what about {i}?\\n\\nAssistant: Number {i} is a good one.\", \"rejected\": " +
            $"\"\\n\\nHuman: what about {i}?\\n\\nAssistant: No idea {i % 5}.\"}}");

        void Write(string name, IEnumerable<string> lines)
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using Stream file = File.Create(path);
            using var stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
            using var writer = new StreamWriter(stream);
            foreach (var line in lines) writer.WriteLine(line);
        }
    }
}
