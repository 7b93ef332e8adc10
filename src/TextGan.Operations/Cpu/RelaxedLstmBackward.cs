using TextGan.Native;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// The way back from <see cref="RelaxedLstmForward"/>. Threads share the texts first, which gives the gradients of logits, gates and what
/// was read;
/// then the words, whose sums over all positions run in the order of the texts whoever makes them.
/// </summary>
sealed unsafe class RelaxedLstmBackward(Tensor[] parts, Tensor ids, Tensor soft, Tensor read, Tensor states, Tensor memory,
    RelaxedTexts texts)
{
    /// <summary>Positions whose logits' gradients a thread takes for some words at once: so many lines stay in the nearest cache.</summary>
    const int PositionsAtOnce = 64;

    /// <summary>Words of one item of work at most, and of what it is a multiple.</summary>
    const int WordsAtOnce = 512, WordStep = 64;

    readonly int batch = texts.Batch, length = texts.Length, vocabulary = (int)parts[4].shape[0], embedding = (int)parts[0].shape[1],
        hidden = (int)parts[2].shape[1];

    bool IsHard => texts.StraightThrough;

    /// <summary>The gradient of what was shown [B,T,V] → those of the parts; null where none is wanted.</summary>
    public Tensor?[] Run(Tensor incoming)
    {
        var ofLogits = empty(batch, length, vocabulary);
        var ofGates = empty(batch, length, 4 * hidden);
        var ofRead = empty(batch, length, embedding);
        var tableTransposed = Transposed.Of(parts[0]); // [E,V]
        var pointers = new Pointers(CpuLoop.Floats(incoming), CpuLoop.Floats(soft), CpuLoop.Floats(memory), CpuLoop.Floats(ofLogits),
            CpuLoop.Floats(ofGates), CpuLoop.Floats(ofRead),
            CpuLoop.Floats(tableTransposed), CpuLoop.Floats(parts[1]), CpuLoop.Floats(parts[2]), CpuLoop.Floats(parts[4]));
        texts.Share((first, count) => RunTexts(pointers, first, count));

        // What was drawn at a position is read at the next.
        var ofNext = cat([ofRead.narrow(1, 1, length - 1), zeros(batch, 1, embedding)], 1); // [B,T,E]
        var before = cat([zeros(batch, 1, hidden), states.narrow(1, 0, length - 1)], 1); // [B,T,H]
        var rows = batch * length;
        var ofTable = parts[0].requires_grad ? zeros_like(parts[0]) : null;
        var ofHead = parts[4].requires_grad ? zeros_like(parts[4]) : null;
        var ofHeadBias = parts[5].requires_grad ? zeros_like(parts[5]) : null;
        OfWords(ofTable, ofHead, ofHeadBias, ofLogits, ofNext);
        if (ofTable is not null) OfReadRows(CpuLoop.Floats(ofTable), CpuLoop.Floats(ofRead), CpuLoop.Integers(ids));
        return
        [
            ofTable,
            parts[1].requires_grad ? MatrixProduct.OfTransposed(4 * hidden, embedding, rows, ofGates, read) : null,
            parts[2].requires_grad ? MatrixProduct.OfTransposed(4 * hidden, hidden, rows, ofGates, before) : null,
            parts[3].requires_grad ? ofGates.view(rows, 4 * hidden).sum([0L]) : null,
            ofHead,
            ofHeadBias,
        ];
    }

    readonly struct Pointers(float* incoming, float* soft, float* memory, float* ofLogits, float* ofGates, float* ofRead,
        float* tableTransposed, float* inputWeight, float* hiddenWeight, float* headWeight)
    {
        public readonly float* Incoming = incoming, Soft = soft, Memory = memory, OfLogits = ofLogits, OfGates = ofGates, OfRead = ofRead;
        public readonly float* TableTransposed = tableTransposed, InputWeight = inputWeight, HiddenWeight = hiddenWeight,
            HeadWeight = headWeight;
    }

    /// <summary>Some texts from the last position to the first.</summary>
    void RunTexts(Pointers pointers, int first, int count)
    {
        using var buffer = new Scratch((long)count * 3 * hidden);
        // [count,H] each
        float* ofState = buffer.Numbers, ofHidden = ofState + (long)count * hidden, ofCell = ofHidden + (long)count * hidden;
        new Span<float>(buffer.Numbers, count * 3 * hidden).Clear();
        float* Place(float* of, int t, int width) => of + ((long)first * length + t) * width;

        for (var t = length - 1; t >= 0; t--)
        {
            var logits = Place(pointers.OfLogits, t, vocabulary);
            if (t < length - 1)
                MatrixProduct.Single(count, vocabulary, embedding, Place(pointers.OfRead, t + 1, embedding), (long)length * embedding, 1,
                    pointers.TableTransposed, vocabulary, logits, (long)length * vocabulary, false);
            for (var row = 0; row < count; row++)
            {
                var offset = (((long)first + row) * length + t) * vocabulary;
                var incoming = new ReadOnlySpan<float>(pointers.Incoming + offset, vocabulary);
                var target = new Span<float>(pointers.OfLogits + offset, vocabulary);
                if (t < length - 1) RowSum.Add(target, incoming);
                GumbelRow.Gradient(new(pointers.Soft + offset, vocabulary), t < length - 1 ? target
                    : incoming, target, 1 / (float)texts.Temperature);
            }
            MatrixProduct.Single(count, hidden, vocabulary, logits, (long)length * vocabulary, 1, pointers.HeadWeight, hidden, ofState,
                hidden, false);
            for (var row = 0; row < count; row++)
            {
                var place = ((long)first + row) * length + t;
                LstmCell.Backward(pointers.Memory + place * 6 * hidden, t == 0 ? null
                    : pointers.Memory + (place - 1) * 6 * hidden + 4 * hidden, ofState + (long)row * hidden,
                    ofHidden + (long)row * hidden, ofCell + (long)row * hidden, pointers.OfGates + place * 4 * hidden, hidden);
            }
            var gates = Place(pointers.OfGates, t, 4 * hidden);
            MatrixProduct.Single(count, embedding, 4 * hidden, gates, (long)length * 4 * hidden, 1, pointers.InputWeight, embedding,
                Place(pointers.OfRead, t, embedding), (long)length * embedding, false);
            if (t > 0)
                MatrixProduct.Single(count, hidden, 4 * hidden, gates, (long)length * 4 * hidden, 1, pointers.HiddenWeight, hidden,
                    ofHidden, hidden, false);
        }
    }

    /// <summary>
    /// Adds the gradients of rows of the table that were read as they stand: the start's, and each drawn token's where the hard ones are
    /// fed back.
    /// A loop of its own: an exception of LibTorch could not pass from here to the caller.
    /// </summary>
    void OfReadRows(float* table, float* ofRead, long* drawn)
    {
        for (var text = 0; text < batch; text++)
            for (var t = 0; t < (IsHard ? length : 1); t++)
            {
                var place = (long)text * length + t;
                var id = t == 0 ? texts.StartId : drawn[place - 1];
                RowSum.Add(new(table + id * embedding, embedding), new(ofRead + place * embedding, embedding));
            }
    }

    /// <summary>Adds what all positions mean for the rows of table and head.</summary>
    void OfWords(Tensor? ofTable, Tensor? ofHead, Tensor? ofHeadBias, Tensor ofLogits, Tensor ofNext)
    {
        var (logits, shown, next, state) =
            ((nint)CpuLoop.Floats(ofLogits), (nint)CpuLoop.Floats(soft), (nint)CpuLoop.Floats(ofNext), (nint)CpuLoop.Floats(states));
        var (table, head, bias) = (Of(ofTable), Of(ofHead), Of(ofHeadBias));
        var rows = batch * length;
        RowBlocks.Run(vocabulary, WordsAtOnce, WordStep, ThreadTeam.Size, (begin, end) =>
        {
            var words = end - begin;
            for (var first = 0; first < rows; first += PositionsAtOnce)
            {
                var (count, offset) = (Math.Min(PositionsAtOnce, rows - first), (long)first * vocabulary + begin);
                if (head != 0)
                    MatrixProduct.Single(words, hidden, count, (float*)logits + offset, 1, vocabulary, (float*)state + (long)first * hidden,
                        hidden, (float*)head + (long)begin * hidden, hidden, true);
                if (table != 0 && !IsHard)
                    MatrixProduct.Single(words, embedding, count, (float*)shown + offset, 1, vocabulary,
                        (float*)next + (long)first * embedding, embedding, (float*)table + (long)begin * embedding, embedding, true);
                if (bias == 0) continue;
                for (var row = 0; row < count; row++) RowSum.Add(
                    new((float*)bias + begin, words), new((float*)logits + offset + (long)row * vocabulary, words));
            }
        });

        static nint Of(Tensor? tensor) => tensor is null ? 0 : (nint)CpuLoop.Floats(tensor);
    }
}
