using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>
/// A small network on the features that a frozen model has of a text: convolutions and the strongest answer of each filter (Kim
/// 1408.5882), or the mean or last position; then a hidden layer and a logit.
/// </summary>
public sealed class FeaturesDiscriminator : Discriminator
{
    readonly FrozenFeatures features; // no module: its weights are not this one's
    readonly FeaturePooling pooling;
    readonly int[] widths;
    readonly ModuleList<Linear> convolutions; // of width w: [filters, w·F]; none for other poolings
    readonly Dropout dropout;
    readonly Linear? hidden;
    readonly Linear head;

    /// <param name="vocabularySize">V.</param>
    /// <param name="features">Of each position, F wide.</param>
    /// <param name="pooling">How they become one vector.</param>
    /// <param name="widths">Tokens that each convolution sees at once; none above T.</param>
    /// <param name="filters">Filters of each convolution.</param>
    /// <param name="hidden">Width of the hidden layer; 0 for none.</param>
    /// <param name="dropout">Share of what the hidden layer and the logit read that is left out while learning.</param>
    public FeaturesDiscriminator(int vocabularySize, FrozenFeatures features, FeaturePooling pooling, IReadOnlyList<int> widths,
        int filters, int hidden, double dropout) : base(nameof(FeaturesDiscriminator), vocabularySize)
    {
        (this.features, this.pooling) = (features, pooling);
        this.widths = pooling == FeaturePooling.Convolutions ? [.. widths] : [];
        convolutions = new ModuleList<Linear>([.. this.widths.Select(width => nn.Linear(width * features.Width, filters))]);
        var pooled = pooling == FeaturePooling.Convolutions ? widths.Count * filters : features.Width;
        this.dropout = nn.Dropout(dropout);
        if (hidden > 0) this.hidden = nn.Linear(pooled, hidden);
        head = nn.Linear(hidden > 0 ? hidden : pooled, 1);
        RegisterComponents();
    }

    /// <summary>[B,T] ids (or [B,T,V] relaxed tokens) → logits [B,1].</summary>
    public override DiscriminatorOutput forward(TextBatch tokens)
    {
        using var scope = NewDisposeScope();
        return new DiscriminatorOutput(Logits(features.Of(tokens), tokens.Mask).MoveToOuterDisposeScope());
    }

    /// <summary>F.</summary>
    public int FeatureWidth => features.Width;

    /// <summary>What the frozen model has of texts, [B,T,F], for <see cref="JudgeFeatures"/>.</summary>
    /// <param name="tokens">[B,T] ids.</param>
    /// <param name="atOnce">The most texts in one forward pass.</param>
    public Tensor Features(TextBatch tokens, int atOnce)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (long from = 0; from < tokens.Batch; from += atOnce)
            parts.Add(features.Of(tokens.Rows(from, Math.Min(atOnce, tokens.Batch - from))));
        return cat(parts).MoveToOuterDisposeScope();
    }

    /// <summary>Logits [B,1] of texts whose features [B,T,F] and masks [B,T] are there.</summary>
    public DiscriminatorOutput JudgeFeatures(Tensor states, Tensor mask)
    {
        using var scope = NewDisposeScope();
        return new DiscriminatorOutput(Logits(states, mask).MoveToOuterDisposeScope());
    }

    Tensor Logits(Tensor states, Tensor mask)
    {
        var pooled = dropout.call(Pool(states, mask));
        if (hidden is not null) pooled = dropout.call(hidden.call(pooled).relu());
        return head.call(pooled);
    }

    /// <summary>[B,T,F], 0 where the mask [B,T] is → [B, pooled].</summary>
    Tensor Pool(Tensor states, Tensor mask)
    {
        if (pooling == FeaturePooling.Mean) return states.sum(1) / mask.sum(1, keepdim: true);
        if (pooling == FeaturePooling.Convolutions)
            return MaxOverTime.Of(states, widths, [.. convolutions.SelectMany(one => new[] { one.weight!, one.bias! })]).relu();
        var last = (mask.sum(1) - Held(1)).to_type(int64).reshape(-1, 1, 1).expand(-1, 1, states.shape[2]); // [B,1,F]
        return states.gather(1, last).squeeze(1);
    }
}
