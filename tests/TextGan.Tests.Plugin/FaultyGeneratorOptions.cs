using TextGan.Generators;
using TextGan.Problems;
using static TorchSharp.torch;
using Generator = TextGan.Generators.Generator;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyGeneratorOptions : GeneratorOptions
{
    public Fault Fault { get; init; }

    public override Generator Build(GeneratorContext context) =>
        new Faulty(new LstmGeneratorOptions { Embedding = 8, Hidden = 8 }.Build(context), Fault);

    sealed class Faulty : Generator
    {
        readonly Generator inner;
        readonly Fault fault;

        public Faulty(Generator inner, Fault fault) : base("faulty")
        {
            (this.inner, this.fault) = (inner, fault);
            RegisterComponents();
        }

        public override int VocabularySize => inner.VocabularySize + (fault == Fault.Invalid ? 1 : 0);
        public override int HiddenSize => inner.HiddenSize;
        protected override Tensor HiddenCore(Tensor inputs) => FaultyTensor.Of(fault, inner.Hidden(inputs));
        protected override Tensor LogitsCore(Tensor hidden) => inner.Logits(hidden);
        protected override GeneratorState StartCore(long batch, int capacity) => inner.Start(batch, capacity);
        protected override Tensor StepCore(Tensor tokens, GeneratorState state) => inner.Step(tokens, state);
        protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) => inner.Prefill(tokens, state);
    }
}
