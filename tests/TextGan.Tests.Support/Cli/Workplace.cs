namespace TextGan.Tests.Cli;

/// <summary>A folder of its own with an experiment file and data, gone at the end.</summary>
sealed class Workplace : IDisposable
{
    public const string Experiments = """
        {
          "defaults": {
            "length": 6,
            "data": { "sentences": { "kind": "text", "path": "sentences.txt" } },
            "tokenizer": { "kind": "word" },
            "generator": { "kind": "lstm", "embedding": 8, "hidden": 8 },
            "pretraining": { "data": "sentences", "epochs": 1, "batch": 4 },
            "evaluation": { "samples": 4, "metrics": [ { "kind": "distinct-n", "orders": [2] } ] }
          },
          "experiments": [
            { "name": "first", "description": "Maximum likelihood alone.", "training": { "iterations": 0 } },
            { "name": "second", "seeds": [1, 2], "training": { "iterations": 1 } }
          ]
        }
        """;

    public Workplace(string experiments = Experiments)
    {
        Folder = Path.Combine(Path.GetTempPath(), "textgan-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "experiments.json"), experiments);
        File.WriteAllLines(Path.Combine(Folder, "sentences.txt"),
            Enumerable.Range(0, 8).Select(i => $"the {(i % 2 == 0 ? "cat" : "dog")} sat"));
    }

    public string Folder { get; }

    public string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
