namespace TextGan.Generators.Decoder;

/// <summary>Softmax attention of positions over themselves and those before them, with grouped queries (2305.13245).</summary>
/// <param name="heads">Query heads.</param>
/// <param name="groups">G: key and value heads, each for heads / G query heads.</param>
/// <param name="size">D: the width of a head.</param>
sealed class CausalAttention(long heads, long groups, long size)
{
    /// <summary>
    /// Queries [B,heads,T,D], keys and values [B,G,T,D] → [B,T,heads·D]; a cache takes the new keys and values and has the earlier ones.
    /// </summary>
    public Tensor Attend(Tensor query, Tensor key, Tensor value, KeyValueCache? cache, int position, long batch, long steps)
    {
        Tensor attended; // [B,heads,T,D]
        if (cache is not null && is_grad_enabled()) attended = cache.Attend(query / Held(Math.Sqrt(size)), key, value);
        else
        {
            (key, value) = (Products.Operand(key), Products.Operand(value)); // a cache holds them as products read them
            if (cache is not null) (key, value) = cache.Append(key, value); // [B,G,S,D], S = position + T
            attended = steps == 1 ? AttendOne(query, key, value) : AttendMany(query, key, value, position);
        }
        if (steps > 1) attended = attended.transpose(1, 2);
        return attended.reshape(batch, steps, heads * size);
    }

    /// <summary>[B,T,count·D] → [B,count,T,D].</summary>
    public Tensor Split(Tensor x, long count) => x.shape[1] == 1 ? x.view(x.shape[0], count, 1, size)
        : x.view(x.shape[0], x.shape[1], count, size).transpose(1, 2);

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
    /// matmul and softmax, but cannot be differentiated twice.
    /// </summary>
    Tensor AttendMany(Tensor query, Tensor key, Tensor value, int position)
    {
        (query, key, value) = (Products.Operand(query), PerHead(Products.Operand(key)), PerHead(Products.Operand(value))); // [B,heads,S,D]
        if (SecondDerivatives.AreWanted)
        {
            var scores = Products.Of(query / Held(Math.Sqrt(size)), key.transpose(-1, -2)); // [B,heads,T,S]
            var later = ones([query.shape[2], key.shape[2]], ScalarType.Bool, query.device).triu(position + 1); // [T,S]
            return Products.Of(scores.masked_fill(later, Held(double.NegativeInfinity)).softmax(-1), value);
        }
        if (position == 0) return nn.functional.scaled_dot_product_attention(query, key, value, is_casual: true);
        var seen = ones([query.shape[2], key.shape[2]], ScalarType.Bool, query.device).tril(position); // [T,S]
        return nn.functional.scaled_dot_product_attention(query, key, value, seen);
    }

    Tensor PerHead(Tensor x) => heads == groups ? x : x.unsqueeze(2)
        .expand(x.shape[0], groups, heads / groups, x.shape[2], size).reshape(x.shape[0], heads, x.shape[2], size);
}
