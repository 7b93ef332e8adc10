using TextGan.Data.Teachers;
using TextGan.Discriminators;
using TextGan.Metrics;
using TextGan.Training;

namespace TextGan.Learning;

/// <summary>Texts of the generator that a teacher is asked about (<see cref="OracleQueryOptions"/>).</summary>
/// <param name="options">Who is asked, what about, how often.</param>
/// <param name="teacher">The teacher; disposed of with this.</param>
/// <param name="resample">Whether each member of an ensemble learns from a bootstrap sample of the labelled texts.</param>
/// <inheritdoc cref="TextLabelling"/>
public sealed class OracleQuery(OracleQueryOptions options, Teacher teacher, TextEncoder encoder, int seed, string purpose,
    bool resample = true) : TextLabelling(options, encoder, seed, purpose)
{
    readonly OracleQueryOptions options = options;

    /// <summary>Fresh texts that are needed in this iteration; 0 where nobody is asked.</summary>
    public int PoolAt(long iteration) => iteration % options.Every == 0 && Allowed(options.Pool) > 0 ? options.Pool : 0;

    /// <summary>Asks about some texts of a pool.</summary>
    /// <param name="iteration">Decides, with seed and purpose, what is drawn at random.</param>
    /// <param name="pool">N texts.</param>
    /// <param name="disagreement">How far the members disagree on each.</param>
    /// <returns>Figures by their last names: see <see cref="Runs.Format.MetricLine"/>.</returns>
    public IReadOnlyDictionary<string, double> Ask(long iteration, TextBatch pool, double[] disagreement)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        long[] asked = [.. Choose(iteration, New(pool), disagreement).Take(Allowed(pool.Batch))];
        var labels = asked.Length == 0 ? [] : teacher.LabelSome(TeacherTexts.Of(Rows(pool, asked), Encoder));
        long[] labelled = [.. asked.Where((_, i) => labels[i] is not null)];
        var has = labels.OfType<bool>().ToArray();
        if (labelled.Length > 0) Add(Rows(pool, labelled), has);
        var figures = new Dictionary<string, double>
        {
            ["labels"] = Labels, ["asked"] = asked.Length, ["poolDisagreement"] = disagreement.Average(),
        };
        if (asked.Length > 0) figures["askedDisagreement"] = asked.Average(i => disagreement[i]);
        if (has.Length > 0) figures["labelRate"] = has.Average(one => one ? 1.0 : 0);
        return figures;
    }

    /// <summary>
    /// How well scores of texts agree with the teacher; nothing where each answer would cost a person's time, or the teacher knows none.
    /// </summary>
    /// <param name="texts">N texts.</param>
    /// <param name="scores">The judge's scores: above 0 for the property.</param>
    public IReadOnlyDictionary<string, double> Truth(TextBatch texts, double[] scores)
    {
        if (!options.Teacher.IsAutomatic) return new Dictionary<string, double>();
        using var scope = NewDisposeScope();
        var has = teacher.LabelSome(TeacherTexts.Of(texts, Encoder));
        double[] Scores(bool label) => [.. scores.Where((_, i) => has[i] == label)];
        var (holding, lacking) = (Scores(true), Scores(false));
        var known = (double)holding.Length + lacking.Length;
        if (known == 0) return new Dictionary<string, double>();
        return new Dictionary<string, double>
        {
            ["oracleAuc"] = RankStatistic.Auc(holding, lacking),
            ["oracleAccuracy"] = (holding.Count(score => score > 0) + lacking.Count(score => score < 0)) / known,
            ["oracleRate"] = holding.Length / known,
        };
    }

    /// <summary>The texts in the order in which they are asked about; of equally good ones the earlier first.</summary>
    IEnumerable<long> Choose(long iteration, long[] texts, double[] disagreement)
    {
        if (options.Select == QuerySelection.Disagreement) return texts.OrderByDescending(i => disagreement[i]);
        var random = new Random(Seeds.Derive(Seed, $"{Purpose}/choice", iteration));
        return texts.OrderBy(_ => random.NextDouble());
    }

    /// <summary>The first of each text of the pool, without those whose labels are kept.</summary>
    long[] New(TextBatch pool)
    {
        var seen = new HashSet<string>([.. Holding.Keys(), .. Lacking.Keys()]);
        var keys = LabelledTexts.KeysOf(pool.Ids);
        return [.. Enumerable.Range(0, keys.Length).Where(i => seen.Add(keys[i])).Select(i => (long)i)];
    }

    static TextBatch Rows(TextBatch texts, long[] numbers)
    {
        using var rows = tensor(numbers, device: texts.Device);
        return texts.Select(rows);
    }

    /// <summary>
    /// With several members from a bootstrap sample of each one's own, of texts that come one after the other: each text is in it as often
    /// as a Poisson number of mean 1 says (Oza and Russell 2001), a function of seed, member and the text's number.
    /// </summary>
    internal override long[] Draw(LabelledTexts labelled, int count, Random random, int member)
    {
        if (!resample) return base.Draw(labelled, count, random, member);
        var side = labelled == Holding ? "holding" : "lacking";
        long[] sample = [.. Enumerable.Range(0, (int)labelled.Count).SelectMany(i => Enumerable.Repeat((long)i,
            Poisson(new Random(Seeds.Derive(Seed, $"{Purpose}/member-{member}/{side}", labelled.First + i)).NextDouble())))];
        return sample.Length == 0 ? base.Draw(labelled, count, random, member)
            : [.. Enumerable.Range(0, count).Select(_ => sample[random.Next(sample.Length)])];
    }

    /// <summary>The Poisson number of mean 1 at this point of [0, 1).</summary>
    public static int Poisson(double point)
    {
        var (number, probability) = (0, Math.Exp(-1));
        for (; point >= probability && probability > 1e-12; probability /= ++number) point -= probability;
        return number;
    }

    protected override void Release() => teacher.Dispose();
}
