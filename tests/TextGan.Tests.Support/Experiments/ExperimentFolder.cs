using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;

namespace TextGan.Tests.Experiments;

/// <summary>A temporary folder with data files and a valid experiment to break.</summary>
sealed class ExperimentFolder : IDisposable
{
    /// <summary>Valid, and with something of everything.</summary>
    public const string Valid = """
        {
          "name": "valid", "description": "All sorts of parts", "seeds": [1, 2], "device": "cpu", "threads": 2,
          "data": {
            "texts": { "kind": "text", "path": "texts.txt", "heldOut": 0.1 },
            "pairs": { "kind": "preferences", "path": "pairs.jsonl", "limit": 10 }
          },
          "tokenizer": { "kind": "word", "vocabulary": 100 }, "length": 16,
          "generator": { "kind": "lstm", "embedding": 8, "hidden": 8 },
          "pretraining": { "data": "texts", "epochs": 2, "optimizer": { "kind": "sgd", "momentum": 0.5 } },
          "discriminators": [
            { "name": "real", "kind": "cnn", "data": "texts", "widths": [2, 3], "loss": { "kind": "hinge" } },
            { "name": "better", "kind": "lstm", "data": "pairs", "weight": 0.5, "freezeAfter": 10,
              "opponents": { "generated": 1, "rejected": 3 } }
          ],
          "estimator": { "kind": "gumbel-softmax", "relaxation": "relaxed",
            "temperature": { "kind": "exponential", "from": 2, "to": 0.5 } },
          "regularizers": { "entropy": 0.01, "likelihood": 0.1, "likelihoodData": "texts" },
          "normalization": { "decay": 0.9 },
          "combiner": { "kind": "scheduled", "weights": { "better": { "kind": "step", "at": 3 }, "entropy": 0.5 } },
          "training": { "iterations": 5, "batch": 4 },
          "evaluation": { "every": 5, "samples": 10, "sampling": { "topK": 5 },
            "metrics": [ { "kind": "nll", "data": "texts" }, { "kind": "self-bleu", "orders": [2] } ] },
          "plugins": []
        }
        """;

    /// <summary>Settings that load plug-ins.</summary>
    public static ReadingSettings WithPlugins { get; } = new() { Plugins = PluginPolicy.Allow };

    readonly string root = Path.Combine(Path.GetTempPath(), "textgan-" + Guid.NewGuid().ToString("N"));

    public ExperimentFolder()
    {
        Directory.CreateDirectory(root);
        Write("texts.txt", "a b\nb c\n");
        Write("pairs.jsonl", """{"chosen":"a","rejected":"b"}""");
    }

    public string this[string name] => Path.Combine(root, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>The valid experiment after a change.</summary>
    public static JsonObject Changed(Action<JsonObject> change)
    {
        var experiment = JsonNode.Parse(Valid)!.AsObject();
        change(experiment);
        return experiment;
    }

    public IReadOnlyList<LoadedExperiment> Read(string json, ReadingSettings? settings = null) =>
        ExperimentFile.Read(Write("experiment.json", json), settings);

    public LoadedExperiment One(string json, ReadingSettings? settings = null) => Read(json, settings).Single();

    /// <summary>What the reader says, one problem a line, without the folder's name.</summary>
    public string[] Problems(string json, ReadingSettings? settings = null) => Problems(() => Read(json, settings));

    public string[] Problems(Action read)
    {
        var error = Assert.Throws<InvalidInputException>(read)!;
        return [.. error.Problems.Select(problem =>
            problem.ToString().Replace(root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal))];
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>The root of the repository.</summary>
    public static string Repository
    {
        get
        {
            for (var folder = TestContext.CurrentContext.TestDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "TextGan.sln"))) return folder;
            }
            throw new DirectoryNotFoundException("TextGan.sln is in no folder above the tests.");
        }
    }

    /// <summary>Every experiment file that the project ships.</summary>
    public static IEnumerable<string> Shipped()
    {
        var main = Path.Combine(Repository, "experiments.json");
        if (File.Exists(main)) yield return main;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository, "experiments"), "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            if (file.EndsWith(".schema.json", StringComparison.Ordinal)) continue;
            if (!file.Contains($"{Path.DirectorySeparatorChar}results{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}",
                    StringComparison.Ordinal)) yield return file;
        }
    }
}
