using TextGan.Discriminators;
using TextGan.Problems;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyDiscriminatorOptions : DiscriminatorOptions
{
    public Fault Fault { get; init; }

    public override IEnumerable<Problem> Validate(string path) =>
        Fault == Fault.Invalid ? throw new InvalidOperationException("cannot judge myself") : base.Validate(path);

    public override Discriminator Build(DiscriminatorContext context)
    {
        if (Fault == Fault.ThrowInBuild) throw new NotSupportedException("cannot be built");
        return new CnnDiscriminatorOptions { Embedding = 8, Widths = [2], Filters = [4] }.Build(context) is var inner && Fault == Fault.None
            ? inner : new Faulty(inner, Fault);
    }

    sealed class Faulty : Discriminator
    {
        readonly Discriminator inner;
        readonly Fault fault;

        public Faulty(Discriminator inner, Fault fault) : base("faulty", inner.VocabularySize)
        {
            (this.inner, this.fault) = (inner, fault);
            RegisterComponents();
        }

        public override DiscriminatorOutput forward(TextBatch tokens) => new(FaultyTensor.Of(fault, inner.forward(tokens).Logits));
    }
}
