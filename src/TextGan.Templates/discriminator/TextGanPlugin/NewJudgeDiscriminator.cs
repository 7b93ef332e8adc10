using TextGan.Discriminators;
using TextGan.Tokenization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NewJudge;

/// <summary>
/// The mean vector of a text's tokens → two layers → one logit. It reads ids and, for a gradient through the tokens, distributions over
/// the vocabulary. B batch, T time, V vocabulary, E embedding, H hidden.
/// </summary>
public sealed class NewJudgeDiscriminator : Discriminator
{
    readonly Embedding embedding;
    readonly Linear hidden;
    readonly Linear head;

    public NewJudgeDiscriminator(int vocabulary, int width, int hiddenWidth) : base(nameof(NewJudgeDiscriminator))
    {
        embedding = nn.Embedding(vocabulary, width);
        hidden = nn.Linear(width, hiddenWidth);
        head = nn.Linear(hiddenWidth, 1);
        RegisterComponents(); // last: it finds the layers above
    }

    public override DiscriminatorOutput forward(TextBatch tokens)
    {
        // No plain numbers in tensor operations: with 'using static TextGan.Native.HeldScalars', x * Held(0.5) and a.Plus(b). TorchSharp
        // may free a number while LibTorch still reads it.
        using var scope = NewDisposeScope();
        var vectors = tokens.Relaxed is null ? embedding.forward(tokens.Ids) : tokens.MeanOf(embedding.weight!); // [B,T,E]
        var mask = tokens.Mask.unsqueeze(2); // [B,T,1], 0 after the end
        var mean = (vectors * mask).sum(1) / mask.sum(1); // [B,E]
        var logits = head.forward(nn.functional.relu(hidden.forward(mean))); // [B,1]
        return new DiscriminatorOutput(logits.MoveToOuterDisposeScope());
    }
}
