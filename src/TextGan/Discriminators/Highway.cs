using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>
/// A highway layer (1505.00387, equation 3): y = g ⊙ relu(W_h x + b_h) + (1 - g) ⊙ x with the gate g = σ(W_g x + b_g).
/// The gate has weights of its own.
/// </summary>
public sealed class Highway : nn.Module<Tensor, Tensor>
{
    readonly Linear transform, gate;

    /// <param name="size">Width of input and output.</param>
    /// <param name="gateBias">b_g at first.</param>
    public Highway(int size, double gateBias) : base(nameof(Highway))
    {
        transform = nn.Linear(size, size);
        gate = nn.Linear(size, size);
        using (NewDisposeScope()) nn.init.constant_(gate.bias!, Held(gateBias));
        RegisterComponents();
    }

    /// <summary>[N,size] → [N,size].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return HighwayGate.Of(input, LinearLayer.Of(input, transform.weight!, transform.bias),
            LinearLayer.Of(input, gate.weight!, gate.bias)).MoveToOuterDisposeScope();
    }
}
