using TextGan.Discriminators;
using TextGan.Tokenization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CustomDiscriminator;

/// <summary>Shares of tokens that come back after d = 1..D tokens → two layers → one logit per text.</summary>
public sealed class RepetitionDiscriminator : Discriminator
{
    readonly int vocabulary;
    readonly int distances;
    readonly Linear hidden;
    readonly Linear head;

    public RepetitionDiscriminator(int vocabulary, int distances, int width) : base(nameof(RepetitionDiscriminator))
    {
        (this.vocabulary, this.distances) = (vocabulary, distances);
        hidden = nn.Linear(distances, width);
        head = nn.Linear(width, 1);
        RegisterComponents();
    }

    public override DiscriminatorOutput forward(TextBatch tokens)
    {
        using var scope = NewDisposeScope();
        var read = tokens.Relaxed ?? nn.functional.one_hot(tokens.Ids, vocabulary).to_type(float32); // [B,T,V]
        var counted = read * tokens.Mask.unsqueeze(2); // [B,T,V], 0 after the end
        var same = counted.matmul(counted.transpose(1, 2)); // [B,T,T]: the probability that two positions hold the same token
        var lengths = tokens.Mask.sum([1], keepdim: true); // [B,1]
        var repeats = Enumerable.Range(1, distances).Select(d => same.diagonal(d, 1, 2).sum([1], keepdim: true) / lengths); // D times [B,1]
        var logits = head.forward(nn.functional.relu(hidden.forward(cat([.. repeats], 1)))); // [B,1]
        return new DiscriminatorOutput(logits.MoveToOuterDisposeScope());
    }
}
