namespace TextGan.Discriminators.Losses;

/// <summary>
/// L_D = relu(1 - D(x)) + relu(1 + D(x̃)), the paper's sum: 2 for a judge that knows nothing; L_G = -D(x̃) (1705.02894, section 3).
/// </summary>
public sealed class HingeLoss : AdversarialLoss
{
    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing) =>
        Logits.MeanOfEach(Held(1).Minus(real.Logits).relu(), real.Mask).mean()
            .Plus(Logits.MeanOfEach(opposing.Logits.Plus(1).relu(), opposing.Mask).mean());

    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real) => -generated.SequenceLogits(); // [B]
}
