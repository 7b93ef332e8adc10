namespace TextGan.Learning.Objectives;

/// <summary>
/// How far the weighted gradients of the terms agree in one step: the cosine of each pair, which are in conflict where it is below 0 (Yu et
/// al., 2001.06782, definition 1); each term's share of the step; and, as the noise floor, the cosine of each term with itself over two
/// halves of the batch, which would be 1 without noise. It changes neither gradients nor random state.
/// </summary>
public sealed class TermConflict
{
    readonly TermGradients terms;
    readonly Tensor gradients; // [K,P], without weights
    readonly Tensor?[] halves; // of each term [3]: |a|², |b|², a·b
    readonly List<string> missing = [];

    /// <summary>
    /// Three backward passes per term, to be made before the combiner's, which frees the graph. What is kept belongs to the caller's
    /// dispose scope.
    /// </summary>
    /// <param name="terms">The terms of the step.</param>
    /// <param name="rows">Texts in the batch.</param>
    /// <param name="groupSize">G: texts that stay together where the batch is halved.</param>
    public TermConflict(TermGradients terms, long rows, int groupSize)
    {
        this.terms = terms;
        var half = rows / groupSize / 2 * groupSize;
        halves = [.. terms.Terms.Select(term => HalvesOf(term, half, rows - half))];
        gradients = terms.KeptMatrix();
    }

    /// <summary>Sentences on what is missing in <see cref="Values"/>, and why.</summary>
    public IReadOnlyList<string> Missing => missing;

    Tensor? HalvesOf(Term term, long half, long others)
    {
        if (term.Part is not { } part || half == 0)
        {
            missing.Add($"the term '{term.Name}' cannot be computed over half of a batch, so that conflict/{term.Name}/halves is missing");
            return null;
        }
        using var scope = NewDisposeScope();
        var (one, other) = (terms.GradientOf(part(0, half), keepGraph: true), terms.GradientOf(part(half, others), keepGraph: true)); // [P]
        return stack([one.dot(one), other.dot(other), one.dot(other)]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// After the combiner, before clipping: what is logged (<see cref="Runs.Format.MetricLine"/> lists the names). What would divide by the
    /// norm of a gradient of 0, or is not finite, is left out.
    /// </summary>
    /// <param name="weights">The weight that each term had.</param>
    public IReadOnlyDictionary<string, double> Values(IReadOnlyList<double> weights)
    {
        var (values, names, count) = (new Dictionary<string, double>(), terms.Terms.Select(term => term.Name).ToArray(), weights.Count);
        var (dots, ofHalves) = Read();
        double[] norms = [.. weights.Select((weight, k) => Math.Abs(weight) * Math.Sqrt(dots[k, k]))];
        for (var k = 0; k < count; k++)
        {
            Put($"{names[k]}/norm", norms[k]);
            Put($"{names[k]}/share", weights[k] * dots[k, count] / dots[count, count]);
            if (ofHalves[k] is [var one, var other, var both]) Put($"{names[k]}/halves", Cosine(both, Math.Sqrt(one), Math.Sqrt(other)));
            for (var j = k + 1; j < count; j++)
                Put($"{names[k]}/{names[j]}/cosine", Cosine(weights[k] * weights[j] * dots[k, j], norms[k], norms[j]));
            if (norms[k] == 0)
                missing.Add($"the weighted gradient of the term '{names[k]}' is 0 in some iterations, so that its cosines are missing " +
                    "there");
        }
        return values;

        void Put(string name, double value)
        {
            if (double.IsFinite(value)) values[$"conflict/{name}"] = value;
        }
    }

    /// <summary>Products of the terms' gradients and, last, of the step's, [K+1,K+1] from the diagonal on, and those of halves.</summary>
    (double[,] Dots, double[]?[] Halves) Read()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Tensor[] vectors = [.. terms.Terms.Select((_, k) => gradients[k]), terms.Combined()]; // K + 1 times [P]
        var pairs = (from k in Enumerable.Range(0, vectors.Length)
                     from j in Enumerable.Range(k, vectors.Length - k) select (k, j)).ToArray();
        var products = stack([.. pairs.Select(pair => vectors[pair.k].dot(vectors[pair.j])),
            .. halves.OfType<Tensor>().SelectMany(half => half.unbind())]);
        var read = new Queue<double>(products.to_type(float64).cpu().data<double>().ToArray()); // one synchronisation
        var dots = new double[vectors.Length, vectors.Length];
        foreach (var (k, j) in pairs) dots[k, j] = read.Dequeue();
        return (dots, [.. halves.Select(half => half is null ? null : (double[])[read.Dequeue(), read.Dequeue(), read.Dequeue()])]);
    }

    static double Cosine(double product, double norm, double other) => Math.Clamp(product / norm / other, -1, 1); // NaN if one is 0
}
