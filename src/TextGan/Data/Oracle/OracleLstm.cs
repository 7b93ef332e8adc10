using System.Globalization;

namespace TextGan.Data.Oracle;

/// <summary>
/// The oracle of SeqGAN's synthetic experiments (1609.05473, section 5.1): an LSTM language model with random weights that makes
/// texts of a fixed number of tokens and gives their exact probability. The cell is
/// i, f, o = σ(xW + hU + b); g = tanh(xWc + hUc + bc); c' = f c + i g; h' = o tanh(c'); logits = h' Wout + bout.
/// Runs on the CPU in float32. It owns its weights.
/// </summary>
public sealed class OracleLstm : IExactSource, IDisposable
{
    const int Rows = 512;
    readonly OracleWeights weights;
    readonly int length;
    readonly int startToken;
    readonly Tensor inputWeights;  // [E,4H], gates in the order i, f, o, c
    readonly Tensor stateWeights;  // [H,4H]
    readonly Tensor biases;        // [4H]

    /// <param name="weights">The parameters; the oracle disposes of them.</param>
    /// <param name="length">T: number of tokens of every text.</param>
    /// <param name="startToken">The id that is read before the first token.</param>
    public OracleLstm(OracleWeights weights, int length, int startToken = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(startToken, weights.Vocabulary);
        (this.weights, this.length, this.startToken) = (weights, length, startToken);
        inputWeights = cat([weights["Wi"], weights["Wf"], weights["Wo"], weights["Wc"]], 1).DetachFromDisposeScope();
        stateWeights = cat([weights["Ui"], weights["Uf"], weights["Uo"], weights["Uc"]], 1).DetachFromDisposeScope();
        biases = cat([weights["bi"], weights["bf"], weights["bo"], weights["bc"]], 0).DetachFromDisposeScope();
    }

    /// <summary>V: number of token ids.</summary>
    public int Vocabulary => weights.Vocabulary;

    /// <summary>T: number of tokens of every text.</summary>
    public int Length => length;

    /// <summary>An oracle decides probabilities alone.</summary>
    public IReadOnlyList<string> Attributes => [];

    /// <exception cref="ArgumentException">Always: an oracle has no attributes.</exception>
    public IReadOnlyList<bool> Judge(string attribute, IReadOnlyList<string> texts) =>
        throw new ArgumentException($"An LSTM oracle has no attribute '{attribute}'; it has none.", nameof(attribute));

    /// <summary>Draws texts; the same seed and stream give the same ones. The global random state is not touched.</summary>
    public IReadOnlyList<string> SampleTexts(int count, long seed, string stream)
    {
        if (count == 0) return []; // data<T>() of an empty tensor throws
        using var scope = NewDisposeScope();
        var flat = Sample(count, seed, stream).data<long>().ToArray();
        return [.. flat.Chunk(length).Select(row => string.Join(' ', row))];
    }

    /// <summary>
    /// Draws [<paramref name="count"/>,T] int64 ids; the same seed and stream give the same ones. The global random state is not touched.
    /// </summary>
    public Tensor Sample(int count, long seed, string stream)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var random = new TorchSharp.torch.Generator(new SeededRandom(seed, stream).Next(), CPU);
        var batches = new List<Tensor> { zeros([0, length], int64) };
        for (var done = 0; done < count; done += Rows) batches.Add(SampleBatch(Math.Min(Rows, count - done), random));
        return cat(batches, 0).MoveToOuterDisposeScope();
    }

    Tensor SampleBatch(int rows, TorchSharp.torch.Generator random)
    {
        using var scope = NewDisposeScope();
        var ids = empty([rows, length], int64);
        var (hidden, cell, token) = Begin(rows);
        for (var t = 0; t < length; t++)
        {
            using var step = NewDisposeScope();
            var (newHidden, newCell) = Step(token, hidden, cell);                  // [B,H] each
            var logits = Logits(newHidden);                                         // [B,V]
            // Inverse of the cumulative distribution: one uniform number per row. Subtracting the maximum keeps exp finite.
            var cumulative = (logits - logits.amax([1], keepdim: true)).exp_().cumsum(1); // [B,V]
            var threshold = rand([rows, 1], float32, generator: random) * cumulative[.., ^1..];
            // The first token whose cumulative weight exceeds the threshold; rounding may put the threshold at the very end.
            var drawn = searchsorted(cumulative, threshold, right: true).clamp_max_(Held(Vocabulary - 1)).squeeze(1); // [B]
            ids.select(1, t).copy_(drawn);
            (hidden, cell, token) =
                (newHidden.MoveToOuterDisposeScope(), newCell.MoveToOuterDisposeScope(), drawn.MoveToOuterDisposeScope());
        }
        return ids.MoveToOuterDisposeScope();
    }

    /// <summary>Natural logarithms of the probabilities of rows of ids.</summary>
    /// <param name="ids">[N,T] int64, each at least 0 and below V.</param>
    /// <returns>[N] float32.</returns>
    public Tensor LogProbabilities(Tensor ids)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (ids.dim() != 2 || ids.shape[1] != length)
            throw new ArgumentException($"The ids have the shape [{string.Join(",", ids.shape)}]; [N,{length}] is needed.", nameof(ids));
        var results = new List<Tensor> { zeros([0], float32) };
        for (long done = 0; done < ids.shape[0]; done += Rows) results.Add(
            BatchLogProbabilities(ids.narrow(0, done, Math.Min(Rows, ids.shape[0] - done)).cpu()));
        return cat(results, 0).MoveToOuterDisposeScope();
    }

    Tensor BatchLogProbabilities(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var rows = ids.shape[0];
        var total = zeros([rows], float32); // [B]
        var (hidden, cell, token) = Begin(rows);
        for (var t = 0; t < length; t++)
        {
            using var step = NewDisposeScope();
            var (newHidden, newCell) = Step(token, hidden, cell);           // [B,H] each
            var next = ids.select(1, t);                                     // [B]
            var logits = Logits(newHidden);                                  // [B,V]
            total.AddInPlace(logits.gather(1, next.unsqueeze(1)).squeeze(1) - logits.logsumexp(1));
            (hidden, cell, token) =
                (newHidden.MoveToOuterDisposeScope(), newCell.MoveToOuterDisposeScope(), next.MoveToOuterDisposeScope());
        }
        return total.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Natural logarithms of the probabilities of texts of decimal token ids with single blanks. What the oracle cannot make
    /// (another number of tokens, an id that is not below V, anything that is no id) has negative infinity.
    /// </summary>
    public IReadOnlyList<double> LogProbabilities(IReadOnlyList<string> texts)
    {
        using var scope = NewDisposeScope();
        var results = new double[texts.Count];
        Array.Fill(results, double.NegativeInfinity);
        var rows = new List<long[]>();
        var indices = new List<int>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (!TryParse(texts[i], out var row)) continue;
            rows.Add(row);
            indices.Add(i);
        }
        if (rows.Count == 0) return results;
        var values = LogProbabilities(tensor(rows.SelectMany(row => row).ToArray(), [rows.Count, length], int64)).data<float>().ToArray();
        for (var i = 0; i < values.Length; i++) results[indices[i]] = values[i];
        return results;
    }

    bool TryParse(string text, out long[] row)
    {
        var parts = text.Split(' ');
        row = new long[length];
        if (parts.Length != length) return false;
        for (var t = 0; t < length; t++)
            if (!long.TryParse(parts[t], NumberStyles.None, CultureInfo.InvariantCulture, out row[t]) || row[t] >= Vocabulary) return false;
        return true;
    }

    (Tensor Hidden, Tensor Cell, Tensor Token) Begin(long rows) =>
        (zeros([rows, weights.Hidden], float32), zeros([rows, weights.Hidden], float32), full([rows], Held(startToken), int64));

    (Tensor Hidden, Tensor Cell) Step(Tensor token, Tensor hidden, Tensor cell)
    {
        using var scope = NewDisposeScope();
        var input = weights["embedding"].index_select(0, token);                                     // [B,E]
        var gates = input.matmul(inputWeights).Plus(hidden.matmul(stateWeights)).Plus(biases).chunk(4, 1);  // 4 x [B,H]
        var newCell = (gates[1].sigmoid() * cell).Plus(gates[0].sigmoid() * gates[3].tanh());               // [B,H]
        var newHidden = gates[2].sigmoid() * newCell.tanh();                                          // [B,H]
        return (newHidden.MoveToOuterDisposeScope(), newCell.MoveToOuterDisposeScope());
    }

    Tensor Logits(Tensor hidden) => addmm(weights["bout"], hidden, weights["Wout"], 1, 1); // [B,V]

    public void Dispose()
    {
        inputWeights.Dispose();
        stateWeights.Dispose();
        biases.Dispose();
        weights.Dispose();
    }
}
