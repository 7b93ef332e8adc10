using System.Text.Json;
using System.Text.Json.Nodes;

namespace TextGan.Generators.Lora;

/// <summary>A folder of adapters in the layout of PEFT, which its PeftModel.from_pretrained reads beside the model.</summary>
public static class AdapterFiles
{
    public const string Weights = "adapter_model.safetensors";
    public const string Configuration = "adapter_config.json";

    static readonly JsonSerializerOptions layout = new() { WriteIndented = true };

    /// <summary>Writes both files.</summary>
    /// <param name="folder">Where to; it is made if it is not there.</param>
    /// <param name="generator">Whose adapters.</param>
    /// <param name="modelPath">Where the model is, which the configuration names.</param>
    public static void Write(string folder, LoraGenerator generator, string modelPath)
    {
        var json = new JsonObject
        {
            ["peft_type"] = "LORA", ["task_type"] = "CAUSAL_LM", ["base_model_name_or_path"] = modelPath,
            ["r"] = generator.Options.Rank, ["lora_alpha"] = generator.Options.Alpha, ["lora_dropout"] = generator.Options.Dropout,
            ["target_modules"] = new JsonArray([.. generator.Targets.Select(target => JsonValue.Create(target))]),
            ["fan_in_fan_out"] = generator.StoresTransposed, ["bias"] = "none", ["inference_mode"] = true,
        };
        AtomicFile.WriteText(Path.Combine(folder, Configuration), json.ToJsonString(layout) + "\n");
        SafeTensors.Save(Path.Combine(folder, Weights), generator.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter),
            new Dictionary<string, string> { ["format"] = "pt" });
    }
}
