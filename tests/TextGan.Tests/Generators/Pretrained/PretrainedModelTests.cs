using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TextGan.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Pretrained;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PretrainedModelTests : IDisposable
{
    static readonly int[] Ids = [.. Enumerable.Range(0, 16).Select(t => t * 7 % TinyModel.V)];

    readonly TemporaryFiles files = new();

    public void Dispose() => files.Dispose();

    [TestCase(ScalarType.Float32, false)]
    [TestCase(ScalarType.Float32, true)]
    [TestCase(ScalarType.BFloat16, true)]
    [TestCase(ScalarType.Float16, false)]
    public void Llama_with_rope_scaling_and_grouped_queries_agrees_with_loops_over_doubles(ScalarType type, bool sharded)
    {
        var weights = TinyModel.Write(files.Folder, TinyModel.Llama, type);
        if (sharded) TinyModel.Shard(files.Folder);
        Agrees(new LlamaInDoubles(Sizes(tied: false), weights, Llama3).Logits(Ids));
    }

    [Test]
    public void Llama_with_newer_keys_tied_weights_and_wide_heads_agrees_with_loops_over_doubles()
    {
        var config = TinyModel.With(TinyModel.With(TinyModel.With(TinyModel.Llama, "rope_scaling", null), "rope_theta", null),
            "rope_parameters", """
            { "rope_theta": 50.0, "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
              "original_max_position_embeddings": 64 }
            """);
        config = TinyModel.With(TinyModel.With(config, "tie_word_embeddings", "true"), "head_dim", "6");
        var weights = TinyModel.Write(files.Folder, config);
        Agrees(new LlamaInDoubles(Sizes(tied: true), weights, Llama3, headSize: 6).Logits(Ids));
    }

    [TestCase("transformer.", ScalarType.Float32, false)]
    [TestCase("", ScalarType.Float16, true)]
    [TestCase("", ScalarType.BFloat16, false)]
    public void Gpt2_agrees_with_loops_over_doubles(string prefix, ScalarType type, bool sharded)
    {
        var weights = TinyModel.Write(files.Folder, TinyModel.Gpt2, type, prefix);
        if (sharded) TinyModel.Shard(files.Folder);
        Agrees(new Gpt2InDoubles(12, 2, 3, 1e-5, prefix, weights).Logits(Ids));
    }

    static TransformerGeneratorOptions Sizes(bool tied) => new()
    {
        Hidden = 32, Layers = 2, Heads = 4, KeyValueHeads = 2, FeedForward = 20, TieEmbeddings = tied, Epsilon = 1e-5, RopeTheta = 50,
    };

    /// <summary>As transformers' _compute_llama3_parameters has it, for one frequency. The constants are those of the config.</summary>
    static double Llama3(double frequency)
    {
        const double factor = 8, low = 1, high = 4, original = 64;
        var wavelength = 2 * Math.PI / frequency;
        if (wavelength < original / high) return frequency;
        if (wavelength > original / low) return frequency / factor;
        var smooth = (original / wavelength - low) / (high - low);
        return (1 - smooth) * frequency / factor + smooth * frequency;
    }

    [Test]
    public void The_tiny_llama_has_all_three_cases_of_rope_scaling()
    {
        double[] ratios = [.. Enumerable.Range(0, 4).Select(i => Math.Pow(50, -2.0 * i / 8)).Select(f => Llama3(f) / f)];
        Assert.That(ratios, Has.Some.EqualTo(1).And.Some.EqualTo(0.125).And.Some.InRange(0.13, 0.99));
    }

    /// <summary>Whole texts, prompt and steps, ids and relaxed tokens: all within 1e-4 of what is expected [T][V].</summary>
    void Agrees(double[][] expected)
    {
        using var scope = NewDisposeScope();
        using var model = PretrainedModel.Read(files.Folder, CPU);
        var inputs = tensor(Ids.Select(id => (long)id).ToArray()).unsqueeze(0); // [1,T]
        Near(model.call(inputs), expected);
        Near(model.Logits(model.StatesAfter(model.LayerCount, model.EmbeddingTable![inputs])), expected);
        using (no_grad())
        {
            using var state = model.Start(1, Ids.Length);
            var hidden = new List<Tensor> { model.Prefill(inputs.narrow(1, 0, 5), state) };
            for (var t = 5; t < Ids.Length; t++) hidden.Add(model.Step(inputs.select(1, t), state).unsqueeze(1));
            Near(model.Logits(cat(hidden, 1)), expected);
        }
        using var relaxed = model.Start(1, Ids.Length);
        var oneHot = nn.functional.one_hot(inputs, TinyModel.V).to_type(float32).requires_grad_();
        var read = stack(Enumerable.Range(0, Ids.Length).Select(t => model.Step(oneHot.select(1, t), relaxed)), 1);
        Near(model.Logits(read), expected);
        model.Logits(read).sum().backward();
        Assert.That(oneHot.grad!.abs().sum().item<float>(), Is.GreaterThan(0));
        Assert.That(model.named_parameters().Where(p => p.parameter.grad is null).Select(p => p.name), Is.Empty);
    }

    static void Near(Tensor logits, double[][] expected)
    {
        Assert.That(logits.shape, Is.EqualTo(new long[] { 1, expected.Length, TinyModel.V }));
        double[] found = [.. logits.detach().flatten().data<float>().Select(value => (double)value)];
        Assert.That(found, Is.EqualTo(expected.SelectMany(row => row)).Within(1e-4));
    }

    [TestCase(TinyModel.Llama, "hidden_act", "\"gelu\"", "'hidden_act' is \"gelu\"; \"silu\" is allowed.")]
    [TestCase(TinyModel.Llama, "attention_bias", "true",
        "'attention_bias' is true; this key is not supported; null, false or no such key is allowed.")]
    [TestCase(TinyModel.Llama, "mlp_bias", "true", "'mlp_bias' is true;")]
    [TestCase(TinyModel.Llama, "sliding_window", "4096", "'sliding_window' is 4096;")]
    [TestCase(TinyModel.Llama, "quantization_config", "{ \"bits\": 4 }", "'quantization_config' is {\"bits\":4};")]
    [TestCase(TinyModel.Llama, "rope_scaling", "{ \"type\": \"linear\", \"factor\": 2.0 }",
        "'rope_scaling.type' is \"linear\"; \"default\" or \"llama3\" is allowed.")]
    [TestCase(TinyModel.Llama, "rope_scaling", "{ \"rope_type\": \"yarn\", \"factor\": 2.0 }",
        "'rope_scaling.rope_type' is \"yarn\"; \"default\" or \"llama3\" is allowed.")]
    [TestCase(TinyModel.Llama, "rope_scaling",
        "{ \"rope_type\": \"llama3\", \"factor\": 2, \"low_freq_factor\": 1, \"high_freq_factor\": 4 }",
        "'rope_scaling.original_max_position_embeddings' is missing; a whole number is needed.")]
    [TestCase(TinyModel.Llama, "rope_scaling",
        "{ \"rope_type\": \"llama3\", \"factor\": 2, \"low_freq_factor\": 4, \"high_freq_factor\": 4, " +
        "\"original_max_position_embeddings\": 9 }",
        "'rope_scaling.high_freq_factor' is 4; more than 'low_freq_factor' (4) is allowed.")]
    [TestCase(TinyModel.Llama, "rope_parameters", "{ \"rope_type\": \"default\" }",
        "'rope_parameters' stands beside 'rope_scaling'; one of the two is allowed.")]
    [TestCase(TinyModel.Llama, "num_key_value_heads", "3",
        "'num_key_value_heads' is 3; a divisor of 'num_attention_heads' (4) is allowed.")]
    [TestCase(TinyModel.Llama, "head_dim", "7", "'head_dim' is 7")]
    [TestCase(TinyModel.Llama, "hidden_size", null, "'hidden_size' is missing; a whole number is needed.")]
    [TestCase(TinyModel.Llama, "hidden_size", "2.5", "'hidden_size' is 2.5; a whole number from 1 to 16,777,216 is allowed.")]
    [TestCase(TinyModel.Llama, "vocab_size", "16777216", "The files have 10,848 numbers; the model that config.json describes has ")]
    [TestCase(TinyModel.Llama, "model_type", "\"mistral\"", "'model_type' is \"mistral\"; \"llama\" is allowed.")]
    [TestCase(TinyModel.Llama, "architectures", "[\"MistralForCausalLM\"]",
        "'architectures' is [\"MistralForCausalLM\"]; [\"LlamaForCausalLM\"] or [\"GPT2LMHeadModel\"] is allowed.")]
    [TestCase(TinyModel.Llama, "architectures", null, "'architectures' is missing;")]
    [TestCase(TinyModel.Gpt2, "scale_attn_by_inverse_layer_idx", "true", "'scale_attn_by_inverse_layer_idx' is true;")]
    [TestCase(TinyModel.Gpt2, "scale_attn_weights", "false", "'scale_attn_weights' is false; true is allowed.")]
    [TestCase(TinyModel.Gpt2, "add_cross_attention", "true", "'add_cross_attention' is true;")]
    [TestCase(TinyModel.Gpt2, "activation_function", "\"relu\"",
        "'activation_function' is \"relu\"; \"gelu_new\" or \"gelu_pytorch_tanh\" is allowed.")]
    [TestCase(TinyModel.Gpt2, "n_head", "5", "'n_head' is 5; a divisor of 'n_embd' (12) is allowed.")]
    public void What_would_be_computed_otherwise_is_rejected(string config, string key, string? value, string message)
    {
        TinyModel.Write(files.Folder, config);
        File.WriteAllText(files.PathOf("config.json"), TinyModel.With(config, key, value));
        var error = Assert.Throws<InvalidInputException>(() => PretrainedModel.Read(files.Folder, CPU).Dispose());
        Assert.That(error!.Problems, Has.Count.EqualTo(1));
        Assert.That(error.Problems[0].Message, Does.StartWith(message));
        Assert.That(error.Problems[0].Place, Does.StartWith(files.Folder));
    }

    /// <summary>As published files of GPT-2 have them: gpt2-medium, gpt2-xl, distilgpt2.</summary>
    [TestCase("n_special", "0")]
    [TestCase("predict_special_tokens", "true")]
    [TestCase("output_past", "true")]
    [TestCase("_num_labels", "1")]
    public void What_leaves_the_logits_as_they_are_is_read(string key, string value)
    {
        TinyModel.Write(files.Folder, TinyModel.With(TinyModel.Gpt2, key, value));
        using var model = PretrainedModel.Read(files.Folder, CPU);
        Assert.That(model.LayerCount, Is.EqualTo(2));
    }

    [Test]
    public void All_problems_of_a_config_are_named_at_once()
    {
        files.Write("config.json", TinyModel.With(TinyModel.With(TinyModel.Llama, "hidden_act", "\"relu\""), "mlp_bias", "true"));
        var error = Assert.Throws<InvalidInputException>(() => PretrainedModel.Read(files.Folder, CPU).Dispose());
        Assert.That(error!.Problems.Select(problem => problem.Place), Is.EqualTo(Enumerable.Repeat(files.PathOf("config.json"), 2)));
    }

    [Test]
    public void Damaged_folders_are_rejected()
    {
        Rejects($"{files.PathOf("config.json")}: The file does not exist.");
        files.Write("config.json", TinyModel.Llama);
        Rejects($"{files.Folder}: The folder has no weights: neither model.safetensors nor model.safetensors.index.json is there.");
        files.Write("model.safetensors.index.json", """{ "weight_map": { "a": "../b.safetensors" } }""");
        Rejects($"{files.PathOf("model.safetensors.index.json")}: " +
            "The tensor 'a' is said to be in \"../b.safetensors\"; the name of a file in the same");
        files.Write("model.safetensors.index.json", """{ "weight_map": { "a": "b.safetensors" } }""");
        Rejects($"{files.PathOf("b.safetensors")}: The file cannot be read:");
        files.Write("config.json", "[1]");
        Rejects($"{files.PathOf("config.json")}: The file holds Array; a JSON object is expected.");
        files.Write("config.json", """{ "a": 1, "a": 2 }""");
        Rejects($"{files.PathOf("config.json")}: The file is not valid JSON: ");
    }

    [Test]
    public void A_tensor_that_is_missing_is_named()
    {
        TinyModel.Write(files.Folder, TinyModel.Gpt2);
        File.WriteAllText(files.PathOf("config.json"), TinyModel.With(TinyModel.Gpt2, "tie_word_embeddings", "false"));
        Rejects($"{files.Folder}: the tensor 'lm_head.weight' is missing.");
    }

    void Rejects(string message) => Assert.That(
        Assert.Throws<InvalidInputException>(() => PretrainedModel.Read(files.Folder, CPU).Dispose())!.Message, Does.StartWith(message));
}
