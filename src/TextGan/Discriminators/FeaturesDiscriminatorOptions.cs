using TextGan.Generators.Pretrained;
using TorchSharp;

namespace TextGan.Discriminators;

/// <summary>
/// A small network on features of a model that stays as it is: the embeddings or hidden states of a pretrained model, or of the generator
/// as it is when the adversarial phase begins. Needs far fewer examples than a network that begins with random embeddings. Discriminators
/// of a run that read the same model share one copy of it, which has no optimiser; of a folder no checkpoint holds a copy either.
/// </summary>
public sealed record FeaturesDiscriminatorOptions : DiscriminatorOptions, IModelReader
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
        foreach (var problem in base.Validate(path).Concat(this.CheckName(path))) yield return problem;
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

    IEnumerable<Problem> IModelReader.CheckShape(string path, string name, int layers, int? longest, int length)
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
        Problem[] problems =
        [
            .. CheckLength(place, context.Length),
            .. this.CheckModel(place, model, context.VocabularySize, context.Length),
        ];
        if (problems.Length > 0) throw new InvalidInputException(problems);
        var layers = From == FeatureSource.Embeddings ? 0 : Layer > 0 ? Layer : model.LayerCount + 1 + Layer;
        return new FeaturesDiscriminator(context.VocabularySize, new FrozenFeatures(model, layers, context.StartId), Pooling, Widths,
            Filters, Hidden, Dropout).to(context.Device);
    }
}
