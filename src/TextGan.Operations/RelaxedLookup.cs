using TextGan.Operations.Cpu;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>The mean of a table's rows under relaxed tokens: y[b,t] = Σ_v x[b,t,v]·table[v]. Can be differentiated twice.</summary>
public static class RelaxedLookup
{
    /// <summary>x [B,T,V] and a table [V,E] → y [B,T,E].</summary>
    /// <param name="relaxed">x.</param>
    /// <param name="table">[V,E].</param>
    /// <param name="pending">Where the gradient of x waits for those of other tables (<see cref="ForMany"/>); null for a gradient at
    /// once.</param>
    public static Tensor Of(Tensor relaxed, Tensor table, PendingGradients? pending = null) =>
        RelaxedLookupFunction.Supports(relaxed) && RelaxedLookupFunction.Supports(table)
            ? RelaxedLookupFunction.Of(relaxed, table, pending)
            : relaxed.matmul(table);

    /// <summary>
    /// Relaxed tokens that many tables are to read. Where x wants a gradient, what the tables send back to it may arrive as one sum, made
    /// in one product: so ask for the gradient of what x was made from, not of the tensor that this gives.
    /// </summary>
    /// <param name="relaxed">x [B,T,V].</param>
    /// <returns>x to read from, and what <see cref="Of"/> is to be given with it.</returns>
    public static (Tensor Relaxed, PendingGradients? Pending) ForMany(Tensor relaxed)
    {
        if (!is_grad_enabled() || !relaxed.requires_grad || !RelaxedLookupFunction.Supports(relaxed)) return (relaxed, null);
        var pending = new PendingGradients();
        return (RelaxedSource.Of(relaxed, pending), pending);
    }
}
