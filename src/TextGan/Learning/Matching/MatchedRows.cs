using TextGan.Discriminators;
using TextGan.Training;

namespace TextGan.Learning.Matching;

/// <summary>
/// Chooses real texts whose classes (with or without a property, times bins of length) are as frequent as among the generator's current
/// texts. Each class gets its share of the batch, rounded at random without bias; within a class the texts come one after another.
/// </summary>
/// <param name="options">What is matched, and how often real texts are labelled anew.</param>
/// <param name="property">The property; null for none.</param>
/// <param name="rows">The real texts.</param>
/// <param name="order">Which of them are looked at next.</param>
/// <param name="texts">The texts of row numbers.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="purpose">What its random numbers are for.</param>
public sealed class MatchedRows(MatchOptions options, ITextProperty? property, long rows, BatchOrder order, Func<long[], TextBatch> texts,
    int seed, string purpose) : IStateful
{
    const int AtOnce = 256;

    long updates;
    double threshold;
    double[] frequencies = []; // of each class among the generator's texts, older texts counting less
    long[] candidates = []; // row numbers
    int[] classes = []; // of the candidates
    int[] used = []; // of each class: how many were given out
    int[][] members = []; // of each class: which candidates

    /// <summary>Whether a property is matched, and not length alone.</summary>
    public bool HasProperty => property is not null;

    /// <summary>The property's estimated share among the generator's texts, and its share of the last batch of real texts.</summary>
    public (double Generated, double Real) Shares { get; private set; }

    /// <summary>The row numbers of an update's real texts.</summary>
    /// <param name="count">How many.</param>
    /// <param name="generated">Texts of the generator as it is now, one at least.</param>
    public long[] Next(int count, TextBatch generated)
    {
        var (scores, lengths) = (property?.Scores(generated), Lengths(generated));
        if (updates % options.Every == 0) Renew(scores, (int)generated.Length);
        updates++;
        for (var k = 0; k < frequencies.Length; k++) frequencies[k] *= options.Memory;
        for (var i = 0; i < lengths.Length; i++) frequencies[ClassOf(scores?[i], lengths[i])]++;

        var random = new Random(Seeds.Derive(seed, purpose, updates));
        var chosen = new List<long>(count);
        var counts = Counts(count, random.NextDouble());
        for (var k = 0; k < counts.Length; k++)
            for (var n = 0; n < counts[k]; n++) chosen.Add(candidates[members[k][used[k]++ % members[k].Length]]);
        Shares = (frequencies.Where((_, k) => HasIt(k)).Sum() / frequencies.Sum(), counts.Where((_, k) => HasIt(k)).Sum() / (double)count);
        var result = chosen.ToArray();
        random.Shuffle(result); // rows meet those of the other side, which has no order
        return result;
    }

    /// <summary>The next texts to draw from, with their classes.</summary>
    void Renew(double[]? generatedScores, int length)
    {
        candidates = order.Next((int)Math.Min(rows, options.Texts));
        var (scores, lengths) = (new List<double>(), new List<int>());
        foreach (var chunk in candidates.Chunk(AtOnce))
        {
            using var scope = NewDisposeScope();
            var real = texts(chunk);
            lengths.AddRange(Lengths(real));
            if (property is not null) scores.AddRange(property.Scores(real));
        }
        if (property is not null) threshold = property.Threshold([.. scores], generatedScores!);
        if (frequencies.Length == 0) frequencies = new double[ClassCount(length)];
        classes = [.. lengths.Select((tokens, i) => ClassOf(property is null ? null : scores[i], tokens))];
        used = new int[frequencies.Length];
        SortMembers();
    }

    void SortMembers()
    {
        var byClass = Enumerable.Range(0, classes.Length).ToLookup(i => classes[i]);
        members = [.. Enumerable.Range(0, frequencies.Length).Select(k => byClass[k].ToArray())];
    }

    // Class 2 b + a: bin of length b, and whether the property is there (1) or not (0).
    int ClassCount(int length) => 2 * (BinOf(length) + 1);

    int ClassOf(double? score, int length) => 2 * BinOf(length) + (score > threshold ? 1 : 0);

    int BinOf(int length) => options.Length ? Math.Max(0, length - 1) / options.LengthBin : 0;

    static bool HasIt(int k) => k % 2 == 1;

    /// <summary>
    /// How many of <paramref name="count"/> texts come from each class: its share of the generator's texts, rounded down or up by
    /// <paramref name="offset"/> from 0 to 1 (systematic sampling), so that its mean over random offsets is exact.
    /// </summary>
    int[] Counts(int count, double offset)
    {
        var weights = new double[frequencies.Length];
        for (var k = 0; k < weights.Length; k++)
            if (frequencies[k] > 0 && StandIn(k) is { } there) weights[there] += frequencies[k];
        if (weights.Sum() <= 0) weights = [.. members.Select(of => (double)of.Length)]; // no real text is like a generated one
        var (total, sum, before) = (weights.Sum(), 0.0, 0);
        var counts = new int[weights.Length];
        for (var k = 0; k < counts.Length; k++)
        {
            sum += weights[k];
            var upTo = (int)Math.Floor(count * (sum / total) + offset);
            (counts[k], before) = (upTo - before, upTo);
        }
        return counts;
    }

    /// <summary>The class that real texts are taken from for another: that of the nearest length; null if none has its property.</summary>
    int? StandIn(int k)
    {
        for (var distance = 0; distance < members.Length; distance += 2)
        {
            if (k - distance >= 0 && members[k - distance].Length > 0) return k - distance;
            if (k + distance < members.Length && members[k + distance].Length > 0) return k + distance;
        }
        return null;
    }

    static int[] Lengths(TextBatch texts)
    {
        using var scope = NewDisposeScope();
        return [.. texts.Response.sum(1).cpu().data<float>().ToArray().Select(tokens => (int)tokens)];
    }

    public void Save(StateBag bag)
    {
        bag.Put("updates", updates);
        bag.Put("threshold", threshold);
        if (updates == 0) return;
        using var scope = NewDisposeScope();
        bag.Put("frequencies", tensor(frequencies));
        bag.Put("candidates", tensor(candidates));
        bag.Put("classes", tensor(classes));
        bag.Put("used", tensor(used));
    }

    public void Load(StateBag bag)
    {
        (updates, threshold) = (bag.GetLong("updates"), bag.GetDouble("threshold"));
        frequencies = [];
        if (updates == 0) return;
        frequencies = bag.GetTensor("frequencies").data<double>().ToArray();
        candidates = bag.GetTensor("candidates").data<long>().ToArray();
        (classes, used) = (bag.GetTensor("classes").data<int>().ToArray(), bag.GetTensor("used").data<int>().ToArray());
        SortMembers();
    }
}
