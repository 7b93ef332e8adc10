using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;

namespace TextGan.Generators.Pretrained;

/// <summary>Writes generators in Hugging Face's layout: config.json and model.safetensors.</summary>
static class ModelWriter
{
    static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>Writes a pretrained model as it was: its config.json, and tensors with the names and types that its files had.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layout">The folder that <see cref="PretrainedModel.KeepLayout"/> made.</param>
    /// <param name="target">The folder.</param>
    public static void Write(Generator model, string layout, string target)
    {
        var (config, own) = (ModelConfig.Read(layout), Weights(model));
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (name, type) in TensorNames.Read(layout))
        {
            if (config.NameInModel(name) is not { } known) continue; // a table or a mask that can be computed
            if (!own.TryGetValue(known, out var weight)) weight = own[config.Embedding]; // tied, and in the files twice
            tensors[name] = (config.IsTransposed(known) ? weight.t() : weight).to(type);
        }
        File.Copy(Path.Combine(layout, ModelConfig.FileName), Path.Combine(target, ModelConfig.FileName));
        Save(tensors, target);
    }

    /// <summary>Writes a generator of the kind transformer, whose layers and names are Llama's.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Its options.</param>
    /// <param name="length">The most tokens of a text.</param>
    /// <param name="tokenizer">Which tokens begin, end and fill texts.</param>
    /// <param name="target">The folder.</param>
    public static void WriteLlama(Generator model, TransformerGeneratorOptions options, int length, ITokenizer tokenizer, string target)
    {
        var shape = options.Shape(model.VocabularySize);
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"), ["model_type"] = "llama", ["vocab_size"] = shape.VocabularySize,
            ["hidden_size"] = shape.Hidden, ["intermediate_size"] = shape.FeedForward, ["num_hidden_layers"] = shape.Layers,
            ["num_attention_heads"] = shape.Heads, ["num_key_value_heads"] = shape.KeyValueHeads, ["head_dim"] = shape.HeadSize,
            ["max_position_embeddings"] = length, ["rms_norm_eps"] = options.Epsilon, ["rope_theta"] = options.RopeTheta,
            ["hidden_act"] = "silu", ["attention_bias"] = false, ["mlp_bias"] = false, ["tie_word_embeddings"] = options.TieEmbeddings,
            ["bos_token_id"] = tokenizer.StartId, ["eos_token_id"] = tokenizer.EndId, ["pad_token_id"] = tokenizer.PaddingId,
            ["torch_dtype"] = "float32",
        };
        File.WriteAllText(Path.Combine(target, ModelConfig.FileName), config.ToJsonString(indented));
        Save(Weights(model), target);
    }

    static Dictionary<string, Tensor> Weights(Generator model) =>
        model.named_parameters().ToDictionary(one => one.name, one => (Tensor)one.parameter);

    /// <summary>Other programs ask for the format's name in the file.</summary>
    static void Save(Dictionary<string, Tensor> tensors, string target) => SafeTensors.Save(Path.Combine(target, ModelFiles.Single),
        tensors, new Dictionary<string, string> { ["format"] = "pt" });
}
