using System.Numerics;
using System.Runtime.CompilerServices;

namespace TextGan.Operations.Cpu;

/// <summary>One position of one text of an LSTM layer, forward and backward.</summary>
static unsafe class LstmCell
{
    /// <summary>
    /// Forward and backward read whole vectors of each of their rows; the rest of a row that is no whole vector goes through copies.
    /// </summary>
    static int Lanes => Vector<float>.Count;

    /// <summary>c' = σ(f)·c + σ(i)·tanh(g), h' = σ(o)·tanh(c').</summary>
    /// <param name="gates">i, f, g, o before squashing [4H].</param>
    /// <param name="cell">c, replaced by c' [H].</param>
    /// <param name="state">h' [H].</param>
    /// <param name="memory">Null, or where i, f, g, o after squashing, c' and tanh c' go [6H].</param>
    /// <param name="hidden">H.</param>
    public static void Forward(float* gates, float* cell, float* state, float* memory, int hidden)
    {
        for (var unit = 0; unit < hidden; unit += Lanes)
        {
            var count = Math.Min(Lanes, hidden - unit);
            var i = FastSigmoid.Sigmoid(Load(gates + unit, count));
            var f = FastSigmoid.Sigmoid(Load(gates + hidden + unit, count));
            var g = FastSigmoid.Tanh(Load(gates + 2 * hidden + unit, count));
            var o = FastSigmoid.Sigmoid(Load(gates + 3 * hidden + unit, count));
            var next = f * Load(cell + unit, count) + i * g;
            var shown = FastSigmoid.Tanh(next);
            Store(next, cell + unit, count);
            Store(o * shown, state + unit, count);
            if (memory == null) continue;
            Store(i, memory + unit, count);
            Store(f, memory + hidden + unit, count);
            Store(g, memory + 2 * hidden + unit, count);
            Store(o, memory + 3 * hidden + unit, count);
            Store(next, memory + 4 * hidden + unit, count);
            Store(shown, memory + 5 * hidden + unit, count);
        }
    }

    /// <summary>The gradients of the four gates before squashing.</summary>
    /// <param name="memory">What <see cref="Forward"/> left [6H].</param>
    /// <param name="before">The cell state before this position [H], or null for zeros.</param>
    /// <param name="gradient">Of the loss in this position's state, from above [H].</param>
    /// <param name="ofHidden">The same from the next position [H].</param>
    /// <param name="ofCell">Of the loss in this position's cell state from the next one; replaced by that for the one before [H].</param>
    /// <param name="gates">Where the result goes [4H].</param>
    /// <param name="hidden">H.</param>
    public static void Backward(float* memory, float* before, float* gradient, float* ofHidden, float* ofCell, float* gates, int hidden)
    {
        var one = Vector<float>.One;
        for (var unit = 0; unit < hidden; unit += Lanes)
        {
            var count = Math.Min(Lanes, hidden - unit);
            var (i, f, g, o) = (Load(memory + unit, count), Load(memory + hidden + unit, count), Load(memory + 2 * hidden + unit, count),
                Load(memory + 3 * hidden + unit, count));
            var shown = Load(memory + 5 * hidden + unit, count);
            var above = Load(gradient + unit, count) + Load(ofHidden + unit, count);
            var cell = Load(ofCell + unit, count) + above * o * (one - shown * shown);
            var old = before == null ? Vector<float>.Zero : Load(before + unit, count);
            Store(cell * g * i * (one - i), gates + unit, count);
            Store(cell * old * f * (one - f), gates + hidden + unit, count);
            Store(cell * i * (one - g * g), gates + 2 * hidden + unit, count);
            Store(above * shown * o * (one - o), gates + 3 * hidden + unit, count);
            Store(cell * f, ofCell + unit, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<float> Load(float* from, int count) => count == Lanes ? Vector.Load(from) : LoadPart(from, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector<float> values, float* to, int count)
    {
        if (count == Lanes) Vector.Store(values, to);
        else StorePart(values, to, count);
    }

    static Vector<float> LoadPart(float* from, int count)
    {
        Span<float> whole = stackalloc float[Lanes];
        new ReadOnlySpan<float>(from, count).CopyTo(whole);
        return new(whole);
    }

    static void StorePart(Vector<float> values, float* to, int count)
    {
        Span<float> whole = stackalloc float[Lanes];
        values.CopyTo(whole);
        whole[..count].CopyTo(new(to, count));
    }
}
