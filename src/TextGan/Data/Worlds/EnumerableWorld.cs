using System.Globalization;

namespace TextGan.Data.Worlds;

/// <summary>
/// A distribution over all V^T texts of exactly T tokens, few enough to be listed: a Markov chain of some order with random logits,
/// p(x) = Π_t softmax(deviation · n(x_{t-order} … x_{t-1}))(x_t) with standard normal n, and at the beginning, where there are fewer
/// tokens, of those that there are. With order T - 1 every text has a probability of its own. Texts are decimal ids with single blanks.
/// There is no end token: all texts have T tokens, as those of a generator with the tokenizer "ids", whose texts are the same V^T.
/// </summary>
public sealed class EnumerableWorld : IExactSource
{
    readonly double[] cumulative; // [N], of the probabilities

    /// <param name="vocabulary">V.</param>
    /// <param name="length">T; V^T must be at most <see cref="AllTexts.Most"/>.</param>
    /// <param name="order">How many tokens the next one depends on.</param>
    /// <param name="deviation">Of the logits; 0 is uniform.</param>
    /// <param name="seed">Of the logits.</param>
    public EnumerableWorld(int vocabulary, int length, int order, double deviation, long seed)
    {
        (Vocabulary, Length) = (vocabulary, length);
        Ids = Rows(AllTexts.Of(vocabulary, length, endId: null), length);
        var random = new SeededRandom(seed, "world");
        var tables = new Dictionary<(int Known, int Context), double[]>(); // ln p of the next token
        for (var known = 0; known <= Math.Min(order, length - 1); known++)
            for (var context = 0; context < (int)Math.Pow(vocabulary, known); context++)
                tables[(known, context)] = LogSoftmax([.. Enumerable.Range(0, vocabulary).Select(_ => deviation * Normal(random))]);
        LogProbabilitiesOfAll = [.. Ids.Select(row =>
        {
            var sum = 0.0;
            for (var t = 0; t < length; t++)
            {
                var (known, context) = (Math.Min(order, t), 0);
                for (var i = t - known; i < t; i++) context = context * vocabulary + row[i];
                sum += tables[(known, context)][row[t]];
            }
            return sum;
        })];
        cumulative = Cumulative([.. LogProbabilitiesOfAll.Select(Math.Exp)]);
    }

    /// <summary>V.</summary>
    public int Vocabulary { get; }

    /// <summary>T.</summary>
    public int Length { get; }

    /// <summary>All texts, N = V^T of them, the first token changing last, as <see cref="AllTexts.Of"/> has them.</summary>
    public IReadOnlyList<int[]> Ids { get; }

    /// <summary>ln p of each of them.</summary>
    public IReadOnlyList<double> LogProbabilitiesOfAll { get; }

    public IReadOnlyList<string> Attributes { get; } = [.. Enum.GetNames<WorldProperty>().Select(name => name.ToLowerInvariant())];

    /// <summary>ln p of each text; negative infinity for what is no text of T ids below V.</summary>
    public IReadOnlyList<double> LogProbabilities(IReadOnlyList<string> texts) =>
        [.. texts.Select(text => Parse(text) is { } row ? LogProbabilitiesOfAll[IndexOf(row)] : double.NegativeInfinity)];

    /// <exception cref="ArgumentException">There is no such attribute.</exception>
    public IReadOnlyList<bool> Judge(string attribute, IReadOnlyList<string> texts)
    {
        var index = Attributes.ToList().IndexOf(attribute);
        if (index < 0)
            throw new ArgumentException($"There is no attribute '{attribute}'; there are {string.Join(", ", Attributes)}.",
                nameof(attribute));
        return [.. texts.Select(text => Parse(text) is { } row && Has((WorldProperty)index, row))];
    }

    /// <summary>Whether a text of T ids has the attribute.</summary>
    public bool Has(WorldProperty attribute, IReadOnlyList<int> row) => attribute switch
    {
        WorldProperty.Rising => row.Zip(row.Skip(1), (one, next) => one <= next).All(holds => holds),
        WorldProperty.Falling => row.Zip(row.Skip(1), (one, next) => one >= next).All(holds => holds),
        WorldProperty.High => 2 * row.Sum() > Length * (Vocabulary - 1),
        _ => row.Sum() % 2 == 0,
    };

    /// <summary>The probability that a text has the attribute.</summary>
    public double Rate(WorldProperty attribute) =>
        Ids.Zip(LogProbabilitiesOfAll, (row, log) => Has(attribute, row) ? Math.Exp(log) : 0).Sum();

    /// <summary>Draws texts.</summary>
    public IReadOnlyList<string> Sample(int count, SeededRandom random) => Sample(cumulative, count, random);

    /// <summary>Draws texts that have the attribute, or lack it, by their probabilities among all such.</summary>
    public IReadOnlyList<string> Sample(int count, SeededRandom random, WorldProperty attribute, bool wanted) => Sample(Cumulative(
        [.. Ids.Zip(LogProbabilitiesOfAll, (row, log) => Has(attribute, row) == wanted ? Math.Exp(log) : 0)]), count, random);

    List<string> Sample(double[] cumulative, int count, SeededRandom random)
    {
        var texts = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            // The first text whose cumulative probability exceeds the threshold, so that none of probability 0 is drawn.
            var (low, high, threshold) = (0, cumulative.Length - 1, random.NextDouble() * cumulative[^1]);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (cumulative[middle] > threshold) high = middle;
                else low = middle + 1;
            }
            texts.Add(string.Join(' ', Ids[low]));
        }
        return texts;
    }

    int IndexOf(int[] row) => row.Aggregate(0, (index, id) => index * Vocabulary + id);

    int[]? Parse(string text)
    {
        var parts = text.Split(' ');
        var row = new int[Length];
        if (parts.Length != Length) return null;
        for (var t = 0; t < Length; t++)
            if (!int.TryParse(parts[t], NumberStyles.None, CultureInfo.InvariantCulture, out row[t]) || row[t] >= Vocabulary) return null;
        return row;
    }

    static int[][] Rows(Tensor ids, int length)
    {
        using (ids) return [.. ids.data<long>().ToArray().Select(id => (int)id).Chunk(length)];
    }

    static double[] Cumulative(double[] probabilities)
    {
        for (var i = 1; i < probabilities.Length; i++) probabilities[i] += probabilities[i - 1];
        return probabilities;
    }

    static double[] LogSoftmax(double[] logits)
    {
        var most = logits.Max();
        var total = most + Math.Log(logits.Sum(logit => Math.Exp(logit - most)));
        return [.. logits.Select(logit => logit - total)];
    }

    /// <summary>A standard normal number (Box and Muller, 1958).</summary>
    static double Normal(SeededRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
