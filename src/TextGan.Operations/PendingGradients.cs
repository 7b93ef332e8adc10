using TextGan.Operations.Cpu;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// What the tables that read relaxed tokens have to give back to them: gradient_k · table_kᵀ each. Kept until all have reported and then
/// multiplied in one product, so that the gradient [B,T,V] is written once and not once more for every table.
/// </summary>
public sealed unsafe class PendingGradients
{
    readonly List<(Tensor Gradient, Tensor Table)> pending = []; // [B·T,E_k], [V,E_k]

    internal bool Any => pending.Count > 0;

    /// <summary>
    /// Stores a table's gradient for one product later; returns a placeholder for it: expanded zeros for the first, null for others.
    /// </summary>
    /// <param name="gradient">[B·T,E] of what a table gave.</param>
    /// <param name="table">[V,E].</param>
    /// <param name="shape">[B,T,V].</param>
    internal Tensor? Add(Tensor gradient, Tensor table, long[] shape)
    {
        pending.Add((gradient.alias().DetachFromDisposeScope(), table.alias().DetachFromDisposeScope()));
        return pending.Count == 1 ? zeros([]).expand(shape) : null;
    }

    /// <summary>Whether this is what <see cref="Add"/> gave, and nothing came beside it.</summary>
    internal static bool IsNothing(Tensor sum)
    {
        if (!sum.stride().All(step => step == 0)) return false;
        using var number = sum.select(0, 0).select(0, 0).select(0, 0);
        return number.item<float>() == 0;
    }

    /// <summary>Adds all to <paramref name="sum"/> [B·T,V], or writes it where it holds nothing yet, and forgets them.</summary>
    internal void AddTo(Tensor sum, bool isEmpty)
    {
        using var scope = NewDisposeScope();
        var gradients = cat([.. pending.Select(one => one.Gradient)], 1); // [B·T,ΣE]
        var tables = Transposed.Of(cat([.. pending.Select(one => one.Table)], 1)); // [ΣE,V]
        var (rows, width, vocabulary) = ((int)sum.shape[0], (int)gradients.shape[1], (int)sum.shape[1]);
        MatrixProduct.Shared(rows, vocabulary, width, CpuLoop.Floats(gradients), width, 1, CpuLoop.Floats(tables), vocabulary,
            CpuLoop.Floats(sum), vocabulary, !isEmpty);
        foreach (var (gradient, table) in pending)
        {
            gradient.Dispose();
            table.Dispose();
        }
        pending.Clear();
    }
}
