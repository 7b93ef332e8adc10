using System.Diagnostics;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>
/// Two runs of one experiment on real replies, side by side, so that each has a busy core beside it, with the concurrent garbage collection
/// that the program turns off for itself: neither fails, and both leave the same bits.
/// </summary>
[Category("Long")]
public class RealRepliesTests
{
    [TestCase(1, 3)]
    [TestCase(30, 300, Description = "Half an hour and more.")]
    public void Two_runs_beside_each_other_give_equal_bits(int epochs, int iterations)
    {
        using var files = new TemporaryFiles();
        var data = Directory.CreateDirectory(files.PathOf("data")).FullName;
        Prepare(data);
        files.Write("replies.json", Experiment);
        string[] folders = [files.PathOf("one"), files.PathOf("two")];
        var processes = folders.Select(folder => Start(files.PathOf("replies.json"), folder, data, epochs, iterations)).ToArray();
        var errors = processes.Select(process => process.StandardError.ReadToEndAsync()).ToArray();
        foreach (var process in processes) process.WaitForExit();
        Assert.That(processes.Select(process => process.ExitCode), Is.All.Zero, string.Join('\n', errors.Select(error => error.Result)));
        foreach (var process in processes) process.Dispose();
        RunTrace.AssertSame(RunFolder.Of(folders[0], "replies", 1).Root, RunFolder.Of(folders[1], "replies", 1).Root);
    }

    /// <summary>Replies and pairs of both preference sets, by the script that comes with the shared data.</summary>
    static void Prepare(string folder)
    {
        var script = SharedData.Find("data/make_replies.py");
        if (script is null) Assert.Ignore("The shared data are missing: data/make_replies.py.");
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", [script!, folder]) { RedirectStandardOutput = true })!;
            python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            Assert.That(python.ExitCode, Is.Zero, "data/make_replies.py");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("The data are made by python3, which is missing.");
        }
    }

    static Process Start(string file, string folder, string data, int epochs, int iterations)
    {
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "textgan-cli.dll"), "run", file, "--runs", folder, "--plots", folder + "-plots",
            "--quiet",
            "--set", $"pretraining.epochs={epochs}", "--set", $"training.iterations={iterations}"]) { RedirectStandardError = true };
        start.Environment["TEXTGAN_DATA"] = data;
        start.Environment["DOTNET_gcConcurrent"] = "1";
        return Process.Start(start)!;
    }

    const string Experiment = """
        {
          "name": "replies", "threads": 1, "seeds": [1],
          "data": {
            "replies": { "kind": "text", "path": "${TEXTGAN_DATA}/replies.txt", "heldOutPath": "${TEXTGAN_DATA}/replies-test.txt" },
            "helpful": { "kind": "preferences", "path": "${TEXTGAN_DATA}/helpful-train.jsonl",
              "heldOutPath": "${TEXTGAN_DATA}/helpful-test.jsonl" },
            "harmless": { "kind": "preferences", "path": "${TEXTGAN_DATA}/harmless-train.jsonl",
              "heldOutPath": "${TEXTGAN_DATA}/harmless-test.jsonl" }
          },
          "tokenizer": { "kind": "word", "vocabulary": 4000 }, "length": 60,
          "generator": { "kind": "lstm", "embedding": 128, "hidden": 256, "dropout": 0.3 },
          "pretraining": { "data": "replies", "epochs": 30, "patience": 2, "optimizer": { "kind": "adam", "learningRate": 0.003 } },
          "discriminators": [
            { "name": "replies", "kind": "cnn", "data": "replies", "weight": 0.3, "pretrainingSteps": 200,
              "optimizer": { "kind": "adam", "learningRate": 0.0003 } },
            { "name": "helpful", "kind": "cnn", "data": "helpful", "loss": { "kind": "bradley-terry" },
              "opponents": { "generated": 0, "rejected": 1 },
              "pretrainingSteps": 150, "freezeAfter": 0, "dropout": 0.5, "optimizer": { "kind": "adam", "learningRate": 0.0003 } },
            { "name": "harmless", "kind": "cnn", "data": "harmless", "loss": { "kind": "bradley-terry" },
              "opponents": { "generated": 0, "rejected": 1 },
              "pretrainingSteps": 150, "freezeAfter": 0, "dropout": 0.5, "optimizer": { "kind": "adam", "learningRate": 0.0003 } }
          ],
          "estimator": { "kind": "reinforce", "baseline": { "kind": "leave-one-out" } },
          "normalization": {},
          "regularizers": { "kl": 0.5 },
          "training": { "iterations": 300, "batch": 128, "weightAverage": 0.95, "optimizer": { "kind": "adam", "learningRate": 0.0005 },
            "checkpointEvery": 50 },
          "evaluation": {
            "every": 50, "samples": 1000,
            "metrics": [{ "kind": "nll", "data": "replies" }, { "kind": "distinct-n" }, { "kind": "novelty", "data": "replies" },
              { "kind": "length" }]
          }
        }
        """;
}
