namespace TextGan.Generators.Decoder;

/// <summary>x + attention(norm(x)), then x + feed-forward(norm(x)).</summary>
sealed class DecoderLayer : nn.Module
{
    readonly DecoderAttention self_attn;
    readonly DecoderFeedForward mlp;
    readonly RmsNorm input_layernorm;
    readonly RmsNorm post_attention_layernorm;
    readonly double dropout;

    public DecoderLayer(TransformerShape shape, double dropout, double epsilon, DecoderSwitches switches) : base("layer")
    {
        this.dropout = dropout;
        self_attn = new DecoderAttention(shape, switches);
        mlp = new DecoderFeedForward(shape, switches);
        input_layernorm = new RmsNorm(shape.Hidden, epsilon);
        post_attention_layernorm = new RmsNorm(shape.Hidden, epsilon);
        RegisterComponents();
    }

    /// <summary>[B,T,H] → [B,T,H].</summary>
    public Tensor Read(Tensor x, RotaryTurn turn, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        x = x.Plus(Drop(self_attn.Read(input_layernorm.call(x), turn, cache)));
        x = x.Plus(Drop(mlp.call(post_attention_layernorm.call(x))));
        return x.MoveToOuterDisposeScope();
    }

    Tensor Drop(Tensor values) => dropout > 0 && training ? nn.functional.dropout(values, dropout, training: true) : values;
}
