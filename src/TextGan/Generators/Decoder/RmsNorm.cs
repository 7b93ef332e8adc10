using TorchSharp.Modules;

namespace TextGan.Generators.Decoder;

/// <summary>x / sqrt(mean(x²) + ε) · weight (1910.07467).</summary>
sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    readonly Parameter weight;
    readonly double epsilon;

    public RmsNorm(int size, double epsilon) : base("norm")
    {
        this.epsilon = epsilon;
        weight = nn.Parameter(ones(size));
        weight.DetachFromDisposeScope(); // the model lives as long as it is used, whatever scope it was made in
        RegisterComponents();
    }

    /// <summary>[...,H] → [...,H].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var scale = (x * x).mean([-1], keepdim: true).Plus(epsilon).rsqrt(); // [...,1]
        return (x * scale * weight).MoveToOuterDisposeScope();
    }
}
