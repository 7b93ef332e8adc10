using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;
using TextGan.Generators.Pretrained;
using TextGan.Runs;
using TextGan.Storage;
using TextGan.Tests.Generators.Pretrained;
using TextGan.Tests.Tokenization.ByteLevel;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Cli;

/// <summary>Whole runs from a pretrained model, and the way back to its layout.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PretrainedRunTests : IDisposable
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

    readonly Workplace place = new(Experiment);

    public void Dispose() => place.Dispose();

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
        Fine("measure", "runs/tuned/1", "-m", "reference-kl");
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

    [TestCase("llama")]
    [TestCase("gpt2")]
    public void A_run_with_adapters_is_resumed_started_from_sampled_and_exported_apart_and_merged(string kind)
    {
        var isLlama = kind == "llama";
        WriteModel(isLlama ? TinyModel.Llama : TinyModel.Gpt2, isLlama ? TinyTokenizer.Llama3() : TinyTokenizer.Gpt2(), ScalarType.Float32);
        string[] adapted = ["--set", "generator.lora={\"rank\":2,\"dropout\":0.1}", "--set", "training.weightAverage=0.5", "--set",
            "pretraining.optimizer={\"kind\":\"adam\",\"learningRate\":0.05}", "--set", "generator.checkpointActivations=true"];
        Fine(["run", "--quiet", .. adapted]);
        Fine(["run", "--quiet", "--runs", "halves", "--set", "training.iterations=1", .. adapted]);
        Fine(["run", "--quiet", "--runs", "halves", .. adapted]);
        Fine(["run", "--quiet", "--runs", "third", "--set", "start={\"run\":\"runs/tuned/1\"}", .. adapted]);
        Fine("sample", "runs/tuned/1", "-n", "3");
        Fine("export", "runs/tuned/1", "-o", "adapter");
        Fine("export", "runs/tuned/1", "-o", "merged", "--merge");
        using var scope = NewDisposeScope();
        using var run = StoredRun.Load(place.At("runs", "tuned", "1"), CPU);
        using (var halves = StoredRun.Load(place.At("halves", "tuned", "1"), CPU))
            foreach (var (one, other) in run.Generator.parameters().Zip(halves.Generator.parameters()))
                Assert.That(one.eq(other).all().item<bool>(), "resumed to the bit");
        var adapters = isLlama ? "model.layers.{0}.self_attn.q_proj model.layers.{0}.self_attn.v_proj" : "transformer.h.{0}.attn.c_attn";
        Assert.That(SafeTensors.Shapes(place.At("adapter", "adapter_model.safetensors")).Keys, Is.EquivalentTo(
            from layer in new[] { 0, 1 }
            from name in string.Format(System.Globalization.CultureInfo.InvariantCulture, adapters, layer).Split(' ')
            from matrix in "AB"
            select $"base_model.model.{name}.lora_{matrix}.weight"));
        var config = JsonNode.Parse(File.ReadAllText(place.At("adapter", "adapter_config.json")))!;
        Assert.That(config["fan_in_fan_out"]!.GetValue<bool>(), Is.EqualTo(!isLlama));

        using var merged = PretrainedModel.Read(place.At("merged"), CPU);
        using var plain = PretrainedModel.Read(Model, CPU);
        var ids = arange(10).unsqueeze(0);
        double Difference(TextGan.Generators.Generator model) => (model.call(ids) - run.Generator.call(ids)).abs().max().item<float>();
        Assert.That(Difference(merged), Is.LessThan(1e-5));
        Assert.That(Difference(plain), Is.GreaterThan(1e-3));

        var layers = isLlama ? "q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj" : "c_attn, c_proj, c_fc";
        var all = new JsonArray([.. layers.Split(", ").Select(layer => (JsonNode)layer)]).ToJsonString();
        Fine(["run", "--quiet", "--runs", "all", .. adapted, "--set", $"generator.lora.targets={all}"]);
        Rejected($"$.generator.lora.targets[1]: the model has no layer 'c_nothing'; possible are {layers}.", "validate", "--set",
            $"generator.lora={{\"targets\":[\"{layers[..6]}\",\"c_nothing\"]}}");
        TinyModel.Write(Model, File.ReadAllText(Path.Combine(Model, "config.json")), gptPrefix: "", seed: 2);
        Rejected("is not the model that the run began with", "sample", "runs/tuned/1");
        Directory.Delete(Model, recursive: true);
        Rejected("the run began with the model in it", "sample", "runs/tuned/1");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Runs_that_share_a_start_are_averaged_adapters_exactly(bool hasAdapters)
    {
        WriteModel(TinyModel.Llama, TinyTokenizer.Llama3(), ScalarType.Float32);
        string[] common = hasAdapters ? ["--set", "generator.lora={\"rank\":2}"] : [];
        foreach (var (name, rate) in ((string, string)[])[("one", "0.05"), ("two", "0.1")])
            Fine(["run", "--quiet", "--set", $"name={name}", "--set",
                $"training.optimizer={{\"kind\":\"adam\",\"learningRate\":{rate}}}", .. common]);
        Fine("soup", "runs/one/1", "runs/two/1", "--weights", ".25,.75", "-o", "runs");
        Fine("measure", "runs/soup-0.25-0.75/1", "-m", "reference-kl");
        Dictionary<string, double[]> Exported(string run)
        {
            Fine(["export", $"runs/{run}/1", "-o", $"out/{run}", .. hasAdapters ? (string[])["--merge"] : []]);
            return SafeTensors.Load(place.At("out", run, "model.safetensors")).Tensors
                .ToDictionary(one => one.Key, one => one.Value.to(float64).flatten().data<double>().ToArray());
        }
        using var scope = NewDisposeScope();
        var (first, second, soup) = (Exported("one"), Exported("two"), Exported("soup-0.25-0.75"));
        Assert.That(soup.Keys, Is.EquivalentTo(first.Keys));
        Assert.That(soup.Any(one => !one.Value.SequenceEqual(first[one.Key])));
        foreach (var (name, mean) in soup)
            Assert.That(mean, Is.EqualTo(first[name].Zip(second[name], (x, y) => 0.25 * x + 0.75 * y)).Within(1e-6), name);
    }

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
        Rejected("--length: is 17; the model reads at most 16 tokens.", "sample", "runs/tuned/1", "--length", "17");
        Fine("sample", "runs/tuned/1", "--length", "16");
    }

    [Test]
    public void Without_a_tokenizer_it_is_that_of_the_generators_folder()
    {
        WriteModel(TinyModel.Llama, TinyTokenizer.Llama3(), ScalarType.Float32);
        Fine("run", "--quiet", "--set", "tokenizer=null");
        var config = JsonNode.Parse(File.ReadAllText(place.At("runs", "tuned", "1", "config.json")))!;
        Assert.That(config["tokenizer"]!.ToJsonString(), Is.EqualTo("""{"kind":"pretrained","path":"model"}"""));
        var written = File.GetLastWriteTimeUtc(place.At("runs", "tuned", "1", "metrics.jsonl"));
        Fine("run", "--quiet"); // the same run, by the same tokenizer written out
        Assert.That(File.GetLastWriteTimeUtc(place.At("runs", "tuned", "1", "metrics.jsonl")), Is.EqualTo(written));

        void RejectedWithout(string message, string generator) =>
            Rejected(message, "validate", "--set", "tokenizer=null", "--set", generator);
        RejectedWithout("is not there", "generator.path=nowhere");
        RejectedWithout("the key 'path' is missing", "generator={\"kind\":\"pretrained\"}");
        RejectedWithout("null is not allowed here; expected a tokenizer", "generator={\"kind\":\"lstm\"}");
    }

    [TestCase("llama")]
    [TestCase("gpt2")]
    public void A_reference_that_is_the_folders_model_is_in_no_checkpoint(string kind)
    {
        var isLlama = kind == "llama";
        WriteModel(isLlama ? TinyModel.Llama : TinyModel.Gpt2, isLlama ? TinyTokenizer.Llama3() : TinyTokenizer.Gpt2(), ScalarType.Float32);
        string[] untrained = ["--set", "pretraining=null", "--set", "evaluation.metrics=[{\"kind\":\"reference-kl\"}]",
            "--set", "training.optimizer={\"kind\":\"adam\",\"learningRate\":0.05}", "--set",
            "discriminators=[{\"name\":\"real\",\"kind\":\"features\",\"data\":\"sentences\",\"from\":\"hidden\",\"filters\":4}]"];
        Fine(["run", "--quiet", .. untrained]);
        var checkpoint = place.At("runs", "tuned", "1", "checkpoints", "adversarial-00000002.safetensors");
        Assert.That(SafeTensors.Shapes(checkpoint).Keys, Has.None.StartsWith("reference/").And.Some.StartsWith("generator/"));
        Fine(["run", "--quiet", "--runs", "halves", "--set", "training.iterations=1", .. untrained]);
        Fine(["run", "--quiet", "--runs", "halves", .. untrained]);
        Assert.That(File.ReadAllBytes(place.At("halves", "tuned", "1", "checkpoints", "adversarial-00000002.safetensors")),
            Is.EqualTo(File.ReadAllBytes(checkpoint)), "resumed to the bit");

        var run = place.At("runs", "tuned", "1");
        var logged = File.ReadLines(Path.Combine(run, "metrics.jsonl")).Select(MetricLine.Parse)
            .Last(line => line.Values.ContainsKey("metric/reference-kl")).Values["metric/reference-kl"];
        var measured = RunMeasurement.Of(run, CPU, new ReadingSettings(), _ => { }, _ => { }).Found.Values["reference-kl"];
        Assert.That(measured, Is.EqualTo(logged).And.Positive);
        using (var judged = StoredRun.Load(run, CPU, withJudges: true)) Assert.That(judged.Judges, Has.Count.EqualTo(1));

        TinyModel.Write(Model, File.ReadAllText(Path.Combine(Model, "config.json")), gptPrefix: "", seed: 2);
        Rejected("is not the model that the run began with", "measure", "runs/tuned/1");
        Directory.Delete(Model, recursive: true);
        Rejected("the run began with the model in it, which its checkpoints do not hold", "measure", "runs/tuned/1");
        Fine("sample", "runs/tuned/1", "-n", "3");
    }

    /// <summary>
    /// Llama 3.2 1B's sizes: 1,235,814,400 numbers (its model card), in float32. Adapters of rank 8 have 8 · (2048 + 2048) numbers in each
    /// of 16 layers beside the queries and 8 · (2048 + 512) beside the values: 851,968.
    /// </summary>
    [Test]
    public void The_estimate_of_memory_counts_all_models()
    {
        Directory.CreateDirectory(Model);
        File.WriteAllText(Path.Combine(Model, "config.json"), """
            { "architectures": ["LlamaForCausalLM"], "vocab_size": 128256, "hidden_size": 2048, "intermediate_size": 8192,
              "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64,
              "max_position_embeddings": 131072, "tie_word_embeddings": true }
            """);
        const long one = 1_235_814_400L * sizeof(float), adapters = 851_968L * sizeof(float);
        long Estimate(params string[] edits) => RunMemory.Estimate(ExperimentFile.Read(place.At("experiments.json"),
            new ReadingSettings { CheckFiles = false, Edits = edits }).Single());
        var plain = Estimate("regularizers.kl=0");
        Assert.That(plain, Is.InRange(4 * one, (long)(4 * one * 1.2)), "weights, gradients, two moments");
        Assert.That(Estimate() - plain, Is.EqualTo(one), "the reference");
        Assert.That(Estimate("training.weightAverage=0.9") - plain, Is.EqualTo(2 * one), "the reference and the average");
        const string lora = "generator.lora={\"rank\":8}";
        Assert.That(plain - Estimate("regularizers.kl=0", lora), Is.EqualTo(3 * one - 4 * adapters));
        Assert.That(Estimate(lora) - Estimate("regularizers.kl=0", lora), Is.EqualTo(adapters));
        const string judges = "discriminators=[{\"name\":\"a\",\"kind\":\"features\",\"data\":\"sentences\",\"model\":\"model\"}," +
            "{\"name\":\"b\",\"kind\":\"features\",\"data\":\"sentences\",\"model\":\"model\"}]";
        const string likelihood = "evaluation.metrics=[{\"kind\":\"model-nll\",\"model\":\"model\"}]";
        const string gold = "evaluation.metrics=[{\"kind\":\"gold\",\"name\":\"g\",\"data\":\"other\",\"judge\":{\"kind\":\"likelihood\"," +
            "\"generator\":{\"kind\":\"pretrained\",\"path\":\"model\"}}}]";
        Assert.That(Estimate(judges) - Estimate("discriminators=[]"), Is.EqualTo(one), "one copy for both");
        Assert.That(Estimate(likelihood) - Estimate(), Is.EqualTo(one));
        const string other = "data.other={\"kind\":\"text\",\"path\":\"other.txt\",\"heldOut\":0.5}";
        Assert.That(Estimate(other, gold) - Estimate(other), Is.EqualTo(4 * one), "a judge that learns");

        // 1,000 texts of 12 tokens: 16 layers keep 16 arrays of 2,048 numbers each, or their inputs alone and one of them the rest.
        string[] wide = ["training.batch=1000", "generator.checkpointActivations=true"];
        Assert.That(Estimate(wide[0]) - Estimate(wide), Is.EqualTo(12_000L * 2048 * sizeof(float) * (16 * 16 - 16 - 16)));
        const string relaxed = "estimator={\"kind\":\"gumbel-softmax\"}";
        Assert.That(Estimate([relaxed, .. wide]), Is.EqualTo(Estimate(relaxed, wide[0])), "its steps keep everything");

        // A model that does not learn takes most when it is read, beside its file.
        using (var file = File.Create(Path.Combine(Model, "model.safetensors"))) file.SetLength(1_000_000_000);
        Assert.That(Estimate(lora), Is.InRange(one + 1_000_000_000, (long)((one + 1_000_000_000) * 1.1)));
        Assert.That(Estimate("regularizers.kl=0"), Is.EqualTo(plain));
    }

    [Test]
    public void The_tokenizer_must_be_the_models()
    {
        WriteModel(TinyModel.Gpt2, TinyTokenizer.Gpt2(), ScalarType.Float32);
        Rejected("The model's own tokenizer is needed: leave 'tokenizer' out.",
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
