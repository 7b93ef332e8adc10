using TextGan.Learning.Credit;

namespace TextGan.Learning.Baselines;

/// <summary>
/// A fixed number b: what is left of a reward D is D - b. With b = 1 and the reward "probability" it is minus SentiGAN's penalty 1 - D
/// (Wang and Wan, 2018).
/// </summary>
public sealed record ConstantBaselineOptions : BaselineOptions
{
    /// <summary>b. Default 1.</summary>
    [Range(-1e6, 1e6)]
    public double Value { get; init; } = 1;

    public override Baseline Build(BaselineContext context) => new ConstantBaseline(Value);
}

/// <summary>b for every token.</summary>
public sealed class ConstantBaseline(double value) : Baseline
{
    public override Tensor Values(TokenCredit credit, Tensor mask, Tensor hidden) =>
        full([1], Held(value), credit.Returns.dtype, credit.Returns.device);
}
