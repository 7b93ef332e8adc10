using TextGan.Data.Teachers;
using TextGan.Discriminators;
using TextGan.Training;

namespace TextGan.Learning;

/// <summary>Pairs of the generator's own texts, labelled by a teacher as it moves, for a reward model to learn from.</summary>
/// <param name="options">How many labels, and when.</param>
/// <param name="teacher">Who prefers; disposed of with this.</param>
/// <param name="encoder">Tells the texts of ids.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="purpose">What the random numbers are for: equal purposes have equal ones.</param>
public sealed class PreferenceLabels(TeacherPreferenceOptions options, Teacher teacher, TextEncoder encoder, int seed, string purpose)
    : IStateful, IDisposable
{
    readonly LabelledTexts texts = new(2 * options.Keep); // texts 2i and 2i+1 are pair i
    readonly List<double> preferences = []; // how much the first of each pair is preferred, as labelled
    long labels, draws;

    /// <summary>Labels given so far.</summary>
    public long Labels => labels;

    /// <summary>Whether an update has something to learn from.</summary>
    public bool HasPairs => preferences.Count > 0;

    /// <summary>Pairs to be labelled before the first update.</summary>
    public int ToWarmUp => (int)Math.Max(0, Math.Min(options.WarmUp, options.Labels ?? long.MaxValue) - labels);

    /// <summary>Pairs to be labelled in an iteration whose batch has so many.</summary>
    public int CountAt(long iteration, long pairs) => iteration % options.Every != 0 ? 0
        : (int)Math.Min(Math.Min(pairs, options.Batch ?? pairs), (options.Labels ?? long.MaxValue) - labels);

    /// <summary>
    /// Has pairs labelled, texts 2i and 2i+1 of [2n,T]; returns how much the teacher prefers the first of each. Some of the labels that are
    /// learnt from are turned round.
    /// </summary>
    public IReadOnlyList<double> Label(TextBatch pairs)
    {
        using var scope = NewDisposeScope();
        var asked = TeacherTexts.Of(pairs, encoder);
        var answers = teacher.Prefer([.. Enumerable.Range(0, asked.Length / 2).Select(i => (asked[2 * i], asked[2 * i + 1]))]);
        var random = new Random(Seeds.Derive(seed, $"{purpose}/noise", labels));
        preferences.AddRange(answers.Select(answer => random.NextDouble() < options.LabelNoise ? 1 - answer : answer));
        preferences.RemoveRange(0, Math.Max(0, preferences.Count - options.Keep));
        texts.Add(pairs.Ids.cpu(), (pairs.Mask - pairs.Response).sum(1).to_type(int64).cpu());
        labels += answers.Count;
        return answers;
    }

    /// <summary>The better and the worse texts of an update, [B,T] each, drawn from the pairs that are kept.</summary>
    public (TextBatch Better, Opponents Worse) Next(int count, int? endId, Device device)
    {
        var random = new Random(Seeds.Derive(seed, purpose, draws++));
        var (better, worse) = (new long[count], new long[count]);
        for (var i = 0; i < count; i++)
        {
            var pair = random.Next(preferences.Count);
            // Of a pair without a preference either text at random: the expected loss is that of the label one half.
            var first = random.NextDouble() < preferences[pair];
            (better[i], worse[i]) = first ? (2L * pair, 2L * pair + 1) : (2L * pair + 1, 2L * pair);
        }
        return (texts.Texts(better, endId, device), new(texts.Texts(worse, endId, device), count, 0, 0));
    }

    /// <summary>
    /// The share of pairs of which a reward model scores the preferred text higher, equal scores counting half; null where the teacher has
    /// preferred none.
    /// </summary>
    /// <param name="preferences">How much the teacher prefers the first text of each.</param>
    /// <param name="scores">Of both texts of each, in their order.</param>
    public static double? Agreement(IReadOnlyList<double> preferences, IReadOnlyList<double> scores)
    {
        var (agreed, compared) = (0.0, 0);
        for (var i = 0; i < preferences.Count; i++)
        {
            if (preferences[i] == 0.5) continue;
            var found = Teacher.Preference(scores[2 * i], scores[2 * i + 1]);
            agreed += preferences[i] > 0.5 ? found : 1 - found;
            compared++;
        }
        return compared == 0 ? null : agreed / compared;
    }

    public void Save(StateBag bag)
    {
        bag.Put("labels", labels);
        bag.Put("draws", draws);
        texts.Save(bag.Scope("texts"));
        using var scope = NewDisposeScope();
        if (HasPairs) bag.Put("preferences", tensor(preferences.ToArray(), float64));
    }

    public void Load(StateBag bag)
    {
        (labels, draws) = (bag.GetLong("labels"), bag.GetLong("draws"));
        texts.Load(bag.Scope("texts"));
        preferences.Clear();
        if (bag.Has("preferences")) preferences.AddRange(bag.GetTensor("preferences").data<double>().ToArray());
    }

    public void Dispose()
    {
        texts.Dispose();
        teacher.Dispose();
    }
}
