using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TorchSharp;

namespace TextGan.Discriminators;

/// <summary>
/// A small network on features of a model that stays as it is: the embeddings or hidden states of a pretrained model, or of the generator
/// as it is when the adversarial phase begins. Needs far fewer examples than a network that begins with random embeddings. Discriminators
/// of a run that read the same model share one copy of it, which has no optimiser; of a folder no checkpoint holds a copy either.
/// </summary>
public sealed record FeaturesDiscriminatorOptions : DiscriminatorOptions, IFolderReader
{
    /// <summary>
    /// The folder of a pretrained model as Hugging Face stores it, with as many tokens as the experiment's tokenizer; a relative path
    /// starts at the folder of the experiment file. Null (default): the generator as it is when the adversarial phase begins.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>"embeddings" (default): the embedding of each token. "hidden": the states of a layer, which know earlier tokens.</summary>
    public FeatureSource From { get; init; } = FeatureSource.Embeddings;

    /// <summary>
    /// With "hidden": the layer whose states are read, from 1 for the first, or from -1 (default) for the last. An LSTM has one, its last.
    /// </summary>
    public int Layer { get; init; } = -1;

    /// <summary>
    /// How the features become one vector: "convolutions" (default) takes the strongest answer of each filter over time, "mean" and "last"
    /// the features' mean over the text or those of its last token.
    /// </summary>
    public FeaturePooling Pooling { get; init; } = FeaturePooling.Convolutions;

    /// <summary>With "convolutions": tokens that each sees at once; none may exceed the experiment's 'length'. Default [1, 3, 5].</summary>
    public IReadOnlyList<int> Widths { get; init; } = [1, 3, 5];

    /// <summary>With "convolutions": filters of each width. Default 32.</summary>
    [Range(1, 65_536)]
    public int Filters { get; init; } = 32;

    /// <summary>Width of the hidden layer before the logit; 0 for none. Default 32.</summary>
    [Range(0, 65_536)]
    public int Hidden { get; init; } = 32;

    /// <summary>Share that is left out at random before the hidden layer and before the logit while it learns. Default 0.</summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; }

    public override bool? HasStepLogits => false;

    public override bool ReadsReference => Model is null;

    public override IEnumerable<Problem> Validate(string path)
    {
        foreach (var problem in base.Validate(path)) yield return problem;
        if (Model is { Length: 0 })
            yield return new Problem($"{path}.model", "is empty; name the folder of a model, or leave it out to read the generator.");
        if (Layer == 0)
            yield return new Problem($"{path}.layer", 
                "is 0; layers are counted from 1, or back from -1. The embeddings are \"from\": \"embeddings\".");
        if (Pooling == FeaturePooling.Convolutions && Widths.Count == 0)
            yield return new Problem($"{path}.widths", "is empty; at least one width is needed.");
        for (var i = 0; i < Widths.Count; i++)
            if (Widths[i] < 1) yield return new Problem($"{path}.widths[{i}]", $"is {Widths[i]}; a width is at least 1.");
    }

    public override IEnumerable<Problem> CheckLength(string path, int length)
    {
        if (Pooling == FeaturePooling.Convolutions && Widths.Count > 0 && Widths.Max() > length)
            yield return new Problem($"{path}.widths",
                $"holds {Widths.Max()}, which is wider than a text: the experiment's 'length' is {length}, and no width may exceed it.");
    }

    /// <inheritdoc />
    public IReadOnlyList<string> FilesIn(string folder) => ModelFiles.Of(folder);

    /// <summary>The number of tokens of the model in its folder; null without one.</summary>
    internal int? VocabularyOfModel(string baseFolder) =>
        Model is null ? null : ModelConfig.Read(InputFile.Resolve(baseFolder, Model)).VocabularySize;

    public override IEnumerable<Problem> CheckFiles(string path, string baseFolder, int length)
    {
        if (Model is null || InputFile.Resolve(baseFolder, Model) is var folder && !Directory.Exists(folder)) return []; // reported already
        try
        {
            var config = ModelConfig.Read(folder);
            ModelFiles.Weights(folder);
            return CheckStates(path, $"the model in '{Model}'", config.Layers, config.MaximumLength, length);
        }
        catch (InvalidInputException bad)
        {
            return bad.Problems.Select(problem => new Problem(path + ".model", problem.ToString()));
        }
    }

    IEnumerable<Problem> CheckStates(string path, string name, int layers, int? longest, int length)
    {
        if (From == FeatureSource.Embeddings) yield break;
        if (Math.Abs(Layer) > layers)
            yield return new Problem($"{path}.layer",
                $"is {Layer}, but {name} has {Amount.Of(layers, "layer")} whose states can be read.");
        if (length >= longest)
            yield return new Problem($"{path}.from",
                $"is \"hidden\", for which {name} reads a start token and a text of {length} tokens ('length'); it " +
                $"reads at most {longest}.");
    }

    public override Discriminator Build(DiscriminatorContext context)
    {
        var place = $"$.discriminators[{Name}]";
        var model = context.Frozen(Model);
        Problem[] problems = [.. CheckLength(place, context.Length), .. CheckModel(model, place, context)];
        if (problems.Length > 0) throw new InvalidInputException(problems);
        var layers = From == FeatureSource.Embeddings ? 0 : Layer > 0 ? Layer : model.LayerCount + 1 + Layer;
        return new FeaturesDiscriminator(context.VocabularySize, new FrozenFeatures(model, layers, context.StartId), Pooling, Widths,
            Filters, Hidden, Dropout).to(context.Device);
    }

    /// <summary>What is wrong where a model has other tokens than the tokenizer.</summary>
    internal static Problem OtherVocabulary(string path, string name, int tokens, int ofTokenizer) => new($"{path}.model",
        $"{name} has {tokens:N0} tokens, the experiment's tokenizer {ofTokenizer:N0}; a model can read the ids of its own tokenizer only.");

    IEnumerable<Problem> CheckModel(Generator model, string place, DiscriminatorContext context)
    {
        var name = Model is null ? "the generator" : $"the model in '{Model}'";
        bool isShown;
        using (NewDisposeScope()) isShown = model.EmbeddingTable is not null;
        if (!isShown)
            yield return new Problem($"{place}.model", $"{name} is of a kind that does not show its embeddings.");
        else if (model.VocabularySize != context.VocabularySize)
            yield return OtherVocabulary(place, name, model.VocabularySize, context.VocabularySize);
        else
        {
            foreach (var problem in CheckStates(place, name, model.LayerCount, model.MaximumLength, context.Length)) yield return problem;
        }
    }
}
