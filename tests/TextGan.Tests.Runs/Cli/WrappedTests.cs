using TextGan.Cli.Display;

namespace TextGan.Tests.Cli;

public class WrappedTests
{
    [Test]
    public void BreaksAtSpaces()
    {
        Assert.That(Wrapped.Lines("one two three four", 9), Is.EqualTo(new[] { "one two", "three", "four" }));
        Assert.That(Wrapped.Lines("one two", 9, "  "), Is.EqualTo(new[] { "  one two" }));
        Assert.That(Wrapped.Lines("a verylongword b", 4), Is.EqualTo(new[] { "a", "verylongword", "b" }));
        Assert.That(Wrapped.Lines("one\n\ntwo  three", 80), Is.EqualTo(new[] { "one", "two three" }));
        Assert.That(Wrapped.Lines("", 80), Is.Empty);
        Assert.That(Wrapped.Lines("a\u001bb", 80), Is.EqualTo(new[] { "a\\u001bb" }));
    }

    [TestCase("One thing. Another.", "One thing.")]
    [TestCase("After (Goodfellow et al. The year). Then more.", "After (Goodfellow et al. The year).")]
    [TestCase("From 0.5 to 1, e.g. this. That.", "From 0.5 to 1, e.g. this.")]
    [TestCase("No end", "No end")]
    [TestCase("", "")]
    public void FindsTheFirstSentence(string text, string expected) => Assert.That(Wrapped.FirstSentence(text), Is.EqualTo(expected));
}
