namespace TextGan.Generators.Pretrained;

/// <summary>
/// A model of the architecture LlamaForCausalLM (2302.13971; 2407.21783). Defaults are those of transformers' LlamaConfig.
/// </summary>
sealed record LlamaConfig : ModelConfig
{
    public required TransformerShape Shape { get; init; }

    public required double Epsilon { get; init; }

    public required double RopeTheta { get; init; }

    public required RotaryScaling? RopeScaling { get; init; }

    public override string Embedding => "model.embed_tokens.weight";

    public override IReadOnlyList<(string Name, long Inputs, long Outputs)> LinearLayers
    {
        get
        {
            var (queries, keys) = ((long)Shape.Heads * Shape.HeadSize, (long)Shape.KeyValueHeads * Shape.HeadSize);
            return
            [
                ("q_proj", Hidden, queries), ("k_proj", Hidden, keys), ("v_proj", Hidden, keys), ("o_proj", queries, Hidden),
                ("gate_proj", Hidden, Shape.FeedForward), ("up_proj", Hidden, Shape.FeedForward), ("down_proj", Shape.FeedForward, Hidden),
            ];
        }
    }

    public override IReadOnlyList<string> UsualTargets => TransformerGenerator.Targets;

    public override long Parameters
    {
        get
        {
            var hidden = (double)Hidden;
            return (long)(hidden * VocabularySize * (Tied ? 1 : 2) + Layers * (WeightsOfLayer + 2 * hidden) + hidden); // with norms
        }
    }

    public override DecoderGenerator Build(Device device) => new TransformerGenerator(Shape, Tied, epsilon: Epsilon, ropeTheta: RopeTheta,
        device: device, ropeScaling: RopeScaling, maximumLength: MaximumLength);

    /// <summary>Old files have tables of rotary positions.</summary>
    public override string? NameInModel(string nameInFile) =>
        nameInFile.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) ? null : nameInFile;

    public static LlamaConfig Of(JsonKeys keys)
    {
        keys.Choice("model_type", "llama", "llama");
        keys.Choice("hidden_act", "silu", "silu");
        keys.Only("pretraining_tp", "1");
        keys.Only("partial_rotary_factor", "1.0");
        var heads = keys.Size("num_attention_heads");
        var shape = new TransformerShape(keys.Size("vocab_size"), keys.Size("hidden_size"), keys.Size("num_hidden_layers"), heads,
            keys.Size("num_key_value_heads", heads), keys.Size("intermediate_size"));
        if (keys.Size("head_dim", shape.HeadSize) is var size && size * heads != shape.Hidden) shape = shape with { OwnHeadSize = size };
        if (shape.HeadSize == 0 || shape.HeadSize % 2 != 0)
            keys.Note("head_dim", $"is {shape.HeadSize} (by default hidden_size / num_attention_heads); rotary positions turn pairs of " +
                $"values, so an even number is allowed.");
        if (heads % shape.KeyValueHeads != 0)
            keys.Note("num_key_value_heads", $"is {shape.KeyValueHeads}; a divisor of 'num_attention_heads' ({heads}) is allowed.");
        var (theta, scaling) = Rope(keys);
        return new LlamaConfig
        {
            VocabularySize = shape.VocabularySize, Hidden = shape.Hidden, Layers = shape.Layers, Shape = shape,
            MaximumLength = keys.Size("max_position_embeddings"), Tied = keys.Flag("tie_word_embeddings", false),
            Epsilon = keys.Positive("rms_norm_eps", 1e-6), RopeTheta = theta, RopeScaling = scaling,
        };
    }

    /// <summary>
    /// Versions of transformers before 5 write 'rope_theta' and 'rope_scaling' (its kind under 'type' or 'rope_type'), later ones
    /// 'rope_parameters' with all of it.
    /// </summary>
    static (double Theta, RotaryScaling? Scaling) Rope(JsonKeys keys)
    {
        var theta = keys.Positive("rope_theta", 10_000);
        var (older, newer) = (keys.Section("rope_scaling"), keys.Section("rope_parameters"));
        if (older is not null && newer is not null)
            keys.Note("rope_parameters", "stands beside 'rope_scaling'; one of the two is allowed.");
        if ((newer ?? older) is not { } rope) return (theta, null);
        theta = rope.Positive("rope_theta", theta);
        rope.Only("partial_rotary_factor", "1.0");
        var kind = rope.Choice("rope_type", rope.Choice("type", "default", "default", "llama3"), "default", "llama3");
        RotaryScaling? scaling = null;
        if (kind == "llama3")
        {
            scaling = new RotaryScaling(rope.Positive("factor"), rope.Positive("low_freq_factor"), rope.Positive("high_freq_factor"),
                rope.Size("original_max_position_embeddings"));
            if (rope.IsSound && scaling.HighFrequencyFactor <= scaling.LowFrequencyFactor)
                rope.Note("high_freq_factor",
                    $"is {scaling.HighFrequencyFactor}; more than 'low_freq_factor' ({scaling.LowFrequencyFactor}) is allowed.");
        }
        if (rope.IsSound) rope.RequireNoOther(); // the keys of another kind would be a second problem
        return (theta, scaling);
    }
}
