using System.Numerics;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// The way back from <see cref="WindowMaxima"/>: each answer came from one window, so only that window and its filter get a gradient.
/// Filters are shared among the threads, and texts; sums run in the order of the texts, and of the filters, whoever makes them.
/// </summary>
sealed unsafe class WindowGradients
{
    /// <summary>Filters of one item of work, and texts between which they take turns: what both read stays in the second cache.</summary>
    const int FiltersAtOnce = 16, TextsForFilters = 64;

    /// <summary>Texts of one item of work at most: their gradients stay in the nearest cache while the filters pass by.</summary>
    const int TextsAtOnce = 8;

    /// <summary>So many multiplications are worth a thread.</summary>
    const long Grain = 1 << 15;

    readonly TextWindows texts;
    readonly WindowFilters[] filters;
    readonly float* gradient; // [N,F]
    readonly int* places; // [N,F]
    readonly int features; // F

    /// <param name="texts">[N,T,E].</param>
    /// <param name="filters">All filters.</param>
    /// <param name="gradient">Of the answers, [N,F] float, contiguous.</param>
    /// <param name="places">[N,F] int32: where each answer came from.</param>
    public WindowGradients(TextWindows texts, WindowFilters[] filters, Tensor gradient, Tensor places)
    {
        (this.texts, this.filters, features) = (texts, filters, (int)gradient.shape[1]);
        this.gradient = CpuLoop.Floats(gradient);
        if (places.numel() == 0) return;
        fixed (byte* first = places.bytes) this.places = (int*)first;
    }

    int Threads => CpuLoop.Threads(filters.Sum(one => (long)one.Count * one.Inputs) * texts.Texts, Grain);

    /// <summary>Fills the gradients of the weights [filters, w·E] and biases [filters] of each width.</summary>
    public void OfFilters(IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor> biases)
    {
        nint[] rows = [.. weights.Select(weight => (nint)CpuLoop.Floats(weight))],
            sums = [.. biases.Select(bias => (nint)CpuLoop.Floats(bias))];
        (int Width, int First)[] items = [.. from i in Enumerable.Range(0, filters.Length)
                                             orderby filters[i].Inputs descending
                                             from part in Enumerable.Range(0, (filters[i].Count + FiltersAtOnce - 1) / FiltersAtOnce)
                                             select (i, part * FiltersAtOnce)];
        WorkQueue.Run(items.Length, Threads, item =>
        {
            var (i, first) = items[item];
            OfFilters(filters[i], first, Math.Min(FiltersAtOnce, filters[i].Count - first), (float*)rows[i], (float*)sums[i]);
        });
    }

    void OfFilters(WindowFilters some, int first, int count, float* weights, float* biases)
    {
        new Span<float>(weights + (long)first * some.Inputs, count * some.Inputs).Clear();
        new Span<float>(biases + first, count).Clear();
        for (var text = 0; text < texts.Texts; text += TextsForFilters)
            for (var filter = first; filter < first + count; filter++)
                biases[filter] += OfFilter(some.Feature + filter, text, Math.Min(text + TextsForFilters, texts.Texts),
                    weights + (long)filter * some.Inputs, some.Inputs);
    }

    /// <summary>Adds the windows that a filter answered to, in the measure of their gradients; gives the sum of these.</summary>
    float OfFilter(int feature, int begin, int end, float* row, int inputs)
    {
        var windows = stackalloc nint[TextsForFilters];
        var shares = stackalloc float[TextsForFilters];
        var (count, sum) = (0, 0f);
        for (var text = begin; text < end; text++)
        {
            var at = (long)text * features + feature;
            if (gradient[at] == 0) continue;
            (windows[count], shares[count]) = ((nint)texts.At(text, places[at]), gradient[at]);
            sum += shares[count++];
        }
        var i = 0;
        for (; i + 4 <= count; i += 4)
            AddFour(row, inputs, (float*)windows[i], shares[i], (float*)windows[i + 1], shares[i + 1], (float*)windows[i + 2],
                shares[i + 2], (float*)windows[i + 3], shares[i + 3]);
        for (; i < count; i++) Add(row, inputs, (float*)windows[i], shares[i]);
        return sum;
    }

    /// <summary>Fills the gradient of the texts, [N,T,E].</summary>
    public void OfTexts(Tensor result)
    {
        var target = new TextWindows(result);
        RowBlocks.Run(texts.Texts, TextsAtOnce, 1, Threads, (begin, end) => OfTexts(target, begin, end));
    }

    void OfTexts(TextWindows target, int begin, int end)
    {
        for (var text = begin; text < end; text++) new Span<float>(target.At(text, 0), target.Length * target.Size).Clear();
        foreach (var some in filters)
            for (var filter = 0; filter < some.Count; filter++)
                for (var text = begin; text < end; text++)
                {
                    var at = (long)text * features + some.Feature + filter;
                    if (gradient[at] != 0) Add(target.At(text, places[at]), some.Inputs, some.Row(filter), gradient[at]);
                }
    }

    static void Add(float* sum, int count, float* values, float share)
    {
        var (i, factor) = (0, new Vector<float>(share));
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            Vector.FusedMultiplyAdd(Vector.Load(values + i), factor, Vector.Load(sum + i)).Store(sum + i);
        for (; i < count; i++) sum[i] = MathF.FusedMultiplyAdd(values[i], share, sum[i]);
    }

    /// <summary>Four at once: the sum is fetched and put back a quarter as often.</summary>
    static void AddFour(float* sum, int count, float* v0, float s0, float* v1, float s1, float* v2, float s2, float* v3, float s3)
    {
        var (f0, f1, f2, f3) = (new Vector<float>(s0), new Vector<float>(s1), new Vector<float>(s2), new Vector<float>(s3));
        var i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var first = Vector.FusedMultiplyAdd(Vector.Load(v0 + i), f0, Vector.Load(sum + i));
            var second = Vector.FusedMultiplyAdd(Vector.Load(v2 + i), f2, Vector.Load(v3 + i) * f3);
            (Vector.FusedMultiplyAdd(Vector.Load(v1 + i), f1, first) + second).Store(sum + i);
        }
        for (; i < count; i++) sum[i] += v0[i] * s0 + v1[i] * s1 + (v2[i] * s2 + v3[i] * s3);
    }
}
