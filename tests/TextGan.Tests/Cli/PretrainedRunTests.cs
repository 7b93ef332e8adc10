using System.Text.Json.Nodes;
using TextGan.Generators.Pretrained;
using TextGan.Runs;
using TextGan.Storage;
using TextGan.Tests.Generators.Pretrained;
using TextGan.Tests.Tokenization.ByteLevel;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Cli;

/// <summary>Whole runs from a pretrained model, and the way back to its layout.</summary>
public sealed class PretrainedRunTests
{
    const string Experiment = """
        {
          "name": "tuned", "device": "cpu", "length": 12,
          "data": { "sentences": { "kind": "text", "path": "sentences.txt" } },
          "tokenizer": { "kind": "pretrained", "path": "model" },
          "generator": { "kind": "pretrained", "path": "model" },
          "pretraining": { "data": "sentences", "epochs": 1, "batch": 4 },
          "discriminators": [ { "name": "real", "kind": "cnn", "data": "sentences", "widths": [2], "filters": [4] } ],
          "regularizers": { "kl": 0.1 },
          "training": { "iterations": 2, "batch": 4, "checkpointEvery": 1 },
          "evaluation": { "samples": 4, "metrics": [] }
        }
        """;

    Workplace place = null!;

    [SetUp]
    public void Open() => place = new Workplace(Experiment);

    [TearDown]
    public void Close() => place.Dispose();

    string Model => place.At("model");

    CommandRun Do(params string[] arguments) => CommandRun.In(place.Folder, null, arguments);

    void Fine(params string[] arguments)
    {
        var run = Do(arguments);
        Assert.That(run.Code, Is.Zero, run.Error);
    }

    void Rejected(string message, params string[] arguments)
    {
        var run = Do(arguments);
        Assert.That((run.Code, run.Error.Trim().Split('\n').Length), Is.EqualTo((2, 1)), run.Error);
        Assert.That(run.Error, Does.Contain(message));
    }

    /// <summary>A tiny model with a tokenizer of its own.</summary>
    void WriteModel(string config, JsonObject tokenizer, ScalarType type, string gptPrefix = "")
    {
        var size = tokenizer["added_tokens"]!.AsArray().Max(token => token!["id"]!.GetValue<int>()) + 4;
        config = TinyModel.With(config, "vocab_size", $"{size}");
        foreach (var key in (string[])["bos_token_id", "eos_token_id"]) config = TinyModel.With(config, key, $"{size - 4}");
        TinyModel.Write(Model, config, type, gptPrefix);
        File.WriteAllText(Path.Combine(Model, "tokenizer.json"), tokenizer.ToJsonString());
        File.WriteAllText(Path.Combine(Model, "tokenizer_config.json"), """{ "tokenizer_class": "PreTrainedTokenizerFast" }""");
        File.WriteAllText(Path.Combine(Model, "README.md"), "not read");
    }

    [TestCase("llama", ScalarType.BFloat16, false)]
    [TestCase("llama", ScalarType.Float32, true)]
    [TestCase("gpt2", ScalarType.Float32, false)]
    public void A_run_learns_is_sampled_and_exported_and_the_export_is_the_same_model(string kind, ScalarType type, bool sharded)
    {
        var isLlama = kind == "llama";
        WriteModel(isLlama ? TinyModel.Llama : TinyModel.Gpt2, isLlama ? TinyTokenizer.Llama3() : TinyTokenizer.Gpt2(), type);
        var before = Shapes(Model);
        var config = File.ReadAllText(Path.Combine(Model, "config.json"));
        if (sharded) TinyModel.Shard(Model);
        Fine("run", "--quiet");
        Directory.Delete(Model, recursive: true); // a run can be moved

        Fine("sample", "runs/tuned/1", "-n", "3");
        Fine("export", "runs/tuned/1", "-o", "out/exported");
        var exported = place.At("out", "exported");
        Assert.That(Directory.EnumerateFileSystemEntries(exported).Select(file => Path.GetFileName(file)), Is.EquivalentTo(
            (string[])["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]));
        Assert.That(Directory.EnumerateFileSystemEntries(place.At("out")).Count(), Is.EqualTo(1), "nothing half-written is left");
        Assert.That(File.ReadAllText(Path.Combine(exported, "config.json")), Is.EqualTo(config));
        var masks = before.Keys.Where(name => name.EndsWith(".attn.bias") || name.EndsWith(".masked_bias"));
        Assert.That(Shapes(exported), Is.EqualTo(before.Where(one => !masks.Contains(one.Key)).ToDictionary()));

        using var run = StoredRun.Load(place.At("runs", "tuned", "1"), CPU);
        using var model = PretrainedModel.Read(exported, CPU);
        using var scope = NewDisposeScope();
        var ids = arange(10).unsqueeze(0);
        double difference = (model.call(ids) - run.Generator.call(ids)).abs().max().item<float>();
        var (least, most) = type == ScalarType.Float32 ? (0, 0) : (1e-6, 0.2); // what rounding to bfloat16 takes
        Assert.That(difference, Is.InRange(least, most));
        Rejected("is there and not empty; name a new or an empty folder.", "export", "runs/tuned/1", "-o", "out/exported");

        // An experiment on the export, its weights as they are, with relaxed tokens.
        Directory.Move(exported, Model);
        Fine("run", "--quiet", "--runs", "again", "--set", "pretraining=null", "--set", "estimator={\"kind\":\"gumbel-softmax\"}");
    }

    static Dictionary<string, string> Shapes(string folder) => SafeTensors.Shapes(Path.Combine(folder, "model.safetensors"))
        .ToDictionary(one => one.Key, one => $"{one.Value.Type} {string.Join(',', one.Value.Shape)}");

    [Test]
    public void A_run_does_not_resume_with_another_model_but_other_files_of_the_folder_are_none_of_its()
    {
        WriteModel(TinyModel.Llama, TinyTokenizer.Llama3(), ScalarType.Float32);
        Fine("run", "--quiet", "--set", "training.iterations=1");
        File.WriteAllText(Path.Combine(Model, "README.md"), "changed");
        Fine("run", "--quiet");
        var config = File.ReadAllText(Path.Combine(Model, "config.json"));
        TinyModel.Write(Model, config, seed: 2);
        Rejected("generator.path", "run", "--quiet", "--set", "training.iterations=3");
    }

    [Test]
    public void What_is_wrong_with_a_model_is_said_when_the_experiment_is_checked()
    {
        WriteModel(TinyModel.Gpt2, TinyTokenizer.Gpt2(), ScalarType.Float32);
        Fine("validate");
        Rejected("$.length: is 17; the generator's model reads at most 16 tokens", "validate", "--set", "length=17");
        File.WriteAllText(Path.Combine(Model, "config.json"), TinyModel.With(TinyModel.Gpt2, "activation_function", "\"relu\""));
        Rejected("'activation_function' is \"relu\"; \"gelu_new\" or \"gelu_pytorch_tanh\" is allowed.", "validate");
        Directory.Delete(Model, recursive: true);
        Assert.That(Do("validate").Code, Is.EqualTo(2));
    }

    [Test]
    public void A_longer_text_than_the_model_reads_cannot_be_sampled()
    {
        WriteModel(TinyModel.Gpt2, TinyTokenizer.Gpt2(), ScalarType.Float32);
        Fine("run", "--quiet", "--set", "discriminators=[]", "--set", "training.iterations=0");
        Rejected("--length: is 17; the run's model reads at most 16 tokens.", "sample", "runs/tuned/1", "--length", "17");
        Fine("sample", "runs/tuned/1", "--length", "16");
    }

    [Test]
    public void The_tokenizer_must_be_the_models()
    {
        WriteModel(TinyModel.Gpt2, TinyTokenizer.Gpt2(), ScalarType.Float32);
        Rejected("The model's own tokenizer is needed: \"tokenizer\": { \"kind\": \"pretrained\", \"path\": \"model\" }.",
            "run", "--quiet", "--set", "tokenizer={\"kind\":\"word\"}");
    }

    [Test]
    public void A_transformer_of_this_library_is_exported_as_a_llama()
    {
        Fine("run", "--quiet", "--set", "tokenizer={\"kind\":\"word\"}", "--set",
            """generator={"kind":"transformer","hidden":16,"layers":2,"heads":4,"keyValueHeads":2,"ropeTheta":50,"epsilon":0.001}""");
        Fine("export", "runs/tuned/1", "-o", "out", "--checkpoint", "adversarial-00000001");
        using var run = StoredRun.Load(place.At("runs", "tuned", "1"), CPU, "adversarial-00000001");
        using var model = PretrainedModel.Read(place.At("out"), CPU);
        using var scope = NewDisposeScope();
        var ids = tensor(new long[] { 0, 2, 3, 1 }).unsqueeze(0);
        Assert.That(model.call(ids).equal(run.Generator.call(ids)).all().item<bool>());
        Assert.That(model.MaximumLength, Is.EqualTo(12));

        Fine("run", "--quiet", "--runs", "lstm", "--set", "tokenizer={\"kind\":\"word\"}", "--set", "generator={\"kind\":\"lstm\"}");
        Rejected("those of the kinds 'pretrained' and 'transformer' can be exported.", "export", "lstm/tuned/1", "-o", "none");
        Assert.That(Directory.Exists(place.At("none")), Is.False);
    }
}
