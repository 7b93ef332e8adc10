namespace TextGan.Generators.Pretrained;

/// <summary>A model of the architecture GPT2LMHeadModel (Radford et al. 2019). Defaults are those of transformers' GPT2Config.</summary>
sealed record Gpt2Config : ModelConfig
{
    const string Prefix = "transformer.";

    public required Gpt2Shape Shape { get; init; }

    public required double Epsilon { get; init; }

    public override string Embedding => Prefix + "wte.weight";

    public override IReadOnlyList<(string Name, long Inputs, long Outputs)> LinearLayers =>
    [
        ("c_attn", Hidden, 3L * Hidden), ("c_proj", Hidden, Hidden),
        ("c_fc", Hidden, Shape.FeedForward), ("c_proj", Shape.FeedForward, Hidden),
    ];

    public override IReadOnlyList<string> UsualTargets => Gpt2Generator.Targets;

    public override long Parameters
    {
        get
        {
            var hidden = (double)Hidden;
            var layer = WeightsOfLayer + LinearLayers.Sum(linear => linear.Outputs) + 4 * hidden; // biases, norms
            return (long)(hidden * VocabularySize * (Tied ? 1 : 2) + hidden * Shape.Positions + Layers * layer + 2 * hidden);
        }
    }

    public override DecoderGenerator Build(Device device) => new Gpt2Generator(Shape, Tied, Epsilon, device);

    /// <summary>Files have the prefix or not; older ones also hold the masks of causal attention.</summary>
    public override string? NameInModel(string nameInFile) =>
        nameInFile.EndsWith(".attn.bias", StringComparison.Ordinal) || nameInFile.EndsWith(".attn.masked_bias", StringComparison.Ordinal)
            ? null
            : nameInFile == "lm_head.weight" || nameInFile.StartsWith(Prefix, StringComparison.Ordinal) ? nameInFile : Prefix + nameInFile;

    /// <summary>Those of transformers' Conv1D.</summary>
    public override bool IsTransposed(string nameInModel) => nameInModel.EndsWith(".c_attn.weight", StringComparison.Ordinal)
        || nameInModel.EndsWith(".c_proj.weight", StringComparison.Ordinal)
        || nameInModel.EndsWith(".c_fc.weight", StringComparison.Ordinal);

    public static Gpt2Config Of(JsonKeys keys)
    {
        keys.Choice("model_type", "gpt2", "gpt2");
        keys.Choice("activation_function", "gelu_new", "gelu_new", "gelu_pytorch_tanh"); // two names of one function
        keys.Only("scale_attn_weights", "true");
        keys.Harmless("n_ctx"); // what n_positions says
        keys.Only("n_special", "0"); // gpt2-medium and larger have this and the next, which are the first GPT's
        keys.Harmless("predict_special_tokens", "output_past"); // the latter is use_cache
        keys.Harmless("reorder_and_upcast_attn"); // to float32, in which everything is computed here
        var hidden = keys.Size("n_embd");
        var shape = new Gpt2Shape(keys.Size("vocab_size"), hidden, keys.Size("n_layer"), keys.Size("n_head"),
            keys.Size("n_inner", 4 * hidden), keys.Size("n_positions"));
        if (hidden % shape.Heads != 0) keys.Note("n_head", $"is {shape.Heads}; a divisor of 'n_embd' ({hidden}) is allowed.");
        return new Gpt2Config
        {
            VocabularySize = shape.VocabularySize, Hidden = hidden, Layers = shape.Layers, Shape = shape, MaximumLength = shape.Positions,
            Tied = keys.Flag("tie_word_embeddings", true), Epsilon = keys.Positive("layer_norm_epsilon", 1e-5),
        };
    }
}
