using TorchSharp.Modules;

namespace TextGan.Generators.Decoder;

/// <summary>Causal grouped-query attention (2305.13245): each of G key and value heads serves heads / G query heads.</summary>
sealed class DecoderAttention : nn.Module
{
    readonly Linear q_proj;
    readonly Linear k_proj;
    readonly Linear v_proj;
    readonly Linear o_proj;
    readonly long heads, groups, size;
    readonly DecoderSwitches switches;

    public DecoderAttention(TransformerShape shape, DecoderSwitches switches) : base("self_attn")
    {
        this.switches = switches;
        (heads, groups, size) = (shape.Heads, shape.KeyValueHeads, shape.HeadSize);
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
        var query = turn.Apply(Split(switches.Of(q_proj, read), heads)); // [B,heads,T,D]
        var key = turn.Apply(Split(switches.Of(k_proj, read), groups)); // [B,G,T,D]
        var value = Split(switches.Of(v_proj, read), groups); // [B,G,T,D]
        Tensor attended; // [B,heads,T,D]
        if (cache is not null && is_grad_enabled()) attended = cache.Attend(query / Held(Math.Sqrt(size)), key, value);
        else
        {
            (key, value) = (Products.Operand(key), Products.Operand(value)); // a cache holds them as products read them
            if (cache is not null) (key, value) = cache.Append(key, value); // [B,G,S,D], S = position + T
            attended = steps == 1 ? AttendOne(query, key, value) : AttendMany(query, key, value, turn.Position);
        }
        if (steps > 1) attended = attended.transpose(1, 2);
        return switches.Of(o_proj, attended.reshape(batch, steps, heads * size)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// One position sees everything, and the queries that share a key head are its rows: no key is copied (1.3 to 2 times as fast as the
    /// fused kernel).
    /// </summary>
    Tensor AttendOne(Tensor query, Tensor key, Tensor value)
    {
        var shared = (query / Held(Math.Sqrt(size))).reshape(query.shape[0], groups, heads / groups, size); // [B,G,heads/G,D]
        var weights = Products.Of(shared, key.transpose(-1, -2)).softmax(-1); // [B,G,heads/G,S]
        return Products.Of(weights, value).view(query.shape[0], heads, 1, size); // [B,heads,1,D]
    }

    /// <summary>
    /// Many positions: the fused kernel (in bfloat16 its softmax is in float32), which in training takes about two thirds of the time of
    /// matmul and softmax.
    /// </summary>
    Tensor AttendMany(Tensor query, Tensor key, Tensor value, int position)
    {
        (query, key, value) = (Products.Operand(query), PerHead(Products.Operand(key)), PerHead(Products.Operand(value))); // [B,heads,S,D]
        if (position == 0) return nn.functional.scaled_dot_product_attention(query, key, value, is_casual: true);
        var seen = ones([query.shape[2], key.shape[2]], ScalarType.Bool, query.device).tril(position); // [T,S]
        return nn.functional.scaled_dot_product_attention(query, key, value, seen);
    }

    /// <summary>[B,T,count·D] → [B,count,T,D].</summary>
    Tensor Split(Tensor x, long count) => x.shape[1] == 1 ? x.view(x.shape[0], count, 1, size)
        : x.view(x.shape[0], x.shape[1], count, size).transpose(1, 2);

    Tensor PerHead(Tensor x) => heads == groups ? x : x.unsqueeze(2)
        .expand(x.shape[0], groups, heads / groups, x.shape[2], size).reshape(x.shape[0], heads, x.shape[2], size);
}
