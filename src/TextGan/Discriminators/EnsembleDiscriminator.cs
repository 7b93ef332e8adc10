using TextGan.Native;
using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>Several discriminators of one kind whose logits are combined; each learns by a loss of its own.</summary>
public sealed class EnsembleDiscriminator : Discriminator
{
    readonly ModuleList<Discriminator> members;
    readonly EnsembleRule rule;
    readonly double varianceWeight;

    /// <param name="members">At least two that give logits of one shape; disposed of with this.</param>
    /// <param name="rule">How their logits are combined.</param>
    /// <param name="varianceWeight">λ of <see cref="EnsembleRule.MeanMinusVariance"/>.</param>
    public EnsembleDiscriminator(IReadOnlyList<Discriminator> members, EnsembleRule rule, double varianceWeight)
        : base(nameof(EnsembleDiscriminator), members[0].VocabularySize)
    {
        this.members = new ModuleList<Discriminator>([.. members]);
        (this.rule, this.varianceWeight) = (rule, varianceWeight);
        RegisterComponents();
    }

    public IReadOnlyList<Discriminator> Members => [.. members];

    /// <summary>
    /// [B,T] ids (or [B,T,V] relaxed tokens) → logits [B,S], each combined from the members' at its place, and all members' features.
    /// </summary>
    public override DiscriminatorOutput forward(TextBatch tokens)
    {
        using var scope = NewDisposeScope();
        DiscriminatorOutput[] outputs = [.. members.Select(member => member.Judge(tokens))];
        var logits = Combine(stack([.. outputs.Select(output => output.Logits)]), rule, varianceWeight); // [B,S]
        Tensor[] features = [.. outputs.Select(output => output.Features).OfType<Tensor>()];
        return new DiscriminatorOutput(logits.MoveToOuterDisposeScope(), outputs[0].Mask?.MoveToOuterDisposeScope())
        {
            Features = features.Length == outputs.Length ? cat(features, 1).MoveToOuterDisposeScope() : null, // [B,M·F]
        };
    }

    /// <summary>
    /// Members' logits [M,...] → [...]. The variance is that of the M members themselves, divided by M (2310.02743, equation 4).
    /// Differentiable; the minimum in the member that gives it.
    /// </summary>
    public static Tensor Combine(Tensor logits, EnsembleRule rule, double varianceWeight)
    {
        using var scope = NewDisposeScope();
        if (rule == EnsembleRule.Minimum) return logits.min(0).values.MoveToOuterDisposeScope();
        var mean = logits.mean([0]);
        if (rule == EnsembleRule.Mean) return mean.MoveToOuterDisposeScope();
        return (mean - (logits - mean).Squared().mean([0]) * Held(varianceWeight)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The standard deviation between the members' scores of a text (divided by M, not M - 1), averaged over n texts; without dropout and
    /// without a gradient.
    /// </summary>
    /// <inheritdoc cref="DiscriminatorScores.Of"/>
    public double Disagreement(int count, Func<int, int, TextBatch> texts, int atOnce = 256)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var scores = stack([.. members.Select(member => DiscriminatorScores.Of(member, count, texts, atOnce))]); // [M,n]
        var deviations = (scores - scores.mean([0])).Squared().mean([0]).sqrt(); // [n]
        return deviations.mean().to_type(float64).item<double>();
    }

    /// <summary>
    /// The standard deviation between the members' probabilities σ(score) of each of n texts (divided by M, not M - 1); without dropout and
    /// without a gradient.
    /// </summary>
    /// <inheritdoc cref="DiscriminatorScores.Of"/>
    public double[] ProbabilityDeviations(int count, Func<int, int, TextBatch> texts, int atOnce = 256)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var scores = stack([.. members.Select(member => DiscriminatorScores.Of(member, count, texts, atOnce))]); // [M,n]
        var probabilities = scores.to_type(float64).sigmoid();
        return DiscriminatorScores.Numbers((probabilities - probabilities.mean([0])).Squared().mean([0]).sqrt());
    }

    /// <summary>As many as the options say, with initial weights of their own.</summary>
    public static EnsembleDiscriminator Build(DiscriminatorOptions options, DiscriminatorContext context)
    {
        using var unfinished = new Unfinished();
        Discriminator[] members = [.. Enumerable.Range(0, options.Members).Select(_ => unfinished.Add(options.BuildMember(context)))];
        return unfinished.Finish(new EnsembleDiscriminator(members, options.Ensemble, options.VarianceWeight));
    }
}
