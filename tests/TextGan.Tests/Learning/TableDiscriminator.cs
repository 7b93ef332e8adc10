using TextGan.Discriminators;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

/// <summary>
/// A fixed, nonlinear judge of short texts: tanh of position-dependent token scores and of products of neighbours. One logit per text, or
/// one per step.
/// </summary>
sealed class TableDiscriminator : Discriminator
{
    readonly Tensor scores; // [T,V]
    readonly bool perStep;

    public TableDiscriminator(int length, int vocabulary, int seed, bool perStep = false) : base(nameof(TableDiscriminator))
    {
        var random = new Random(seed);
        scores = tensor(Enumerable.Range(0, length * vocabulary).Select(_ => (float)(random.NextDouble() * 3 - 1.5)).ToArray())
            .view(length, vocabulary);
        this.perStep = perStep;
    }

    public override DiscriminatorOutput forward(TextBatch tokens)
    {
        var oneHot = tokens.Relaxed ?? nn.functional.one_hot(tokens.Ids, scores.shape[1]).to_type(float32); // [B,T,V]
        var steps = (oneHot * scores).sum(-1) * tokens.Mask; // [B,T]
        if (perStep) return new DiscriminatorOutput(steps.cumsum(1).tanh() + 0.3 * steps, tokens.Mask);
        var neighbours = (steps.narrow(1, 0, steps.shape[1] - 1) * steps.narrow(1, 1, steps.shape[1] - 1)).sum(1);
        return new DiscriminatorOutput((steps.sum(1).tanh() + neighbours + 1.5).unsqueeze(1));
    }
}
