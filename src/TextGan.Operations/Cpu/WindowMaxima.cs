using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;
using TextGan.Native;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// The strongest answer of each filter over the windows of each text, and its position. Answers come in tiles of four windows
/// times 64 filters whose maximum is taken at once, so that the answers at all places never exist. Of equal answers the first
/// counts, and NaN propagates, as in LibTorch's maximum. Consecutive texts with a common prefix, such as the completions of one text, share
/// the answers of the prefix's windows.
/// </summary>
sealed unsafe class WindowMaxima
{
    const int Width = PackedMatrix.PanelWidth;

    /// <summary>
    /// Texts of one item of work at most and at least: few enough to share the texts out evenly, enough to be worth the packing of a panel.
    /// </summary>
    const int MostTexts = 256, LeastTexts = 32;

    /// <summary>Items, which differ in size, for each thread.</summary>
    const int ItemsOfThread = 4;

    /// <summary>So many multiplications are worth a thread.</summary>
    const long Grain = 1 << 17;

    /// <summary>Up to 64 filters and the texts that they look at.</summary>
    readonly record struct Panel(int Filters, int First, int FirstText, int Texts, long Work);

    readonly TextWindows texts;
    readonly WindowFilters[] filters;
    readonly float* strongest; // [N,F]
    readonly int* places; // [N,F]
    readonly int features; // F
    readonly int[] shared; // [N]: positions at which a text begins as the one before it

    WindowMaxima(TextWindows texts, WindowFilters[] filters, Tensor strongest, Tensor places)
    {
        (this.texts, this.filters, features) = (texts, filters, (int)strongest.shape[1]);
        this.strongest = CpuLoop.Floats(strongest);
        fixed (byte* first = places.bytes) this.places = (int*)first;
        shared = [.. Enumerable.Range(0, texts.Texts).Select(texts.SharedWithPrevious)];
    }

    /// <summary>Fills <paramref name="strongest"/> [N,F] and <paramref name="places"/> [N,F] int32.</summary>
    public static void Find(TextWindows texts, WindowFilters[] filters, Tensor strongest, Tensor places)
    {
        if (strongest.numel() == 0) return;
        var maxima = new WindowMaxima(texts, filters, strongest, places);
        var panels = maxima.Panels();
        WorkQueue.Run(panels.Length, CpuLoop.Threads(panels.Sum(panel => panel.Work), Grain), item => maxima.Answer(panels[item]));
    }

    Panel[] Panels()
    {
        List<Panel> panels = [];
        var panelsOfText = filters.Sum(one => (one.Count + Width - 1) / Width);
        var atOnce = (int)Math.Clamp((long)texts.Texts * panelsOfText / (ItemsOfThread * ThreadTeam.Size), LeastTexts, MostTexts);
        for (var first = 0; first < texts.Texts; first += atOnce)
            for (var i = 0; i < filters.Length; i++)
                for (var filter = 0; filter < filters[i].Count; filter += Width)
                {
                    var count = Math.Min(atOnce, texts.Texts - first);
                    panels.Add(new Panel(i, filter, first, count,
                        (long)count * texts.Windows(filters[i].Width) * filters[i].Inputs * Width));
                }
        return [.. panels.OrderByDescending(panel => panel.Work)];
    }

    void Answer(Panel panel)
    {
        const int Line = 64 / sizeof(float);
        // From the pool: new arrays of this size would cost more in page faults than the packing.
        var rented = ArrayPool<float>.Shared.Rent((filters[panel.Filters].Inputs + 1) * Width + Line);
        fixed (float* begin = rented)
        {
            var packed = (float*)(((nint)begin + 64 - 1) & -64);
            var count = Math.Min(Width, filters[panel.Filters].Count - panel.First);
            Pack(filters[panel.Filters], panel.First, count, packed);
            Answer(panel, count, packed);
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>
    /// The biases of a panel, then the weights of one input after another, each for 64 filters; zeros stand for filters that are not there.
    /// </summary>
    static void Pack(WindowFilters filters, int first, int count, float* packed)
    {
        const int Step = 16; // as many of the target's lines stay in the nearest cache
        for (var column = 0; column < Width; column++) packed[column] = column < count ? filters.Bias(first + column) : 0;
        packed += Width;
        for (var begin = 0; begin < filters.Inputs; begin += Step)
        {
            var end = Math.Min(begin + Step, filters.Inputs);
            for (var column = 0; column < Width; column++)
            {
                var row = column < count ? filters.Row(first + column) : null;
                for (var input = begin; input < end; input++) packed[input * Width + column] = row == null ? 0 : row[input];
            }
        }
    }

    void Answer(Panel panel, int count, float* packed)
    {
        var (width, inputs, feature) =
            (filters[panel.Filters].Width, filters[panel.Filters].Inputs, filters[panel.Filters].Feature + panel.First);
        var perText = texts.Windows(width);
        var known = Known(panel, perText);
        float* tile = stackalloc float[PackedMatrix.TileSize], best = stackalloc float[Width], bestOfShared = stackalloc float[Width];
        int* at = stackalloc int[Width], atOfShared = stackalloc int[Width];
        var windows = stackalloc (int Text, int Place)[PackedMatrix.TileRows];
        var (text, place) = (0, 0);
        while (text < panel.Texts)
        {
            var filled = 0;
            for (; filled < PackedMatrix.TileRows && text < panel.Texts; filled++)
            {
                windows[filled] = (text, place);
                if (++place < perText) continue;
                while (++text < panel.Texts && known[text] == perText) { }
                place = text < panel.Texts ? known[text] : 0;
            }
            float* x0 = Window(0), x1 = Window(1), x2 = Window(2), x3 = Window(3);
            if (Processor.HasWideVectors) MatrixTile.Multiply512(packed + Width, packed, inputs, x0, x1, x2, x3, tile);
            else MatrixTile.Multiply256(packed + Width, packed, inputs, x0, x1, x2, x3, tile);
            for (var i = 0; i < filled; i++) Take(tile + i * Width, windows[i].Text, windows[i].Place);

            float* Window(int row) =>
                texts.At(panel.FirstText + windows[Math.Min(row, filled - 1)].Text, windows[Math.Min(row, filled - 1)].Place);
        }

        void Take(float* answers, int of, int window)
        {
            if (window == known[of] && window > 0) Copy(bestOfShared, atOfShared, best, at);
            if (window == 0) Begin(answers, best, at);
            else Compare(answers, window, best, at);
            var next = of + 1 < panel.Texts ? known[of + 1] : 0;
            if (window + 1 == next && next != known[of]) Copy(best, at, bestOfShared, atOfShared);
            if (window < perText - 1) return;
            do Write(panel.FirstText + of); // a text that is wholly as the one before it has the same answers
            while (++of < panel.Texts && known[of] == perText);
        }

        void Write(int of)
        {
            var target = (long)of * features + feature;
            new ReadOnlySpan<float>(best, count).CopyTo(new(strongest + target, count));
            new ReadOnlySpan<int>(at, count).CopyTo(new(places + target, count));
        }
    }

    /// <summary>How many of a text's windows, from the first on, the text before it in the panel has answered and remembered.</summary>
    int[] Known(Panel panel, int perText)
    {
        var width = filters[panel.Filters].Width;
        var known = new int[panel.Texts];
        for (var text = 1; text < panel.Texts; text++)
        {
            var windows = Math.Clamp(shared[panel.FirstText + text] - width + 1, 0, perText);
            // One place is remembered. A text that itself began behind a later one has not passed it.
            known[text] = windows < known[text - 1] ? 0 : windows;
        }
        return known;
    }

    static void Copy(float* best, int* at, float* toBest, int* toAt)
    {
        new ReadOnlySpan<float>(best, Width).CopyTo(new(toBest, Width));
        new ReadOnlySpan<int>(at, Width).CopyTo(new(toAt, Width));
    }

    static void Begin(float* answers, float* best, int* at)
    {
        new ReadOnlySpan<float>(answers, Width).CopyTo(new(best, Width));
        new Span<int>(at, Width).Clear();
    }

    static void Compare(float* answers, int place, float* best, int* at)
    {
        var here = new Vector<int>(place);
        for (var i = 0; i < Width; i += Vector<float>.Count)
        {
            var (answer, before) = (Vector.Load(answers + i), Vector.Load(best + i));
            // Not at most as strong, which NaN never is, and no NaN before.
            var stronger = Vector.AndNot(Vector.Equals(before, before), Vector.LessThanOrEqual(answer, before));
            Vector.ConditionalSelect(stronger, answer, before).Store(best + i);
            Vector.ConditionalSelect(stronger, here, Vector.Load(at + i)).Store(at + i);
        }
    }
}
