namespace TextGan.Discriminators.Losses;

/// <summary>
/// RankGAN (1705.11001, section 3.2): L_D = -mean log R(x|U,C⁻) + mean log R(x̃|U,C⁺) and L_G = -log R(x̃|U,C⁺), where U are the first real
/// texts, C⁺ the real texts after them, which are also the x of L_D, and C⁻ the generated texts.
/// </summary>
/// <param name="γ">Inverse temperature of the ranking.</param>
/// <param name="references">Texts of U.</param>
/// <param name="comparisons">The most texts of C.</param>
public sealed class RankingLoss(double γ, int references, int comparisons) : AdversarialLoss
{
    public override bool GeneratorReadsReal => true;

    public override int RealTexts(int generated) => references + comparisons;

    public override Tensor DiscriminatorLoss(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        var (ofReal, ofOpposing) = Ranks(real, opposing);
        return ofOpposing.mean() - ofReal.mean();
    }

    public override Tensor GeneratorLoss(DiscriminatorOutput generated, DiscriminatorOutput? real)
    {
        ArgumentNullException.ThrowIfNull(real);
        var (known, others) = Divided(real);
        return -LogRank(Directions(generated), Directions(known), Directions(others));
    }

    /// <summary>The logits of log R, each on its side of the threshold between both sides' means.</summary>
    public override (DiscriminatorOutput Real, DiscriminatorOutput Opposing) Scores(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        var (ofReal, ofOpposing) = Ranks(real, opposing);
        return (new(ofReal.unsqueeze(1)), new(ofOpposing.unsqueeze(1)));
    }

    public override Tensor Threshold(DiscriminatorOutput real, DiscriminatorOutput opposing) => Midpoint(real, opposing);

    /// <summary>log R of the real texts that are no references, among the others' side, and of all opposing ones among the real.</summary>
    (Tensor Real, Tensor Opposing) Ranks(DiscriminatorOutput real, DiscriminatorOutput opposing)
    {
        var (known, others) = Divided(real);
        var (directions, generated) = (Directions(known), Directions(opposing));
        var human = Directions(others);
        return (LogRank(human, directions, generated), LogRank(generated, directions, human));
    }

    (DiscriminatorOutput References, DiscriminatorOutput Others) Divided(DiscriminatorOutput real)
    {
        var count = real.Logits.shape[0];
        return count > references ? (real.Rows(0, references), real.Rows(references, count - references)) : throw new ArgumentException(
            $"There are {count} real texts, of which {references} are references; at least {references + 1} are needed.", nameof(real));
    }

    /// <summary>[B,F] of length 1; features that are all 0 stay 0.</summary>
    static Tensor Directions(DiscriminatorOutput output)
    {
        var features = output.RequireFeatures(); // [B,F]
        return features / features.Squared().sum(1, keepdim: true).clamp_min(Held(1e-24)).sqrt();
    }

    /// <summary>log R(s|U,C) of s [B,F], U [n,F] and the last of C [m,F] → [B].</summary>
    Tensor LogRank(Tensor texts, Tensor known, Tensor others)
    {
        var own = texts.matmul(known.t()) * Held(γ); // [B,n]: γ cos(s,u)
        // The last: of opposing texts those that the generator has just written, before earlier and rejected ones.
        var count = Math.Min(comparisons, others.shape[0]);
        var compared = others.narrow(0, others.shape[0] - count, count);
        var among = (known.matmul(compared.t()) * Held(γ)).logsumexp(1); // [n]: log Σ_c exp(γ cos(c,u))
        var share = own - stack([own, among.unsqueeze(0).expand_as(own)]).logsumexp(0); // [B,n]: log P(s|u,C)
        return share.logsumexp(1) - Held(Math.Log(known.shape[0]));
    }
}
