using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>
/// A pre-norm transformer block (2002.04745): x += attention(norm(x)); x += feed-forward(norm(x)) with GELU between its two layers.
/// </summary>
public sealed class EncoderBlock : nn.Module<Tensor, Tensor, Tensor>
{
    readonly LayerNorm attention_norm, feed_forward_norm;
    readonly SelfAttention attention;
    readonly Linear up, down;
    readonly Dropout dropout;

    /// <param name="size">E.</param>
    /// <param name="heads">Divides E.</param>
    /// <param name="feedForward">Width of the feed-forward layer.</param>
    /// <param name="rotary">Whether attention knows positions by rotation.</param>
    /// <param name="dropout">Share left out while learning.</param>
    public EncoderBlock(int size, int heads, int feedForward, bool rotary, double dropout) : base(nameof(EncoderBlock))
    {
        attention_norm = nn.LayerNorm(size);
        attention = new SelfAttention(size, heads, rotary, dropout);
        feed_forward_norm = nn.LayerNorm(size);
        up = nn.Linear(size, feedForward);
        down = nn.Linear(feedForward, size);
        this.dropout = nn.Dropout(dropout);
        RegisterComponents();
    }

    /// <summary>states [B,T,E] and ignored [B,1,1,T] bool → [B,T,E].</summary>
    public override Tensor forward(Tensor states, Tensor ignored)
    {
        using var scope = NewDisposeScope();
        var attended = states.Plus(dropout.call(attention.call(attention_norm.call(states), ignored)));
        var fed = down.call(nn.functional.gelu(up.call(feed_forward_norm.call(attended)))); // [B,T,E]
        return attended.Plus(dropout.call(fed)).MoveToOuterDisposeScope();
    }
}
