using TextGan.Experiments.Reading;

namespace TextGan.Tests.Experiments;

public sealed class NearestMatchTests
{
    // Counted by hand: one swap; one letter left out; kitten → sitten → sittin → sitting.
    [TestCase("abcd", "abdc", 1)]
    [TestCase("abcd", "abd", 1)]
    [TestCase("kitten", "sitting", 3)]
    [TestCase("", "abc", 3)]
    [TestCase("same", "same", 0)]
    public void Distance_counts_slips(string a, string b, int distance)
    {
        Assert.That(NearestMatch.Distance(a, b), Is.EqualTo(distance));
        Assert.That(NearestMatch.Distance(b, a), Is.EqualTo(distance));
    }

    [TestCase("gumble-softmax", "gumbel-softmax")]
    [TestCase("gumbel", "gumbel-softmax")]
    [TestCase("GumbelSoftmax", "gumbel-softmax")]
    [TestCase("reinforse", "reinforce")]
    [TestCase("wasserstein", null)]
    [TestCase("x", null)]
    [TestCase("", null)]
    public void The_nearest_is_found(string word, string? nearest) =>
        Assert.That(NearestMatch.Of(word, ["gumbel-softmax", "reinforce"]), Is.EqualTo(nearest));
}
