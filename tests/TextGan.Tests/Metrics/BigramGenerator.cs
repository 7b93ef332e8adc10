using TextGan.Generators;
using static TorchSharp.torch;

namespace TextGan.Tests.Metrics;

/// <summary>A generator whose next token depends on the last one alone, by a table of logits [V,V] given row by row.</summary>
sealed class BigramGenerator : Generator
{
    readonly TorchSharp.Modules.Parameter table;

    public BigramGenerator(float[,] logits) : base("bigram")
    {
        VocabularySize = logits.GetLength(0);
        table = nn.Parameter(tensor(logits));
        RegisterComponents();
    }

    public override int VocabularySize { get; }
    public override int HiddenSize => VocabularySize;

    /// <summary>How often it read texts.</summary>
    public int Reads { get; private set; }

    /// <summary>Whether it was ever run as in training, and with gradients.</summary>
    public bool RanInTraining { get; private set; }
    public bool RanWithGradients { get; private set; }

    protected override Tensor HiddenCore(Tensor inputs)
    {
        Reads++;
        RanInTraining |= training;
        RanWithGradients |= is_grad_enabled();
        return nn.functional.one_hot(inputs, VocabularySize).to_type(float32); // [B,T,V]
    }

    protected override Tensor LogitsCore(Tensor hidden) => hidden.matmul(table);

    protected override GeneratorState StartCore(long batch, int capacity) => throw new NotSupportedException();
    protected override Tensor StepCore(Tensor tokens, GeneratorState state) => throw new NotSupportedException();
    protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) => throw new NotSupportedException();
}
