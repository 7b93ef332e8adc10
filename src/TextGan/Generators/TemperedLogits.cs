namespace TextGan.Generators;

/// <summary>A model's logits, divided by a temperature.</summary>
/// <param name="model">The model.</param>
/// <param name="temperature">Above 0.</param>
public sealed class TemperedLogits(ILogitSource model, double temperature) : ILogitSource
{
    /// <inheritdoc />
    public Tensor Logits(Tensor hidden) => model.Logits(hidden) / Held(temperature);

    /// <inheritdoc />
    public LinearHead? Head(Tensor hidden) => model.Head(hidden) is { } head
        ? head with { Features = head.Features / Held(temperature), Bias = head.Bias is { } bias ? bias / Held(temperature) : null } : null;
}
