using TextGan.Generators.Decoder;
using TorchSharp.Modules;

namespace TextGan.Generators.Gpt2;

/// <summary>c_proj(gelu(c_fc(x))), with the approximation of GELU (1606.08415) by tanh that GPT-2 was trained with.</summary>
sealed class Gpt2FeedForward : nn.Module<Tensor, Tensor>
{
    /// <summary>2·√(2/π).</summary>
    static readonly double scale = 2 * Math.Sqrt(2 / Math.PI);

    readonly Linear c_fc;
    readonly Linear c_proj;
    readonly DecoderSwitches switches;

    public Gpt2FeedForward(Gpt2Shape shape, DecoderSwitches switches) : base("mlp")
    {
        this.switches = switches;
        c_fc = nn.Linear(shape.Hidden, shape.FeedForward);
        c_proj = nn.Linear(shape.FeedForward, shape.Hidden);
        RegisterComponents();
    }

    /// <summary>[B,T,H] → [B,T,H].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return switches.Of(c_proj, Gelu(switches.Of(c_fc, x))).MoveToOuterDisposeScope();
    }

    /// <summary>x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))), by (1 + tanh(z))/2 = sigmoid(2z).</summary>
    static Tensor Gelu(Tensor x) => x * ((x * x * Held(0.044715 * scale)).Plus(scale) * x).sigmoid();
}
