using static TorchSharp.torch;

namespace TextGan.Discriminators.Losses;

/// <summary>
/// L_D = relu(1 - D(x)) + relu(1 + D(x̃)), the paper's sum: 2 for a judge that knows nothing; L_G = -D(x̃) (1705.02894, section 3).
/// </summary>
public sealed class HingeLoss : AdversarialLoss
{
    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        using var scope = NewDisposeScope();
        var known = Logits.MeanOfEach(Held(1).Minus(real.Logits).relu(), real.Mask).mean();
        var unmasked = Logits.MeanOfEach(opposing.Logits.Plus(1).relu(), opposing.Mask).mean();
        return known.Plus(unmasked).MoveToOuterDisposeScope();
    }

    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real)
    {
        using var scope = NewDisposeScope();
        return (-generated.SequenceLogits()).MoveToOuterDisposeScope(); // [B]
    }
}
