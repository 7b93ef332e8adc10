using TextGan.Operations.Cpu;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// -log softmax(z)[id] = log Σ exp z - z[id] in nats, of the logits z that a model has for its hidden states, in float32 whatever the
/// models' products are. Can be differentiated once.
/// </summary>
public static class CrossEntropy
{
    /// <summary>Of each row: hidden [N,H] and ids [N] → [N].</summary>
    public static Tensor Each(ILogitSource model, Tensor hidden, Tensor ids) => Faster(model, hidden) is { } head
        ? CrossEntropyFunctions.Each(head, ids)
        : ByTensors(model, hidden, ids);

    /// <summary>The mean over the rows that count, a scalar; 0 where none does.</summary>
    /// <param name="model">What gives logits.</param>
    /// <param name="hidden">[N,H].</param>
    /// <param name="ids">[N] int64.</param>
    /// <param name="mask">[N]: not 0 where a row counts.</param>
    public static Tensor Mean(ILogitSource model, Tensor hidden, Tensor ids, Tensor mask)
    {
        using var scope = NewDisposeScope();
        if (hidden.device_type != DeviceType.CPU)
        {
            // Which rows count is not asked for: the answer would have to be waited for.
            var weights = mask.ne(Held(0)).to_type(float32); // [N]
            return ((Each(model, hidden, ids) * weights).sum() / weights.sum().clamp_min(Held(1))).MoveToOuterDisposeScope();
        }
        // The head is most of the work: it is applied only where a row counts.
        var counted = mask.nonzero().squeeze(1); // [M]
        var (kept, targets) = (hidden.index_select(0, counted), ids.index_select(0, counted)); // [M,H], [M]
        var sum = Faster(model, kept) is { } head ? CrossEntropyFunctions.Sum(head, targets) : ByTensors(model, kept, targets).sum();
        return (sum / Held(Math.Max(1, counted.shape[0]))).MoveToOuterDisposeScope();
    }

    static Tensor ByTensors(ILogitSource model, Tensor hidden, Tensor ids) =>
        nn.functional.cross_entropy(model.Logits(hidden), ids, reduction: nn.Reduction.None);

    /// <summary>The head, where the loops can read it.</summary>
    static LinearHead? Faster(ILogitSource model, Tensor hidden) => model.Head(hidden) is { } head && LogitChunks.Supports(head) ? head
        : null;
}
