using TextGan.Plugins;
using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Problems;
using static TorchSharp.torch;

namespace TextGan.Tests.Plugin;

[Kind("faulty")]
public sealed record FaultyLossOptions : AdversarialLossOptions
{
    public Fault Fault { get; init; }

    public override AdversarialLoss Build(BuildContext context) => Fault == Fault.ThrowInBuild ? null! : new Faulty(Fault);

    sealed class Faulty(Fault fault) : AdversarialLoss
    {
        readonly AdversarialLoss inner = new HingeLossOptions().Build(new BuildContext());

        public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing) =>
            inner.DiscriminatorLoss(real, opposing);

        public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real) =>
            FaultyTensor.Of(fault, inner.GeneratorLoss(generated, real));
    }
}
