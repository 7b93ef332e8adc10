namespace TextGan.Learning.Credit;

/// <summary>Sums of what comes later.</summary>
static class DiscountedSum
{
    /// <summary>[B,T] values → [B,T] with Σ_{s≥t} factor^(s-t) v_s at t.</summary>
    public static Tensor FromEachStep(Tensor values, double factor)
    {
        var steps = values.shape[1];
        var sums = new Tensor[steps];
        for (var t = steps - 1; t >= 0; t--)
        {
            var value = values.select(1, t); // [B]
            sums[t] = t == steps - 1 ? value : value.Plus(Held(factor) * sums[t + 1]);
        }
        return stack(sums, 1);
    }
}
