using TextGan.Generators.Decoder;
using TorchSharp.Modules;

namespace TextGan.Generators.Gpt2;

/// <summary>Causal attention with queries, keys and values from one matrix, and biases.</summary>
sealed class Gpt2Attention : nn.Module
{
    readonly Linear c_attn; // [3H,H]
    readonly Linear c_proj; // [H,H]
    readonly long heads;
    readonly CausalAttention attention;
    readonly DecoderSwitches switches;

    public Gpt2Attention(Gpt2Shape shape, DecoderSwitches switches) : base("attn")
    {
        this.switches = switches;
        heads = shape.Heads;
        attention = new CausalAttention(heads, heads, shape.Hidden / shape.Heads);
        c_attn = nn.Linear(shape.Hidden, 3 * shape.Hidden);
        c_proj = nn.Linear(shape.Hidden, shape.Hidden);
        RegisterComponents();
    }

    /// <summary>[B,T,H] → [B,T,H]; a cache takes the new keys and values and has the earlier ones.</summary>
    public Tensor Read(Tensor x, int position, KeyValueCache? cache)
    {
        using var scope = NewDisposeScope();
        var (batch, steps, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var joined = switches.Of(c_attn, x); // [B,T,3H]: queries, keys, values
        var (query, key, value) = (Part(0), Part(1), Part(2)); // [B,heads,T,D]
        return switches.Of(c_proj, attention.Attend(query, key, value, cache, position, batch, steps)).MoveToOuterDisposeScope();

        Tensor Part(int index) => attention.Split(joined.narrow(2, index * width, width), heads);
    }
}
