using CsCheck;
using TextGan.Metrics;

namespace TextGan.Tests.Metrics;

public class BleuReferencesTests
{
    static IEnumerable<TestCaseData> NltkCases() =>
        BleuFixture.Load().Bleu.Select(known => new TestCaseData(known).SetArgDisplayNames(known.Name));

    [TestCaseSource(nameof(NltkCases))]
    public void Equals_nltk(object known)
    {
        var (_, references, hypothesis, expected) = (BleuFixture.SentenceCase)known;
        Assert.That(new BleuReferences(references, 5).Score(hypothesis)[1..], Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Value_by_hand()
    {
        // 5 of 6 tokens match (the second 1 is clipped), 3 of 5 pairs (1 2, 2 3, 3 4); lengths are equal, so no penalty.
        var scores = new BleuReferences([[1, 2, 3, 4, 5, 6]], 2).Score([1, 2, 3, 4, 1, 6]);
        Assert.That(scores, Is.EqualTo(new[] { 5.0 / 6, Math.Sqrt(5.0 / 6 * 3 / 5) }).Within(1e-15));
    }

    [Test]
    public void Equals_the_literal_definition()
    {
        var text = Gen.Int[0, 3].Array[0, 9];
        Gen.Select(text.Array[1, 6], text, Gen.Int[1, 6]).Sample((references, hypothesis, order) =>
            Equal(new BleuReferences(references, order).Score(hypothesis), LiteralBleu.Scores(references, hypothesis, order)),
                iter: 20_000);
    }

    [Test]
    public void Equals_the_literal_definition_on_many_different_ngrams()
    {
        // Enough n-grams that the tables grow several times.
        var random = new Random(5);
        var references = Texts(random, 300, 20, 200);
        var scores = new BleuReferences(references, 4);
        foreach (var text in Texts(random, 10, 20, 200))
        {
            Assert.That(scores.Score(text), Is.EqualTo(LiteralBleu.Scores(references, text, 4)).Within(1e-12));
        }
    }

    [Test]
    public void Mean_is_that_of_the_single_scores_and_not_a_number_without_texts()
    {
        var random = new Random(6);
        var references = new BleuReferences(Texts(random, 50, 10, 20), 3);
        var texts = Texts(random, 40, 10, 20);
        var expected = Enumerable.Range(0, 3).Select(n => texts.Average(text => references.Score(text)[n]));
        Assert.That(references.MeanScores(texts), Is.EqualTo(expected).Within(1e-12));
        Assert.That(references.MeanScores([]), Is.All.NaN);
    }

    [Test]
    public void No_references_are_refused() =>
        Assert.That(() => new BleuReferences([], 2),
            Throws.ArgumentException.With.Message.StartsWith("BLEU needs at least one reference."));

    [Test]
    public void Ten_thousand_against_ten_thousand_take_seconds()
    {
        var random = new Random(7);
        var (references, texts) = (Texts(random, 10_000, 20, 5000), Texts(random, 10_000, 20, 5000));
        var clock = new ProcessorClock();
        var means = new BleuReferences(references, 5).MeanScores(texts);
        TestContext.Out.WriteLine(
            $"{clock.Elapsed.TotalMilliseconds:F0} ms, BLEU-1..5 {string.Join(' ', means.Select(mean => mean.ToString("F4")))}");
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    /// <summary>Random texts of about <paramref name="length"/> tokens; cubing makes small ids frequent, as words are.</summary>
    internal static int[][] Texts(Random random, int count, int length, int vocabulary) =>
        [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(length / 2, length * 3 / 2))
            .Select(_ => (int)(vocabulary * Math.Pow(random.NextDouble(), 3))).ToArray())];

    internal static bool Equal(IEnumerable<double> first, IEnumerable<double> second) =>
        first.Zip(second).All(pair => Math.Abs(pair.First - pair.Second) < 1e-12);
}
