namespace TextGan.Learning.Objectives.Combiners;

/// <summary>
/// A combiner that weighs the discriminators' gradients by their inner products: one backward pass per discriminator, and one for all
/// regularisers (and a KL in the reward), which keep their configured weights. A discriminator of weight 0, or whose gradient is 0, is
/// left out.
/// </summary>
/// <param name="weights">The configured weight of each term by name.</param>
public abstract class InnerProductCombiner(IReadOnlyDictionary<string, double> weights) : Combiner
{
    /// <summary>The configured weight of each term by name.</summary>
    protected IReadOnlyDictionary<string, double> Weights { get; } = weights;

    /// <summary>The factor of each discriminator's configured weight.</summary>
    /// <param name="names">n discriminators, at least one.</param>
    /// <param name="products">[n,n]: w_i w_j g_i·g_j, the inner products of the gradients times their configured weights. All finite.
    /// </param>
    /// <param name="terms">The terms.</param>
    protected abstract IReadOnlyList<double> Factors(IReadOnlyList<string> names, double[,] products, TermGradients terms);

    public sealed override IReadOnlyList<double> Combine(TermGradients terms, long step)
    {
        using var scope = NewDisposeScope();
        double[] used = [.. terms.Terms.Select(term => Weights[term.Name])];
        double[] others = [.. terms.Terms.Select((term, k) => term.Loss is null ? used[k] : 0)];
        int[] judges = [.. Enumerable.Range(0, used.Length).Where(k => terms.Terms[k].Loss is not null && used[k] != 0)];
        if (judges.Length > 0)
        {
            var more = others.Any(weight => weight != 0);
            var gradients = terms.Matrix(judges, retainGraph: more); // [n,P]
            using var _ = no_grad();
            var factors = FactorsOf([.. judges.Select(k => terms.Terms[k].Name)], Products(gradients), terms);
            foreach (var (k, factor) in judges.Zip(factors)) used[k] *= factor;
            double[] mixture = [.. judges.Select(k => used[k])];
            terms.Apply((gradients * tensor(mixture, gradients.dtype, gradients.device).unsqueeze(1)).sum([0L]));
        }
        terms.Backward(others, apart: true);
        return used;
    }

    /// <summary>[n,P] → [n,n]: g_i·g_j, read to the host: one synchronisation.</summary>
    static double[,] Products(Tensor gradients)
    {
        var n = (int)gradients.shape[0];
        var pairs = Enumerable.Range(0, n).SelectMany(i => Enumerable.Range(i, n - i).Select(j => (I: i, J: j))).ToArray();
        // One by one: a product of matrices may be rounded to TF32.
        var found = stack([.. pairs.Select(pair => gradients[pair.I].dot(gradients[pair.J]))]);
        var read = found.to_type(float64).cpu().data<double>().ToArray();
        var products = new double[n, n];
        foreach (var ((i, j), product) in pairs.Zip(read)) products[i, j] = products[j, i] = product;
        return products;
    }

    double[] FactorsOf(string[] names, double[,] unweighted, TermGradients terms)
    {
        var factors = new double[names.Length];
        var found = Enumerable.Range(0, names.Length).Where(k => unweighted[k, k] != 0).ToArray();
        if (found.Length == 0) return factors;
        var products = new double[found.Length, found.Length];
        for (var i = 0; i < found.Length; i++)
            for (var j = 0; j < found.Length; j++)
                products[i, j] = Weights[names[found[i]]] * Weights[names[found[j]]] * unweighted[found[i], found[j]];
        var isFinite = products.Cast<double>().All(double.IsFinite); // else the gradient is not either, which the guards will find
        var own = isFinite ? Factors([.. found.Select(k => names[k])], products, terms) : [.. found.Select(_ => 1.0)];
        foreach (var (k, factor) in found.Zip(own)) factors[k] = factor;
        return factors;
    }
}
