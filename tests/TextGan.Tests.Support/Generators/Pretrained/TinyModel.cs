using System.Text.Json.Nodes;
using TextGan.Storage;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Pretrained;

/// <summary>Tiny models with random weights, written as Hugging Face writes them.</summary>
static class TinyModel
{
    public const int V = 11;

    /// <summary>With Llama 3's rotary scaling in miniature: one rotation stays as it is, two are between, one is slowed.</summary>
    public const string Llama = """
        { "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 11, "hidden_size": 32, "intermediate_size": 20,
          "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 8, "max_position_embeddings": 64,
          "rms_norm_eps": 1e-05, "rope_theta": 50.0, "hidden_act": "silu", "attention_bias": false, "mlp_bias": false,
          "attention_dropout": 0.0, "tie_word_embeddings": false, "torch_dtype": "bfloat16", "transformers_version": "4.45.0",
          "pretraining_tp": 1, "use_cache": true, "initializer_range": 0.02, "bos_token_id": 1, "eos_token_id": [2, 3],
          "rope_scaling": { "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64,
            "rope_type": "llama3" } }
        """;

    public const string Gpt2 = """
        { "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 11, "n_embd": 12, "n_layer": 2, "n_head": 3,
          "n_positions": 16, "n_ctx": 16, "n_inner": null, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-05,
          "attn_pdrop": 0.1, "embd_pdrop": 0.1, "resid_pdrop": 0.1, "initializer_range": 0.02, "bos_token_id": 10, "eos_token_id": 10,
          "summary_type": "cls_index", "task_specific_params": { "text-generation": { "do_sample": true, "max_length": 50 } } }
        """;

    /// <summary>Writes config.json and model.safetensors; the names and shapes are written out as transformers has them.</summary>
    public static Dictionary<string, double[]> Write(string folder, string config, ScalarType type = ScalarType.Float32,
        string gptPrefix = "transformer.", int seed = 1)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        using var scope = NewDisposeScope();
        var weights = Weights(JsonNode.Parse(config)!.AsObject(), gptPrefix, seed)
            .ToDictionary(pair => pair.Key, pair => pair.Value.to(type));
        SafeTensors.Save(Path.Combine(folder, "model.safetensors"), weights, new Dictionary<string, string> { ["format"] = "pt" });
        return weights.ToDictionary(pair => pair.Key, pair => pair.Value.to(ScalarType.Float64).data<double>().ToArray());
    }

    static Dictionary<string, Tensor> Weights(JsonObject config, string prefix, int seed)
    {
        manual_seed(seed);
        var weights = new Dictionary<string, Tensor>();
        void Add(string name, params long[] shape) => weights[name] = randn(shape) * 0.4;
        int Size(string name) => config[name]!.GetValue<int>();
        if (config["model_type"]!.GetValue<string>() == "gpt2")
        {
            var h = Size("n_embd");
            Add(prefix + "wte.weight", Size("vocab_size"), h);
            Add(prefix + "wpe.weight", Size("n_positions"), h);
            for (var i = 0; i < Size("n_layer"); i++)
            {
                var layer = $"{prefix}h.{i}.";
                foreach (var norm in (string[])["ln_1", "ln_2"]) { Add(layer + norm + ".weight", h); Add(layer + norm + ".bias", h); }
                foreach (var (name, input, output) in ((string, int, int)[])[("attn.c_attn", h, 3 * h), ("attn.c_proj", h, h),
                    ("mlp.c_fc", h, 4 * h), ("mlp.c_proj", 4 * h, h)])
                {
                    Add($"{layer}{name}.weight", input, output); // Conv1D: [in,out]
                    Add($"{layer}{name}.bias", output);
                }
                weights[layer + "attn.bias"] = ones(1, 1, 16, 16).tril(); // the mask that older files hold
                weights[layer + "attn.masked_bias"] = tensor(-1e4f);
            }
            Add(prefix + "ln_f.weight", h);
            Add(prefix + "ln_f.bias", h);
            return weights;
        }
        var (hidden, size, inner) = (Size("hidden_size"), Size("head_dim"), Size("intermediate_size"));
        Add("model.embed_tokens.weight", Size("vocab_size"), hidden);
        for (var i = 0; i < Size("num_hidden_layers"); i++)
        {
            var layer = $"model.layers.{i}.";
            Add(layer + "input_layernorm.weight", hidden);
            Add(layer + "post_attention_layernorm.weight", hidden);
            Add(layer + "self_attn.q_proj.weight", Size("num_attention_heads") * size, hidden);
            Add(layer + "self_attn.k_proj.weight", Size("num_key_value_heads") * size, hidden);
            Add(layer + "self_attn.v_proj.weight", Size("num_key_value_heads") * size, hidden);
            Add(layer + "self_attn.o_proj.weight", hidden, Size("num_attention_heads") * size);
            Add(layer + "mlp.gate_proj.weight", inner, hidden);
            Add(layer + "mlp.up_proj.weight", inner, hidden);
            Add(layer + "mlp.down_proj.weight", hidden, inner);
        }
        Add("model.norm.weight", hidden);
        if (!config["tie_word_embeddings"]!.GetValue<bool>()) Add("lm_head.weight", Size("vocab_size"), hidden);
        return weights;
    }

    /// <summary>The folder's weights in two files with an index in place of one.</summary>
    public static void Shard(string folder)
    {
        var single = Path.Combine(folder, "model.safetensors");
        var map = new JsonObject();
        using (var file = SafeTensors.Load(single))
        {
            foreach (var (part, index) in file.Tensors.Chunk(file.Tensors.Count / 2 + 1).Select((part, index) => (part, index)))
            {
                var name = $"model-{index + 1:D5}-of-00002.safetensors";
                SafeTensors.Save(Path.Combine(folder, name), part.ToDictionary());
                foreach (var (tensor, _) in part) map[tensor] = name;
            }
        }
        File.Delete(single);
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"),
            new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = 1 }, ["weight_map"] = map }.ToJsonString());
    }

    /// <summary>The config with a key changed; null takes it away.</summary>
    public static string With(string config, string key, string? value)
    {
        var json = JsonNode.Parse(config)!.AsObject();
        json.Remove(key);
        if (value is not null) json[key] = JsonNode.Parse(value);
        return json.ToJsonString();
    }
}
