using TextGan.Reporting.Documents;

namespace TextGan.Tests.Reporting.Documents;

public sealed class NamePatternTests
{
    [TestCase("term/*/raw", "term/a/b/raw", true)]
    [TestCase("term/*/raw", "term/a/raw/more", false)]
    [TestCase("*", "", true)]
    [TestCase("a?c", "abc", false)]
    [TestCase("a?c", "a?c", true)]
    [TestCase(@"a\*", @"a\b", true)]
    [TestCase(@"a\*", "a*", false)]
    [TestCase(@"a\\b", @"a\b", false)]
    [TestCase("A", "a", false)]
    public void Only_the_star_is_special(string pattern, string name, bool fits) =>
        Assert.That(NamePattern.Fits(pattern, name), Is.EqualTo(fits));
}
