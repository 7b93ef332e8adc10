using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// The loops that draw relaxed texts (<see cref="RelaxedLstmFunction"/>). Valid while the tensors and the scope in which it was made are.
/// </summary>
sealed unsafe class RelaxedLstmForward
{
    readonly RelaxedTexts texts;
    readonly float* table, inputWeight, hiddenWeight, bias, headWeight, headBias; // [V,E], [E,4H], [H,4H], [4H], [H,V], [V]
    readonly int vocabulary, embedding, hidden;
    readonly long seed; // drawn here: drawn by the loop's threads, it would depend on which of them comes first

    /// <param name="parts">Embedding, W_ih, W_hh, the sum of both biases, head and its bias.</param>
    /// <param name="texts">What to draw.</param>
    public RelaxedLstmForward(Tensor[] parts, RelaxedTexts texts)
    {
        (this.texts, seed) = (texts, texts.Seed);
        (vocabulary, embedding, hidden) = ((int)parts[4].shape[0], (int)parts[0].shape[1], (int)parts[2].shape[1]);
        table = CpuLoop.Floats(parts[0]);
        inputWeight = FloatsOfTransposed(parts[1]);
        hiddenWeight = FloatsOfTransposed(parts[2]);
        bias = CpuLoop.Floats(parts[3]);
        headWeight = FloatsOfTransposed(parts[4]);
        headBias = CpuLoop.Floats(parts[5]);
    }

    static float* FloatsOfTransposed(Tensor weight) => CpuLoop.Floats(Transposed.Of(weight));

    /// <summary>Fills all of them.</summary>
    /// <param name="ids">[B,T] int64.</param>
    /// <param name="soft">y [B,T,V].</param>
    /// <param name="hard">Null where y is shown; else zeros [B,T,V] that become one-hot.</param>
    /// <param name="read">What the layer reads at each position, [B,T,E].</param>
    /// <param name="states">[B,T,H].</param>
    /// <param name="memory">What <see cref="LstmCell"/> keeps, [B,T,6H].</param>
    public void Run(Tensor ids, Tensor soft, Tensor? hard, Tensor read, Tensor states, Tensor memory)
    {
        var target = new Target(CpuLoop.Integers(ids), CpuLoop.Floats(soft), hard is null ? null
            : CpuLoop.Floats(hard), CpuLoop.Floats(read), CpuLoop.Floats(states), CpuLoop.Floats(memory));
        texts.Share((first, count) => RunTexts(target, first, count));
    }

    readonly struct Target(long* ids, float* soft, float* hard, float* read, float* states, float* memory)
    {
        public readonly long* Ids = ids;
        public readonly float* Soft = soft, Hard = hard, Read = read, States = states, Memory = memory;
    }

    void RunTexts(Target target, int first, int count)
    {
        var length = texts.Length;
        using var buffer = new Scratch((long)count * 5 * hidden);
        float* gates = buffer.Numbers, cells = buffer.Numbers + (long)count * 4 * hidden; // [count,4H], [count,H]
        new Span<float>(cells, count * hidden).Clear();
        Span<bool> ended = stackalloc bool[count];
        // of the first text; the next is length·width further
        float* Place(float* of, int t, int width) => of + ((long)first * length + t) * width;

        for (var row = 0; row < count; row++) Row(table, texts.StartId, embedding)
            .CopyTo(new(Place(target.Read, 0, embedding) + (long)row * length * embedding, embedding));
        for (var t = 0; t < length; t++)
        {
            for (var row = 0; row < count; row++) new ReadOnlySpan<float>(bias, 4 * hidden)
                .CopyTo(new(gates + (long)row * 4 * hidden, 4 * hidden));
            MatrixProduct.Single(count, 4 * hidden, embedding, Place(target.Read, t, embedding), (long)length * embedding, 1, inputWeight,
                4 * hidden, gates, 4 * hidden, true);
            if (t > 0)
                MatrixProduct.Single(count, 4 * hidden, hidden, Place(target.States, t - 1, hidden), (long)length * hidden, 1, hiddenWeight,
                    4 * hidden, gates, 4 * hidden, true);
            for (var row = 0; row < count; row++)
            {
                var place = ((long)first + row) * length + t;
                LstmCell.Forward(gates + (long)row * 4 * hidden, cells + (long)row * hidden, target.States + place * hidden,
                    target.Memory + place * 6 * hidden, hidden);
                new ReadOnlySpan<float>(headBias, vocabulary).CopyTo(new(target.Soft + place * vocabulary, vocabulary));
            }
            MatrixProduct.Single(count, vocabulary, hidden, Place(target.States, t, hidden), (long)length * hidden, 1, headWeight,
                vocabulary, Place(target.Soft, t, vocabulary), (long)length * vocabulary, true);
            for (var row = 0; row < count; row++) ended[row] = Draw(target, first + row, t, ended[row]);
            if (t == length - 1) return;
            if (target.Hard == null)
                MatrixProduct.Single(count, embedding, vocabulary, Place(target.Soft, t, vocabulary), (long)length * vocabulary, 1, table,
                    embedding, Place(target.Read, t + 1, embedding), (long)length * embedding, false);
            else
                for (var row = 0; row < count; row++)
                {
                    var place = ((long)first + row) * length + t;
                    Row(table, target.Ids[place], embedding).CopyTo(new(target.Read + (place + 1) * embedding, embedding));
                }
        }
    }

    /// <summary>
    /// The softmax where the logits stand; after its end a text is the end token for certain. Gives whether the text has ended with this
    /// position.
    /// </summary>
    bool Draw(Target target, int text, int t, bool ended)
    {
        var place = (long)text * texts.Length + t;
        var y = new Span<float>(target.Soft + place * vocabulary, vocabulary);
        var token = texts.EndId ?? -1;
        if (ended)
        {
            y.Clear();
            y[token] = 1;
        }
        else token = GumbelRow.Draw(y, y, (float)texts.Temperature, new GumbelNoise(seed, (long)t * texts.Batch + text));
        target.Ids[place] = token;
        if (target.Hard != null) target.Hard[place * vocabulary + token] = 1;
        return ended || token == texts.EndId;
    }

    static ReadOnlySpan<float> Row(float* table, long id, int width) => new(table + id * width, width);
}
