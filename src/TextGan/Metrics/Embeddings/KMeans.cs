using TextGan.Data;

namespace TextGan.Metrics.Embeddings;

/// <summary>
/// k-means: Lloyd's steps from centres that k-means++ chooses (Arthur and Vassilvitskii 2007), the best of several starts.
/// </summary>
public static class KMeans
{
    const int Starts = 5, MostSteps = 100;

    /// <summary>The cluster of each vector, from 0 to k - 1; some may be empty.</summary>
    /// <param name="vectors">[N,D] float64.</param>
    /// <param name="count">k.</param>
    /// <param name="seed">Of the first centres.</param>
    public static int[] Of(Tensor vectors, int count, int seed)
    {
        using var scope = NewDisposeScope();
        var random = new SeededRandom(seed, "k-means");
        var (best, least) = (Array.Empty<int>(), double.PositiveInfinity);
        for (var start = 0; start < Starts; start++)
        {
            using var one = NewDisposeScope();
            var (clusters, sum) = Descend(vectors, FirstCentres(vectors, count, random));
            if (sum < least) (best, least) = (clusters, sum);
        }
        return best;
    }

    /// <summary>The clusters, and the sum of squared distances from their centres.</summary>
    static (int[] Clusters, double Sum) Descend(Tensor vectors, Tensor centres)
    {
        long[] clusters = [];
        for (var step = 0; ; step++)
        {
            using var scope = NewDisposeScope();
            var (distances, nearest) = SquaredDistances.Of(vectors, centres).min(1); // [N] each
            var found = nearest.data<long>().ToArray();
            if (step == MostSteps || found.AsSpan().SequenceEqual(clusters))
                return ([.. found.Select(cluster => (int)cluster)], distances.sum().item<double>());
            clusters = found;
            var sums = zeros_like(centres).index_add_(0, nearest, vectors, Held(1.0)); // [k,D]
            var counts = zeros([centres.shape[0], 1], float64).index_add_(0, nearest, ones([vectors.shape[0], 1], float64), Held(1.0));
            // A centre without vectors stays where it is.
            centres = where(counts.gt(Held(0)), sums / counts.clamp_min(Held(1)), centres).MoveToOuterDisposeScope();
        }
    }

    /// <summary>[k,D]: each is drawn by its squared distance from those before it.</summary>
    static Tensor FirstCentres(Tensor vectors, int count, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        var n = vectors.shape[0];
        var chosen = new List<long> { (long)(random.NextDouble() * n) };
        var least = SquaredDistances.Of(vectors, vectors.narrow(0, chosen[0], 1)).squeeze(1); // [N]
        while (chosen.Count < count)
        {
            var point = random.NextDouble();
            var cumulative = least.cumsum(0).data<double>().ToArray();
            var (total, next) = (cumulative[^1], 0L);
            if (total > 0) while (next < n - 1 && cumulative[next] <= point * total) next++;
            else next = (long)(point * n); // all vectors are centres already
            chosen.Add(next);
            least = minimum(least, SquaredDistances.Of(vectors, vectors.narrow(0, next, 1)).squeeze(1));
        }
        return vectors.index_select(0, tensor(chosen.ToArray())).MoveToOuterDisposeScope();
    }
}
