using TextGan.Native;
using TextGan.Operations.Cpu;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// Tensors that lie one after another in one piece of memory. What treats each number alone is then one operation on one tensor: on an
/// accelerator, where a small operation takes as long as its launch, an optimiser's step takes no longer for a hundred parameters than for
/// one. Where the operations are loops over main memory there is nothing to gain, and tensors stay where they are.
/// </summary>
public static class AdjacentTensors
{
    /// <summary>
    /// Moves parameters into one piece of memory; each keeps its values and its shape. One that shares its memory stays there: tied
    /// weights, or those of a recurrent layer on CUDA, for which cuDNN needs an order of its own.
    /// </summary>
    public static void Pack(IEnumerable<Parameter> parameters)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in parameters.Where(MayJoin).GroupBy(parameter => (parameter.device.ToString(), parameter.dtype)))
        {
            Tensor[] scattered =
            [
                .. group.GroupBy(parameter => MemoryPlace.Of(parameter).Memory).Where(memory => memory.Count() == 1)
                    .Select(memory => memory.Single()).Where(FillsItsMemory).OrderBy(Remainder),
            ];
            if (scattered.Length < 2) continue;
            var together = cat([.. scattered.Select(Flat)]);
            foreach (var (tensor, piece) in scattered.Zip(Pieces(together, scattered))) tensor.set_(piece);
        }
    }

    /// <summary>Zeros of the parameters' shapes, which lie together where the parameters do.</summary>
    public static Tensor[] ZerosLike(IReadOnlyList<Parameter> parameters)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var zeros = new Tensor[parameters.Count];
        foreach (var run in Runs([.. parameters.Select(parameter => new Tensor[] { parameter })]))
        {
            Tensor[] like = [.. run.Select(i => parameters[i])];
            var pieces = like.Length == 1 ? [zeros_like(like[0])] : Pieces(zeros_like(Whole(like)), like);
            foreach (var (i, piece) in run.Zip(pieces)) zeros[i] = piece.MoveToOuterDisposeScope();
        }
        return zeros;
    }

    /// <summary>
    /// Copies the gradients of parameters that lie together into one piece of memory and makes them pieces of that. Gives all gradients
    /// that there are, those of one piece of memory as one.
    /// </summary>
    public static IReadOnlyList<Tensor> GatherGradients(IEnumerable<Parameter> parameters)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        Parameter[] all = [.. parameters];
        var own = all.Select(parameter => parameter.grad).ToArray();
        var (learning, found) = (all.Where((_, i) => own[i] is not null).ToArray(), own.OfType<Tensor>().ToArray());
        var wholes = new List<Tensor>();
        foreach (var run in Runs([.. learning.Select(parameter => new Tensor[] { parameter })]))
        {
            var whole = run.Count == 1 ? found[run[0]] : cat([.. run.Select(i => Flat(found[i]))]);
            wholes.Add(whole.MoveToOuterDisposeScope());
            if (run.Count == 1) continue;
            foreach (var (i, piece) in run.Zip(Pieces(whole, run.Select(i => found[i])))) learning[i].grad = piece;
        }
        return wholes;
    }

    /// <summary>
    /// Joins rows of tensors, of which all in one row have the same shape: where rows lie one after another in every column, one row of
    /// tensors [N] takes their place, in the same memory.
    /// </summary>
    public static IEnumerable<Tensor[]> Join(IReadOnlyList<Tensor[]> rows)
    {
        foreach (var run in Runs(rows))
            yield return run.Count == 1 ? rows[run[0]]
                : [.. Enumerable.Range(0, rows[run[0]].Length).Select(column => Whole([.. run.Select(i => rows[i][column])]))];
    }

    /// <summary>
    /// The numbers of the rows of each stretch that lies together in every column, in the order of their places. The stretches have the
    /// order of their first rows, because addresses differ from process to process, and sums with their order.
    /// </summary>
    static IEnumerable<List<int>> Runs(IReadOnlyList<Tensor[]> rows)
    {
        var runs = new List<List<int>>();
        MemoryPlace[][] places = [.. rows.Select(row => row.All(MayJoin) ? row.Select(MemoryPlace.Of).ToArray() : [])];
        MemoryPlace[] next = [];
        foreach (var i in Enumerable.Range(0, rows.Count).OrderBy(i => places[i].FirstOrDefault()))
        {
            if (places[i].Length > 0 && places[i].AsSpan().SequenceEqual(next)) runs[^1].Add(i);
            else runs.Add([i]);
            var count = rows[i][0].numel();
            next = [.. places[i].Select(place => place.Behind(count))];
        }
        return runs.OrderBy(run => run.Min());
    }

    static bool MayJoin(Tensor tensor) => !CpuLoop.Supports(tensor) && tensor.is_contiguous() && tensor.numel() > 0;

    static bool FillsItsMemory(Tensor tensor) => MemoryPlace.BytesOf(tensor) == tensor.numel() * tensor.element_size();

    /// <summary>Tensors that begin within a block of memory are slower to read: those that fill blocks come first.</summary>
    static int Remainder(Tensor tensor) => tensor.numel() % 16 == 0 ? 0 : tensor.numel() % 4 == 0 ? 1 : 2;

    static Tensor Flat(Tensor tensor) => tensor.dim() == 1 ? tensor : tensor.flatten();

    /// <summary>Adjacent tensors as one, [N], in the same memory.</summary>
    static Tensor Whole(Tensor[] adjacent) =>
        adjacent[0].as_strided([adjacent.Sum(tensor => tensor.numel())], [1], adjacent[0].storage_offset());

    /// <summary>The pieces of a tensor [N], with the shapes of others.</summary>
    static IEnumerable<Tensor> Pieces(Tensor whole, IEnumerable<Tensor> like)
    {
        var begin = 0L;
        foreach (var tensor in like)
        {
            var (shape, count) = (tensor.shape, tensor.numel());
            var piece = whole.narrow(0, begin, count);
            yield return shape.Length == 1 ? piece : piece.view(shape);
            begin += count;
        }
    }
}
