using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// The loops behind <see cref="CrossEntropyFunctions"/>. Every sum is taken in an order that does not depend on the number of threads.
/// </summary>
static unsafe class LogitChunks
{
    /// <summary>Bytes of logits that exist at once.</summary>
    const long ChunkBytes = 8 << 20;

    /// <summary>
    /// Rows of a chunk at least, whatever they take: each chunk fetches the gradient of all weights and puts it back. 64 rows of 100,000
    /// words instead of 16 made a step 1.5 times as fast.
    /// </summary>
    const int LeastRows = 64;

    /// <summary>Rows and words that one thread takes are multiples of this.</summary>
    const int Block = 8;

    public static bool Supports(LinearHead head) =>
        Processor.HasWideVectors && CpuLoop.SupportsProduct(head.Features) && CpuLoop.Supports(head.Weight)
            && (head.Bias is null || CpuLoop.Supports(head.Bias))
        && Block * head.Weight.shape[0] < int.MaxValue / sizeof(float);

    /// <summary>-log p of each row, [N].</summary>
    public static Tensor Losses(LinearHead head, Tensor ids)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var chunks = new Parts(head, ids);
        var losses = empty(ids.shape[0]);
        var target = CpuLoop.Floats(losses);
        using var logits = new Scratch((long)chunks.ChunkRows * chunks.Words);
        for (var first = 0; first < chunks.Rows; first += chunks.ChunkRows)
        {
            var (begin, count) = (first, Math.Min(chunks.ChunkRows, chunks.Rows - first));
            Share(count, chunks, (from, to) =>
                chunks.Losses(begin + from, to - from, logits.Numbers + (long)from * chunks.Words, target + begin + from, null, null,
                false));
        }
        return losses.MoveToOuterDisposeScope();
    }

    /// <summary>The gradients of Σ factor·loss in features [N,D], W [V,D] and b [V]; null where none is wanted.</summary>
    /// <param name="head">The product.</param>
    /// <param name="ids">[N] int64, contiguous.</param>
    /// <param name="factors">[N], contiguous; null: all 1.</param>
    /// <param name="losses">-log p of each row, [N].</param>
    public static Tensor?[] Gradients(LinearHead head, Tensor ids, Tensor? factors, out Tensor losses)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var chunks = new Parts(head, ids);
        losses = empty(ids.shape[0]);
        var ofFeatures = head.Features.requires_grad ? empty_like(head.Features) : null;
        var ofWeight = head.Weight.requires_grad ? zeros_like(head.Weight) : null;
        var ofBias = head.Bias?.requires_grad == true ? zeros_like(head.Bias) : null;
        var target = CpuLoop.Floats(losses);
        var factor = factors is null ? null : CpuLoop.Floats(factors);
        var features = ofFeatures is null ? null : CpuLoop.Floats(ofFeatures);
        var weight = ofWeight is null ? null : CpuLoop.Floats(ofWeight);
        var bias = ofBias is null ? null : CpuLoop.Floats(ofBias);
        using var logits = new Scratch((long)chunks.ChunkRows * chunks.Words);
        for (var first = 0; first < chunks.Rows; first += chunks.ChunkRows)
        {
            var (begin, count) = (first, Math.Min(chunks.ChunkRows, chunks.Rows - first));
            Share(count, chunks, (from, to) =>
                chunks.Losses(begin + from, to - from, logits.Numbers + (long)from * chunks.Words, target + begin + from,
                factor is null ? null : factor + begin + from, features is null ? null
                    : features + (long)(begin + from) * chunks.Size, true));
            Share(chunks.Words, chunks, (from, to) => chunks.AddTo(weight, bias, begin, count, logits.Numbers, from, to - from));
        }
        losses.MoveToOuterDisposeScope();
        return [ofFeatures?.MoveToOuterDisposeScope(), ofWeight?.MoveToOuterDisposeScope(), ofBias?.MoveToOuterDisposeScope()];
    }

    static void Share(int count, Parts chunks, Action<int, int> body) =>
        CpuLoop.Share((count + Block - 1) / Block, (long)chunks.ChunkRows * chunks.Words, (begin, end) =>
            body(begin * Block, Math.Min(count, end * Block)));

    /// <summary>Where the parts of a head lie in memory, and what is done with a few rows or words of it.</summary>
    sealed class Parts
    {
        readonly nint features, weight, transposed, bias, ids;

        public Parts(LinearHead head, Tensor ids)
        {
            (Rows, Size, Words) = ((int)head.Features.shape[0], (int)head.Features.shape[1], (int)head.Weight.shape[0]);
            ChunkRows = (int)Math.Clamp(ChunkBytes / sizeof(float) / Words / Block * Block, Math.Min(LeastRows, Math.Max(Block, Rows)),
                Math.Max(Block, Rows));
            features = (nint)CpuLoop.Floats(head.Features);
            weight = (nint)CpuLoop.Floats(head.Weight);
            transposed = (nint)CpuLoop.Floats(Transposed.Of(head.Weight)); // [D,V]; the scope in which this is made keeps it
            bias = head.Bias is null ? 0 : (nint)CpuLoop.Floats(head.Bias);
            this.ids = (nint)CpuLoop.Integers(ids);
        }

        public int Rows { get; }

        public int Size { get; }

        public int Words { get; }

        public int ChunkRows { get; }

        /// <summary>
        /// The losses of some rows; where asked, their logits become the gradient of factor·loss, and the features' gradient is made of
        /// them.
        /// </summary>
        public void Losses(int first, int count, float* logits, float* losses, float* factors, float* ofFeatures, bool intoGradients)
        {
            MatrixProduct.Single(count, Words, Size, (float*)features + (long)first * Size, Size, 1, (float*)transposed, Words, logits,
                Words, false);
            var offsets = bias == 0 ? default : new ReadOnlySpan<float>((float*)bias, Words);
            for (var row = 0; row < count; row++)
            {
                var values = new Span<float>(logits + (long)row * Words, Words);
                var factor = factors == null ? 1 : factors[row];
                losses[row] = LogitRow.Loss(values, offsets, checked((int)((long*)ids)[first + row]), intoGradients, factor);
            }
            if (ofFeatures != null)
                MatrixProduct.Single(count, Size, Words, logits, Words, 1, (float*)weight, Size, ofFeatures, Size, false);
        }

        /// <summary>Adds what some rows' logits, now gradients, mean for some words.</summary>
        public void AddTo(float* ofWeight, float* ofBias, int first, int count, float* gradients, int word, int words)
        {
            if (ofWeight != null)
                MatrixProduct.Single(words, Size, count, gradients + word, 1, Words, (float*)features + (long)first * Size, Size,
                    ofWeight + (long)word * Size, Size, true);
            if (ofBias == null) return;
            var sums = new Span<float>(ofBias + word, words);
            for (var row = 0; row < count; row++) RowSum.Add(sums, new(gradients + (long)row * Words + word, words));
        }
    }
}
