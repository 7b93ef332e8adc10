using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>
/// Self-attention in both directions with several heads (1706.03762, section 3.2), written with matmul and softmax, because
/// fused kernels cannot be differentiated twice.
/// </summary>
public sealed class SelfAttention : nn.Module<Tensor, Tensor, Tensor>
{
    readonly Linear projection, output;
    readonly Dropout dropout;
    readonly int heads;
    readonly bool rotary;

    /// <param name="size">E.</param>
    /// <param name="heads">Divides E.</param>
    /// <param name="rotary">Whether queries and keys are rotated by their position (2104.09864); E / heads must be even.</param>
    /// <param name="dropout">Share of attention weights left out while learning.</param>
    public SelfAttention(int size, int heads, bool rotary, double dropout) : base(nameof(SelfAttention))
    {
        (this.heads, this.rotary) = (heads, rotary);
        projection = nn.Linear(size, 3 * size);
        output = nn.Linear(size, size);
        this.dropout = nn.Dropout(dropout);
        RegisterComponents();
    }

    /// <summary>states [B,T,E] and ignored [B,1,1,T] bool, true at positions that nobody may read → [B,T,E].</summary>
    public override Tensor forward(Tensor states, Tensor ignored)
    {
        using var scope = NewDisposeScope();
        var (batch, length, size) = (states.shape[0], states.shape[1], states.shape[2]);
        var width = size / heads;
        // 3 x [B,heads,T,width]
        var parts = projection.call(states).reshape(batch, length, 3, heads, width).permute(2, 0, 3, 1, 4).unbind(0);
        var (query, key, value) = (parts[0], parts[1], parts[2]);
        if (rotary)
        {
            var half = Indices(width / 2, float32, states.device); // [width/2]
            // [T,width/2]
            var angles = Indices(length, float32, states.device).unsqueeze(1) * (half * Held(-2 * Math.Log(10_000) / width)).exp();
            var (cosine, sine) = (angles.cos(), angles.sin());
            (query, key) = (Turn(query, cosine, sine), Turn(key, cosine, sine));
        }
        var scores = query.matmul(key.transpose(2, 3)) / Held(Math.Sqrt(width)); // [B,heads,T,T]
        var weights = dropout.call(scores.masked_fill(ignored, Held(double.NegativeInfinity)).softmax(3));
        var mixed = weights.matmul(value).transpose(1, 2).reshape(batch, length, size); // [B,T,E]
        return output.call(mixed).MoveToOuterDisposeScope();
    }

    static Tensor Turn(Tensor vectors, Tensor cosine, Tensor sine)
    {
        var halves = vectors.chunk(2, -1); // 2 x [B,heads,T,width/2]
        return cat([halves[0] * cosine - halves[1] * sine, (halves[1] * cosine).Plus(halves[0] * sine)], -1);
    }
}
