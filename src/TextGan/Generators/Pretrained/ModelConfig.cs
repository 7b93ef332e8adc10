using System.Text.Json;

namespace TextGan.Generators.Pretrained;

/// <summary>
/// A pretrained model as its config.json describes it. Each architecture reads its keys; what would be computed otherwise than the file
/// says is rejected.
/// </summary>
abstract record ModelConfig
{
    public const string FileName = "config.json";

    /// <summary>
    /// Keys that leave the logits as they are: names, versions, types of the weights (which the files tell), ids of special tokens (which
    /// the tokenizer reads), settings of training (initial values; dropout, of which none is used here), of text generation and of other
    /// heads than a language model's.
    /// </summary>
    static readonly HashSet<string> harmless =
    [
        "_name_or_path", "transformers_version", "transformers.js_config", "torch_dtype", "dtype", "use_cache", "is_llama_config",
        "bos_token_id", "eos_token_id", "pad_token_id", "unk_token_id", "sep_token_id", "cls_token_id", "decoder_start_token_id",
        "initializer_range", "attention_dropout", "attn_pdrop", "embd_pdrop", "resid_pdrop", "gradient_checkpointing",
        "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj",
        "task_specific_params", "finetuning_task", "problem_type", "id2label", "label2id", "num_labels", "_num_labels", "return_dict",
        "output_attentions", "output_hidden_states", "_attn_implementation", "_attn_implementation_autoset", "chunk_size_feed_forward",
        "max_length", "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups", "diversity_penalty", "temperature",
        "top_k", "top_p", "typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "num_return_sequences",
        "bad_words_ids", "suppress_tokens", "begin_suppress_tokens", "exponential_decay_length_penalty", "tokenizer_class", "prefix",
    ];

    /// <summary>V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>H.</summary>
    public required int Hidden { get; init; }

    public required int Layers { get; init; }

    /// <summary>The most tokens of a text.</summary>
    public required int MaximumLength { get; init; }

    /// <summary>Whether the output uses the embedding's matrix.</summary>
    public required bool Tied { get; init; }

    /// <summary>How many numbers the model has.</summary>
    public abstract long Parameters { get; }

    /// <summary>The linear layers of one of its layers, by the last parts of their names.</summary>
    public abstract IReadOnlyList<(string Name, long Inputs, long Outputs)> LinearLayers { get; }

    /// <summary>Those that have adapters unless others are asked for.</summary>
    public abstract IReadOnlyList<string> UsualTargets { get; }

    /// <summary>The name of the embedding's matrix in the model.</summary>
    public abstract string Embedding { get; }

    /// <summary>A model of this shape with weights drawn at random.</summary>
    public abstract DecoderGenerator Build(Device device);

    /// <summary>What a tensor of the files is called in the model; null where it holds no weights.</summary>
    public abstract string? NameInModel(string nameInFile);

    /// <summary>Whether files hold this matrix of the model transposed.</summary>
    public virtual bool IsTransposed(string nameInModel) => false;

    /// <summary>Reads the config.json of a folder.</summary>
    /// <exception cref="InvalidInputException">It is missing or describes something that is not supported: all problems.</exception>
    public static ModelConfig Read(string folder)
    {
        var problems = new List<Problem>();
        var file = Path.Combine(folder, FileName);
        var json = JsonFile.Object(file);
        var architectures = json.TryGetProperty("architectures", out var names) ? names.GetRawText() : "missing";
        var keys = new JsonKeys(json, file, problems);
        keys.Harmless("architectures"); // looked at already
        ModelConfig config = names switch
        {
            { ValueKind: JsonValueKind.Array } when Holds(names, "LlamaForCausalLM") => LlamaConfig.Of(keys),
            { ValueKind: JsonValueKind.Array } when Holds(names, "GPT2LMHeadModel") => Gpt2Config.Of(keys),
            _ => throw new InvalidInputException(file,
                $"'architectures' is {architectures}; [\"LlamaForCausalLM\"] or [\"GPT2LMHeadModel\"] is allowed."),
        };
        keys.RequireNoOther(harmless);
        return problems.Count == 0 ? config : throw new InvalidInputException(problems);
    }

    /// <summary>Numbers in the matrices of one layer; a damaged file may have sizes beyond any whole number.</summary>
    private protected double WeightsOfLayer => LinearLayers.Sum(linear => (double)linear.Inputs * linear.Outputs);

    static bool Holds(JsonElement names, string name) =>
        names.GetArrayLength() == 1 && names[0].ValueKind == JsonValueKind.String && names[0].GetString() == name;
}
