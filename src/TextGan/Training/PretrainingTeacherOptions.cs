using TextGan.Generators.Pretrained;

namespace TextGan.Training;

/// <summary>
/// Word-level distillation (1503.02531; 1606.07947, section 3.1): at each token of the data's texts the generator learns the teacher's
/// distribution of the next token. The loss is (1 - share) times the likelihood's plus share times the cross-entropy
/// τ² Σ_v -p(v) log q(v), where p is the teacher's and q the generator's distribution at the temperature τ.
/// </summary>
public sealed record PretrainingTeacherOptions : ComponentOptions, IModelReader
{
    /// <summary>
    /// The teacher's folder in Hugging Face's layout; its vocabulary is that of the experiment's tokenizer. A relative path starts at the
    /// folder of the experiment file.
    /// </summary>
    [Required]
    public string Model { get; init; } = "";

    /// <summary>τ: the logits of both are divided by it. Default 1.</summary>
    [Range(0.01, 100.0)]
    public double Temperature { get; init; } = 1;

    /// <summary>How much of the loss is the teacher's cross-entropy; the rest is the likelihood of the data. Default 1.</summary>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 1;

    /// <summary>
    /// Context distillation: the generator reads only so many tokens before the one that it learns to predict (fewer at the beginning of
    /// a text, whose first is the start token), the teacher all of them. At most "length". It applies to the pretraining, its held-out
    /// loss and the metric "context-divergence"; when it writes, the generator reads all that it has written. Null (default): all tokens.
    /// </summary>
    [Range(1, 65_536)]
    public int? Context { get; init; }

    /// <summary>
    /// With "context": how many tokens per text of a batch are learnt, drawn from all tokens of the batch in each update, as each takes a
    /// pass of its own over its context. Default 16.
    /// </summary>
    [Range(1, 65_536)]
    public int Positions { get; init; } = 16;
}
