using TextGan.Generators.Decoder;
using TorchSharp.Modules;

namespace TextGan.Generators.Gpt2;

/// <summary>x + attention(norm(x)), then x + feed-forward(norm(x)).</summary>
sealed class Gpt2Layer : nn.Module
{
    readonly LayerNorm ln_1;
    readonly Gpt2Attention attn;
    readonly LayerNorm ln_2;
    readonly Gpt2FeedForward mlp;

    public Gpt2Layer(Gpt2Shape shape, double epsilon, DecoderSwitches switches) : base("layer")
    {
        ln_1 = nn.LayerNorm(shape.Hidden, epsilon);
        attn = new Gpt2Attention(shape, switches);
        ln_2 = nn.LayerNorm(shape.Hidden, epsilon);
        mlp = new Gpt2FeedForward(shape, switches);
        RegisterComponents();
    }

    /// <summary>[B,T,H] → [B,T,H].</summary>
    public Tensor Read(Tensor x, int position, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        x = x.Plus(attn.Read(ln_1.call(x), position, cache));
        x = x.Plus(mlp.call(ln_2.call(x)));
        return x.MoveToOuterDisposeScope();
    }
}
