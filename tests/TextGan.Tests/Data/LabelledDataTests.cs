using TextGan.Data;
using TextGan.Data.Rules;
using TextGan.Problems;

namespace TextGan.Tests.Data;

public sealed class LabelledDataTests
{
    static readonly LabelledDataOptions Options = new() { Data = "texts", Rule = new ContainsRuleOptions { Text = "dog" } };

    static DataSet Load(LabelledDataOptions options, string[] train, params string[] heldOut) =>
        options.Load(new DataContext("dogs", "", 8)
        {
            Other = name => new DataSet(name, new DataSplit(train), new DataSplit(heldOut), ""),
        });

    [Test]
    public void The_real_side_has_the_property_and_the_rarer_side_is_repeated()
    {
        var set = Load(Options, ["a", "dog b", "c", "d", "e", "f dog"], "g dog", "h dog", "i");
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "dog b", "f dog", "dog b", "f dog" }));
        Assert.That(set.Train.Rejected, Is.EqualTo(new[] { "a", "c", "d", "e" }));
        Assert.That(set.HeldOut.Texts, Is.EqualTo(new[] { "g dog", "h dog" }));
        Assert.That(set.HeldOut.Rejected, Is.EqualTo(new[] { "i", "i" }));
        Assert.That(set.Labels, Is.EqualTo(new LabelCounts(6, 2, 0, 3, 2)));
        Assert.That(set.Summary, Is.EqualTo("2 of 6 texts of 'texts' have the property (33.3%); 2 of 3 held out"));
        Assert.That((Options.HasRejected, Options.MadeOf.Single()), Is.EqualTo((true, "texts")));
    }

    [Test]
    public void Noise_puts_its_share_of_training_texts_on_the_wrong_side_by_the_seed()
    {
        string[] texts = [.. Enumerable.Range(0, 2_000).Select(i => i % 4 == 0 ? $"dog {i}" : $"cat {i}")];
        var set = Load(Options with { Noise = 0.1 }, texts, "dog", "cat");
        var flipped = set.Labels!.Flipped;
        Assert.That(flipped, Is.EqualTo(200).Within(40)); // three deviations of a binomial: 13
        Assert.That(set.Labels.Holding, Is.EqualTo(500), "the true ones");
        Assert.That(set.Train.Texts.Distinct().Count(text => text.StartsWith("cat", StringComparison.Ordinal))
            + set.Train.Rejected!.Distinct().Count(text => text.StartsWith("dog", StringComparison.Ordinal)), Is.EqualTo(flipped));
        Assert.That(set.HeldOut.Texts.Concat(set.HeldOut.Rejected!), Is.EqualTo(new[] { "dog", "cat" }), "held-out labels are right");
        Assert.That(set.Summary, Does.EndWith($"; {flipped} labels made wrong"));
        Assert.That(Load(Options with { Noise = 0.1 }, texts).Train.Texts, Is.EqualTo(set.Train.Texts));
        Assert.That(Load(Options with { Noise = 0.1, Seed = 2 }, texts).Train.Texts, Is.Not.EqualTo(set.Train.Texts));
    }

    [TestCase("cat", "0 of the 2 training texts")]
    [TestCase("dog", "2 of the 2 training texts")]
    public void A_rule_that_tells_nothing_apart_is_rejected(string word, string found)
    {
        var error = Assert.Throws<InvalidInputException>(() => Load(Options, [word, word + " x"], "dog", "cat"))!;
        Assert.That(error.Message, Is.EqualTo($"$.data.dogs.rule: holds for {found} of 'texts': there is nothing to tell apart."));
    }

    [Test]
    public void Held_out_texts_of_one_side_alone_are_left_out()
    {
        var set = Load(Options, ["dog", "cat"], "cat", "mouse");
        Assert.That((set.HeldOut.Texts.Count, set.Labels!.HeldOutHolding), Is.EqualTo((0, 0)));
    }
}
