using TorchSharp.Modules;

namespace TextGan.Generators.Decoder;

/// <summary>SwiGLU: down(silu(gate(x)) · up(x)) (2002.05202).</summary>
sealed class DecoderFeedForward : nn.Module<Tensor, Tensor>
{
    readonly Linear gate_proj;
    readonly Linear up_proj;
    readonly Linear down_proj;
    readonly DecoderSwitches switches;

    public DecoderFeedForward(TransformerShape shape, DecoderSwitches switches) : base("mlp")
    {
        this.switches = switches;
        gate_proj = nn.Linear(shape.Hidden, shape.FeedForward, hasBias: false);
        up_proj = nn.Linear(shape.Hidden, shape.FeedForward, hasBias: false);
        down_proj = nn.Linear(shape.FeedForward, shape.Hidden, hasBias: false);
        RegisterComponents();
    }

    /// <summary>[B,T,H] → [B,T,H].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var read = Products.Operand(x);
        return switches.Of(down_proj, switches.Of(gate_proj, read).silu() * switches.Of(up_proj, read)).MoveToOuterDisposeScope();
    }
}
