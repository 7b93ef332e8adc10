using TorchSharp.Modules;

namespace TextGan.Generators.Decoder;

/// <summary>Causal grouped-query attention (2305.13245): each of G key and value heads serves heads / G query heads.</summary>
sealed class DecoderAttention : nn.Module
{
    readonly Linear q_proj;
    readonly Linear k_proj;
    readonly Linear v_proj;
    readonly Linear o_proj;
    readonly long heads, groups;
    readonly CausalAttention attention;
    readonly DecoderSwitches switches;

    public DecoderAttention(TransformerShape shape, DecoderSwitches switches) : base("self_attn")
    {
        (heads, groups, var size) = (shape.Heads, shape.KeyValueHeads, shape.HeadSize);
        this.switches = switches;
        attention = new CausalAttention(heads, groups, size);
        q_proj = nn.Linear(shape.Hidden, heads * size, hasBias: false);
        k_proj = nn.Linear(shape.Hidden, groups * size, hasBias: false);
        v_proj = nn.Linear(shape.Hidden, groups * size, hasBias: false);
        o_proj = nn.Linear(heads * size, shape.Hidden, hasBias: false);
        RegisterComponents();
    }

    /// <summary>[B,T,H] → [B,T,H]; a cache takes the new keys and values and has the earlier ones.</summary>
    public Tensor Read(Tensor x, RotaryTurn turn, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        var (batch, steps) = (x.shape[0], x.shape[1]);
        var read = Products.Operand(x);
        var query = turn.Apply(attention.Split(switches.Of(q_proj, read), heads)); // [B,heads,T,D]
        var key = turn.Apply(attention.Split(switches.Of(k_proj, read), groups)); // [B,G,T,D]
        var value = attention.Split(switches.Of(v_proj, read), groups); // [B,G,T,D]
        var attended = attention.Attend(query, key, value, cache, turn.Position, batch, steps); // [B,T,heads·D]
        return switches.Of(o_proj, attended).MoveToOuterDisposeScope();
    }
}
