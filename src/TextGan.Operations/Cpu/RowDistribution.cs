using System.Numerics;
using System.Runtime.InteropServices;

namespace TextGan.Operations.Cpu;

/// <summary>
/// The distribution over V tokens that one row of logits gives, in plain arrays that stay in the processor's cache. It is loaded for one
/// row after another; the weights e^((x - max)/temperature) are not divided by their sum.
/// </summary>
sealed class RowDistribution(int vocabularySize)
{
    /// <summary>Weights are summed in blocks, so that a draw walks over block sums and then over one block.</summary>
    const int BlockSize = 256;

    readonly float[] weights = new float[vocabularySize];
    readonly float[] scratch = new float[vocabularySize];
    readonly double[] blockSums = new double[(vocabularySize + BlockSize - 1) / BlockSize];
    double total;

    /// <summary>Takes a row over. <paramref name="logits"/> [V].</summary>
    public void Load(ReadOnlySpan<float> logits, float temperature)
    {
        var inverse = new Vector<float>(1 / temperature);
        var largest = new Vector<float>(Largest(logits));
        var source = MemoryMarshal.Cast<float, Vector<float>>(logits);
        var target = MemoryMarshal.Cast<float, Vector<float>>(weights.AsSpan());
        for (var i = 0; i < source.Length; i++) target[i] = FastExp.Of((source[i] - largest) * inverse);
        for (var i = source.Length * Vector<float>.Count; i < logits.Length; i++) weights[i] =
            MathF.Exp((logits[i] - largest[0]) * inverse[0]);
        Sum();
    }

    /// <summary>Leaves the <paramref name="count"/> &lt; V largest; of equal ones the first.</summary>
    public void KeepTop(int count)
    {
        // Twice as many candidates as are wanted are gathered, then halved: most weights are skipped by one comparison.
        var candidates = scratch.AsSpan(0, Math.Min(2 * count, weights.Length));
        var (filled, floor) = (0, -1f);
        foreach (var weight in weights)
        {
            if (weight <= floor) continue;
            candidates[filled++] = weight;
            if (filled < candidates.Length) continue;
            floor = Select(candidates, count).Level;
            filled = count;
        }
        var (level, above) = Select(candidates[..filled], count);
        Cut(level, count - above);
    }

    /// <summary>
    /// Leaves the largest that have the share <paramref name="p"/> of the total together, at least one; of equal ones the first.
    /// </summary>
    public void KeepNucleus(double p)
    {
        // Weights below this have less than the share 1 - p together, so that none of them is needed.
        var floor = (float)((1 - p) * total / weights.Length * 0.999);
        var filled = 0;
        foreach (var weight in weights)
            if (weight >= floor) scratch[filled++] = weight;

        var rest = scratch.AsSpan(0, filled);
        var wanted = p * total;
        while (rest.Length > 0) // quickselect by weight: the weight `wanted` is still to be found in `rest`
        {
            var pivot = MiddleOf(rest);
            var (above, level) = Partition(rest, pivot);
            double weightAbove = 0;
            foreach (var weight in rest[..above]) weightAbove += weight;
            var weightDownToPivot = weightAbove + level * (double)pivot;
            if (above > 0 && wanted <= weightAbove) rest = rest[..above];
            else if (wanted <= weightDownToPivot)
            {
                Cut(pivot, (int)Math.Clamp(Math.Ceiling((wanted - weightAbove) / pivot), 1, level));
                return;
            }
            else
            {
                rest = rest[(above + level)..];
                wanted -= weightDownToPivot;
            }
        }
        // Rounding asked for more than there is: everything stays.
    }

    /// <summary>The token at <paramref name="uniform"/> in [0,1) of the distribution function, never one of weight 0.</summary>
    public int Draw(double uniform)
    {
        var left = uniform * total;
        var block = 0;
        for (; block < blockSums.Length - 1 && left >= blockSums[block]; block++) left -= blockSums[block];
        while (block > 0 && blockSums[block] == 0) block--; // rounding may have led past the last weight
        var (begin, end) = (block * BlockSize, Math.Min((block + 1) * BlockSize, weights.Length));
        var last = begin;
        for (var i = begin; i < end; i++)
        {
            if (weights[i] == 0) continue;
            last = i;
            left -= weights[i];
            if (left < 0) break;
        }
        return last;
    }

    /// <summary>The natural logarithm of a token's probability.</summary>
    public float LogProbability(int token) => (float)Math.Log(weights[token] / total);

    /// <summary>The largest of <paramref name="values"/>.</summary>
    public static float Largest(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var largest = float.NegativeInfinity;
        if (vectors.Length > 0)
        {
            var lanes = vectors[0];
            foreach (var vector in vectors) lanes = Vector.MaxNative(lanes, vector);
            for (var lane = 0; lane < Vector<float>.Count; lane++) largest = MathF.Max(largest, lanes[lane]);
        }
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..]) largest = MathF.Max(largest, value);
        return largest;
    }

    /// <summary>The place of the first of the largest <paramref name="values"/>; 0 where they are NaN.</summary>
    public static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        var largest = Largest(values);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var skipped = 0;
        while (skipped < vectors.Length && !Vector.EqualsAny(vectors[skipped], new(largest))) skipped++;
        var begin = skipped * Vector<float>.Count;
        return Math.Max(0, begin + values[begin..].IndexOf(largest));
    }

    /// <summary>Leaves weights above <paramref name="level"/> and the first <paramref name="places"/> that equal it.</summary>
    void Cut(float level, int places)
    {
        for (var i = 0; i < weights.Length; i++)
            if (weights[i] < level || (weights[i] == level && --places < 0)) weights[i] = 0;
        Sum();
    }

    void Sum()
    {
        total = 0;
        for (var block = 0; block < blockSums.Length; block++)
        {
            var span = weights.AsSpan(block * BlockSize, Math.Min(BlockSize, weights.Length - block * BlockSize));
            var vectors = MemoryMarshal.Cast<float, Vector<float>>(span);
            var lanes = Vector<float>.Zero;
            foreach (var vector in vectors) lanes += vector;
            double sum = Vector.Sum(lanes);
            foreach (var weight in span[(vectors.Length * Vector<float>.Count)..]) sum += weight;
            total += blockSums[block] = sum;
        }
    }

    /// <summary>
    /// Quickselect: puts the <paramref name="count"/> largest of <paramref name="values"/> first. Gives the least of these and how many of
    /// the values are above it.
    /// </summary>
    static (float Level, int Above) Select(Span<float> values, int count)
    {
        var (begin, end) = (0, values.Length);
        while (true)
        {
            var pivot = MiddleOf(values[begin..end]);
            var (above, level) = Partition(values[begin..end], pivot);
            if (count <= begin + above) end = begin + above;
            else if (count <= begin + above + level) return (pivot, begin + above);
            else begin += above + level;
        }
    }

    static float MiddleOf(Span<float> values)
    {
        var (a, b, c) = (values[0], values[values.Length / 2], values[^1]);
        return MathF.Max(MathF.Min(a, b), MathF.Min(MathF.Max(a, b), c));
    }

    /// <summary>Puts values above the pivot first, then those that equal it; gives how many there are of each.</summary>
    static (int Above, int Level) Partition(Span<float> values, float pivot)
    {
        var (above, next, below) = (0, 0, values.Length);
        while (next < below)
        {
            if (values[next] > pivot)
            {
                (values[above], values[next]) = (values[next], values[above]);
                above++;
                next++;
            }
            else if (values[next] == pivot) next++;
            else
            {
                below--;
                (values[next], values[below]) = (values[below], values[next]);
            }
        }
        return (above, below - above);
    }
}
