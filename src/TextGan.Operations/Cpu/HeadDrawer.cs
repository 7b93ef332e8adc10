using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Draws from softmax((features·Wᵀ + b) / temperature) without a table of logits: of each row and each panel of the vocabulary only the sum
/// of the weights is kept, taken while the product is in the nearest cache. A draw picks a panel by these sums, works its logits out once
/// more and picks a token.
/// </summary>
sealed unsafe class HeadDrawer
{
    /// <summary>Rows of a block: the head is read from memory once for each.</summary>
    const int BlockRows = 32;

    readonly PackedMatrix head;
    readonly nint weightAt;
    readonly float inverse;

    HeadDrawer(LinearHead of, float temperature)
    {
        head = new PackedMatrix(of.Weight, of.Bias, padding: float.NegativeInfinity);
        weightAt = (nint)CpuLoop.Floats(of.Weight);
        inverse = 1 / temperature;
    }

    public static bool Supports(LinearHead head) => PackedMatrix.Supports(head.Weight) && PackedMatrix.Supports(head.Features);

    /// <summary>
    /// The same drawer as before, if it has this head's weights. They are known by their place in memory: a layer may hand out ever new
    /// objects for them.
    /// </summary>
    public static HeadDrawer For(LinearHead head, float temperature, HeadDrawer? before) =>
        before?.weightAt == (nint)CpuLoop.Floats(head.Weight) ? before : new HeadDrawer(head, temperature);

    /// <summary>Features [B,F], uniform numbers [B,N] → tokens and log-probabilities [B,N].</summary>
    public DrawnTokens Draw(Tensor features, Tensor uniform)
    {
        using var scope = NewDisposeScope();
        features = features.contiguous();
        uniform = uniform.contiguous();
        var (rows, draws) = ((int)uniform.shape[0], (int)uniform.shape[1]);
        var tokens = empty([rows, draws], ScalarType.Int64);
        var logProbabilities = empty([rows, draws], ScalarType.Float32);
        fixed (byte* x = features.bytes, u = uniform.bytes, t = tokens.bytes, l = logProbabilities.bytes)
        {
            var (source, numbers, target, log) = ((nint)x, (nint)u, (nint)t, (nint)l);
            var threads = MatrixProduct.Threads(rows, head.Outputs, head.Inputs);
            RowBlocks.Run(rows, BlockRows, PackedMatrix.TileRows, threads, (begin, end) =>
            {
                var block = (float*)source + (long)begin * head.Inputs;
                var panels = new Panel[BlockRows * head.Panels];
                Sum(block, end - begin, panels);
                for (var row = begin; row < end; row++)
                    DrawRow(block + (long)(row - begin) * head.Inputs, panels.AsSpan((row - begin) * head.Panels, head.Panels),
                        new((float*)numbers + (long)row * draws, draws), new((long*)target + (long)row * draws, draws),
                            new((float*)log + (long)row * draws, draws));
            });
        }
        return new DrawnTokens(tokens.MoveToOuterDisposeScope(), logProbabilities.MoveToOuterDisposeScope());
    }

    /// <summary>Fills <paramref name="panels"/> [rows, panels].</summary>
    void Sum(float* x, int rows, Span<Panel> panels)
    {
        var tile = stackalloc float[PackedMatrix.TileSize];
        for (var number = 0; number < head.Panels; number++)
            for (var row = 0; row < rows; row += PackedMatrix.TileRows)
            {
                Tile(number, x, row, rows, tile);
                for (var i = 0; i < Math.Min(PackedMatrix.TileRows, rows - row); i++)
                {
                    var at = (row + i) * head.Panels + number;
                    panels[at] = Sum(Logits(tile + i * PackedMatrix.PanelWidth), number == 0 ? float.MinValue : panels[at - 1].Level);
                }
            }
    }

    /// <summary>
    /// The weights e^((x - level)/temperature) of a panel, with the level of the panel before unless a logit is above it.
    /// </summary>
    Panel Sum(ReadOnlySpan<Vector<float>> logits, float level)
    {
        var largest = logits[0];
        foreach (var vector in logits) largest = Vector.MaxNative(largest, vector);
        if (Vector.GreaterThanAny(largest, new(level)))
            for (var lane = 0; lane < Vector<float>.Count; lane++) level = MathF.Max(level, largest[lane]);
        var (origin, scale, sum) = (new Vector<float>(level), new Vector<float>(inverse), Vector<float>.Zero);
        foreach (var vector in logits) sum += FastExp.Of((vector - origin) * scale);
        return new Panel(level, Vector.Sum(sum));
    }

    void DrawRow(float* x, ReadOnlySpan<Panel> panels, ReadOnlySpan<float> uniform, Span<long> tokens, Span<float> log)
    {
        // Levels never fall from one panel to the next, so that the last one's is the highest.
        var highest = panels[^1].Level;
        double total = 0;
        foreach (var panel in panels) total += Weight(panel, highest);
        var logTotal = Math.Log(total);
        var tile = stackalloc float[PackedMatrix.TileSize];
        for (var draw = 0; draw < tokens.Length; draw++)
        {
            var left = uniform[draw] * total;
            var (number, last) = (0, 0);
            for (; number < panels.Length; number++)
            {
                var weight = Weight(panels[number], highest);
                if (weight > 0) last = number;
                if (left < weight) break;
                left -= weight;
            }
            number = last; // rounding may lead past the last panel with a weight
            head.Row(number, new(x, head.Inputs), new(tile, PackedMatrix.TileSize));
            var place = Pick(new(tile, PackedMatrix.PanelWidth), highest, left);
            tokens[draw] = Math.Min(number * PackedMatrix.PanelWidth + place, head.Outputs - 1); // beyond only where logits are NaN
            log[draw] = (float)(((double)tile[place] - highest) * inverse - logTotal);
        }
    }

    double Weight(Panel panel, float highest) => panel.Level == highest ? panel.Sum
        : panel.Sum * Math.Exp(((double)panel.Level - highest) * inverse);

    /// <summary>
    /// The place where the running sum of weights passes <paramref name="left"/>; never one of weight 0 if any other is there.
    /// </summary>
    int Pick(ReadOnlySpan<float> logits, float highest, double left)
    {
        var last = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            var weight = Math.Exp(((double)logits[i] - highest) * inverse);
            if (weight == 0) continue;
            last = i;
            left -= weight;
            if (left < 0) break;
        }
        return last;
    }

    /// <summary>Four rows from <paramref name="row"/> on; the last one stands in for those that are not there.</summary>
    void Tile(int number, float* x, int row, int rows, float* tile)
    {
        float* Row(int wanted) => x + (long)Math.Min(wanted, rows - 1) * head.Inputs;
        head.Tile(number, Row(row), Row(row + 1), Row(row + 2), Row(row + 3), tile);
    }

    static ReadOnlySpan<Vector<float>> Logits(float* tile) =>
        MemoryMarshal.Cast<float, Vector<float>>(new ReadOnlySpan<float>(tile, PackedMatrix.PanelWidth));

    /// <param name="Level">What was subtracted from the logits.</param>
    /// <param name="Sum">Σ e^((x - level)/temperature).</param>
    readonly record struct Panel(float Level, float Sum);
}
