using TextGan.Discriminators;
using TextGan.Tokenization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

/// <summary>A discriminator of one weight a token whose calls a test sees, and whose answers it may spoil.</summary>
sealed class ScriptedDiscriminator : Discriminator
{
    readonly Parameter weight; // [V]
    readonly ScriptedOptions options;

    public ScriptedDiscriminator(ScriptedOptions options, int vocabularySize) : base(nameof(ScriptedDiscriminator), vocabularySize)
    {
        this.options = options;
        weight = nn.Parameter(linspace(-1, 1, vocabularySize));
        RegisterComponents();
    }

    public override DiscriminatorOutput forward(TextBatch tokens)
    {
        using var scope = NewDisposeScope();
        options.Seen(tokens, training);
        var shares = tokens.Relaxed ?? nn.functional.one_hot(tokens.Ids, weight.shape[0]).to_type(float32); // [B,T,V]
        var logits = (shares.matmul(weight) * tokens.Mask).mean([1], keepdim: true); // [B,1]
        return new DiscriminatorOutput(options.Answer(logits, training).MoveToOuterDisposeScope());
    }
}

/// <summary>Not for JSON: a test gives it as an object.</summary>
sealed record ScriptedOptions : DiscriminatorOptions
{
    /// <summary>Hears each batch and whether the discriminator is learning.</summary>
    public Action<TextBatch, bool> Seen { get; init; } = (_, _) => { };

    /// <summary>The logits [B,1] and whether the discriminator is learning → what it says in their place.</summary>
    public Func<Tensor, bool, Tensor> Answer { get; init; } = (logits, _) => logits.alias();

    public override Discriminator Build(DiscriminatorContext context) => new ScriptedDiscriminator(this, context.VocabularySize);
}
