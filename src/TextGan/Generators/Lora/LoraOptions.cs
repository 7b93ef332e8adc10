namespace TextGan.Generators.Lora;

/// <summary>
/// Low-rank adapters (LoRA; Hu et al., 2106.09685): all weights are frozen, and beside some linear layers small matrices A and B learn, so
/// that a layer gives W x + (alpha / rank) B A x. Names, default layers and initial values are those of Hugging Face's PEFT.
/// </summary>
public sealed record LoraOptions : ComponentOptions
{
    /// <summary>The width of the adapters: A is [rank, inputs], B [outputs, rank]. Default 8.</summary>
    [Range(1, 65536)]
    public int Rank { get; init; } = 8;

    /// <summary>What an adapter adds is multiplied by alpha / rank. Default 16.</summary>
    [Range(0.0, 1e6)]
    public double Alpha { get; init; } = 16;

    /// <summary>
    /// Share of an adapter's inputs that is dropped in pretraining; in the adversarial phase nothing is dropped. Default 0.
    /// </summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; }

    /// <summary>
    /// The layers beside which adapters learn, by the last part of their names, in all layers of the model. Default: q_proj and v_proj of
    /// Llama, c_attn of GPT-2.
    /// </summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <inheritdoc />
    public override IEnumerable<Problem> Validate(string path)
    {
        if (Targets is { Count: 0 }) yield return new($"{path}.targets", "the list is empty, so that nothing would learn; name a layer.");
    }

    /// <summary>Yields the targets that a model does not have.</summary>
    /// <param name="path">The JSON path of this record.</param>
    /// <param name="layers">The last parts of the names of the model's linear layers.</param>
    internal IEnumerable<Problem> CheckTargets(string path, IEnumerable<string> layers)
    {
        string[] possible = [.. layers.Distinct()];
        return (Targets ?? []).Index().Where(one => !possible.Contains(one.Item)).Select(one => new Problem(
            $"{path}.targets[{one.Index}]", $"the model has no layer '{one.Item}'; possible are {string.Join(", ", possible)}."));
    }
}
