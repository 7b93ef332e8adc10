using CsCheck;
using TextGan.Metrics;

namespace TextGan.Tests.Metrics;

public class SelfBleuTests
{
    static IEnumerable<TestCaseData> NltkCases() =>
        BleuFixture.Load().SelfBleu.Select(known => new TestCaseData(known).SetArgDisplayNames(known.Name));

    [TestCaseSource(nameof(NltkCases))]
    public void Equals_nltk(object known)
    {
        var (_, texts, expected) = (BleuFixture.SetCase)known;
        Assert.That(new SelfBleu(texts, 5).MeanScores()[1..], Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Equals_the_literal_definition_with_the_text_itself_left_out()
    {
        var text = Gen.Int[0, 2].Array[0, 8];
        Gen.Select(text.Array[2, 6], Gen.Int[1, 6]).Sample((texts, order) =>
        {
            var fast = new SelfBleu(texts, order);
            return Enumerable.Range(0, texts.Length).All(i =>
                BleuReferencesTests.Equal(fast.Score(i), LiteralBleu.Scores([.. texts[..i], .. texts[(i + 1)..]], texts[i], order)));
        }, iter: 10_000);
    }

    [Test]
    public void Equals_bleu_against_the_others()
    {
        var texts = BleuReferencesTests.Texts(new Random(8), 60, 12, 40);
        var fast = new SelfBleu(texts, 5);
        for (var i = 0; i < texts.Length; i++)
        {
            var others = new BleuReferences([.. texts[..i], .. texts[(i + 1)..]], 5);
            Assert.That(fast.Score(i), Is.EqualTo(others.Score(texts[i])));
        }
    }

    [Test]
    public void A_text_is_no_reference_of_its_own_but_its_duplicate_is()
    {
        Assert.That(new SelfBleu([[1, 2, 3], [4, 5, 6]], 2).MeanScores(), Is.All.Zero);
        Assert.That(new SelfBleu([[1, 2, 3], [1, 2, 3]], 2).MeanScores(), Is.All.EqualTo(1));
    }

    [Test]
    public void One_text_is_refused() =>
        Assert.That(() => new SelfBleu([[1]], 2), Throws.ArgumentException.With.Message.StartsWith("Self-BLEU needs at least two texts."));

    [TestCase(10_000, 20, 5000.0)]
    [TestCase(300, 12, 100.0)]
    public void Is_fast(int count, int length, double milliseconds)
    {
        var texts = BleuReferencesTests.Texts(new Random(9), count, length, 5000);
        _ = new SelfBleu(texts, 5).MeanScores(); // compiles
        var clock = new ProcessorClock();
        var means = new SelfBleu(texts, 5).MeanScores();
        TestContext.Out.WriteLine(
            $"{clock.Elapsed.TotalMilliseconds:F1} ms, Self-BLEU-1..5 {string.Join(' ', means.Select(mean => mean.ToString("F4")))}");
        Assert.That(clock.Elapsed.TotalMilliseconds, Is.LessThan(milliseconds));
    }
}
