using TextGan.Generators.Pretrained;
using TextGan.Generators.Sampling;

namespace TextGan.Data;

/// <summary>
/// Texts drawn from a pretrained model with its own tokenizer, cut at the experiment's length. Where the experiment's tokenizer is the
/// model's, a text keeps the ids that it was drawn as, so that a discriminator sees the same of it as of the generator's texts. The texts
/// of an earlier run are read by the kind "text" from a file of its folder "samples", with "format": "json-lines".
/// </summary>
public sealed record SamplesDataOptions : DataOptions, IFolderReader
{
    /// <summary>Texts drawn at a time.</summary>
    const int Chunk = 64;

    /// <summary>The model's folder in Hugging Face's layout; a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Model { get; init; } = "";

    /// <summary>Number of training texts. Default 3200.</summary>
    [Range(1, 10_000_000)]
    public int Count { get; init; } = 3_200;

    /// <summary>Number of held-out texts, drawn independently of the training texts. Default 0.</summary>
    [Range(0, 10_000_000)]
    public int HeldOut { get; init; }

    /// <summary>How they are drawn. Default: from the model's own distribution.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>The same seed gives the same texts on the same device with the same threads. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <inheritdoc />
    public IReadOnlyList<string> FilesIn(string folder) => ModelFolder.FilesIn(folder);

    public override bool HasRejected => false;

    public override bool HasNoExactSource => true;

    public override bool HasNoHeldOut => HeldOut == 0;

    public override DataSet Load(DataContext context)
    {
        var folder = InputFile.Resolve(context.BaseFolder, Model);
        var (config, tokenizer) = ModelFolder.Read(folder);
        if (context.Length > config.MaximumLength)
            throw new InvalidInputException("$.length",
                $"is {context.Length}; the model of the data set '{context.Name}' reads at most {config.MaximumLength} tokens ({folder}).");
        var encoder = new TextEncoder(tokenizer, context.Length);
        var drawn = context.Drawn(() =>
        {
            using var model = PretrainedModel.Read(folder, context.Device());
            return [.. Draw(model, encoder, Count, "train"), .. Draw(model, encoder, HeldOut, "held out")];
        });
        var rows = drawn ?? StandIns(encoder);
        return new DataSet(context.Name, Split(rows.Take(Count)), Split(rows.Skip(Count)),
            $"{Amount.Of(Count, "text")} of at most {Amount.Of(context.Length, "token")} and {HeldOut:N0} held out, " +
            $"{(drawn is null ? "not drawn yet" : "drawn")} from {folder}, seed {Seed}") { IsStandIn = drawn is null };

        DataSplit Split(IEnumerable<int[]> ids) => new([.. ids.Select(row => encoder.Tokenizer.Decode(row))]) { Drawn = [.. ids] };
    }

    List<int[]> Draw(Generator model, TextEncoder encoder, int count, string split)
    {
        var random = new SeededRandom(Seed, $"samples/{split}");
        var drawn = new List<int[]>(count);
        while (drawn.Count < count)
        {
            using var scope = NewDisposeScope();
            manual_seed((long)(random.Next() >> 1));
            var batch = Math.Min(Chunk, count - drawn.Count);
            drawn.AddRange(encoder.Rows(Sampler.Sample(model, Sampling, batch, encoder.Length, encoder.Tokenizer.StartId,
                encoder.Tokenizer.EndId, paddingId: encoder.Tokenizer.PaddingId).Tokens.Ids));
        }
        return drawn;
    }

    /// <summary>As many rows of random tokens.</summary>
    List<int[]> StandIns(TextEncoder encoder)
    {
        var (tokenizer, random) = (encoder.Tokenizer, new SeededRandom(Seed, "samples/stand-ins"));
        int?[] special = [tokenizer.StartId, tokenizer.EndId, tokenizer.PaddingId, tokenizer.UnknownId];
        int[] ids = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => !special.Contains(id))];
        return [.. Enumerable.Range(0, Count + HeldOut).Select(_ =>
            Enumerable.Range(0, encoder.Length).Select(_ => ids[(int)(random.NextDouble() * ids.Length)]).ToArray())];
    }
}
