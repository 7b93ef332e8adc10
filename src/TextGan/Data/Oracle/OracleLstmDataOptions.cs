namespace TextGan.Data.Oracle;

/// <summary>
/// Texts of token numbers drawn from an LSTM with random weights, whose probabilities are known: the synthetic oracle of SeqGAN
/// (1609.05473, section 5.1). Every text has exactly as many tokens as the experiment's <c>length</c>, written as decimal
/// numbers with single blanks ("17 4821 3"); use the tokenizer kind "ids". The weights come from a safetensors file, or are
/// drawn from a normal distribution with mean 0 and deviation 1.
/// </summary>
public sealed record OracleLstmDataOptions : DataOptions
{
    /// <summary>
    /// A safetensors file with the weights (embedding, Wi, Ui, bi, Wf, Uf, bf, Wo, Uo, bo, Wc, Uc, bc, Wout, bout), relative to the
    /// experiment's folder. Its shapes take the place of vocabulary, embedding and hidden. Null (default) draws random weights.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Seed of the random weights and of the texts. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>V: number of token ids, of random weights. Default 5000.</summary>
    [Range(2, 1_000_000)]
    public int Vocabulary { get; init; } = 5_000;

    /// <summary>E: width of a token's embedding, of random weights. Default 32.</summary>
    [Range(1, 4_096)]
    public int Embedding { get; init; } = 32;

    /// <summary>H: width of the LSTM's state, of random weights. Default 32.</summary>
    [Range(1, 4_096)]
    public int Hidden { get; init; } = 32;

    /// <summary>Number of training texts. Default 10000, as in the paper.</summary>
    [Range(1, 10_000_000)]
    public int Sentences { get; init; } = 10_000;

    /// <summary>Number of held-out texts, drawn independently of the training texts. Default 1000.</summary>
    [Range(0, 10_000_000)]
    public int HeldOut { get; init; } = 1_000;

    /// <summary>The token id that the oracle reads before the first token; it must be below the vocabulary's size. Default 0.</summary>
    [Range(0, 999_999)]
    public int StartToken { get; init; }

    public override bool HasRejected => false;

    public override bool HasNoHeldOut => HeldOut == 0;

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Path is null && StartToken >= Vocabulary)
            yield return new Problem($"{path}.startToken",
                $"{StartToken} is not a token of a vocabulary of {Vocabulary}; 0 to {Vocabulary - 1} are allowed.");
    }

    public override DataSet Load(DataContext context)
    {
        var file = Path is null ? null : InputFile.Resolve(context.BaseFolder, Path);
        var weights = file is null ? OracleWeights.Random(Vocabulary, Embedding, Hidden, Seed) : OracleWeights.Load(file);
        if (StartToken >= weights.Vocabulary)
        {
            var vocabulary = weights.Vocabulary;
            weights.Dispose();
            throw new InvalidInputException(file ?? context.Name,
                $"The start token {StartToken} is not a token of the oracle's vocabulary; 0 to {vocabulary - 1} are allowed.");
        }
        var oracle = new OracleLstm(weights, context.Length, StartToken);
        return new DataSet(context.Name, new DataSplit(oracle.SampleTexts(Sentences, Seed, "train")),
            new DataSplit(oracle.SampleTexts(HeldOut, Seed, "held out")),
            $"oracle-lstm: {Amount.Of(Sentences, "text")} of {Amount.Of(context.Length, "token")} and {HeldOut} held out, weights from " +
            $"{file ?? $"seed {Seed}"}, {weights.Vocabulary} token ids")
        { Source = oracle };
    }
}
