using System.Text.Json;
using TextGan.Data.Rules;
using TextGan.Experiments.Reading;
using TextGan.Problems;

namespace TextGan.Tests.Data.Rules;

public class TextRuleTests
{
    const string Dog = """{"kind":"contains","text":"dog"}""";

    [TestCase(Dog, "A dog.", true)]
    [TestCase(Dog, "dog", true)]
    [TestCase(Dog, "\"dog,\" he said", true)]
    [TestCase(Dog, "Two dogs ran.", false)]
    [TestCase(Dog, "a bulldog", false)]
    [TestCase(Dog, "dogs and a dog", true, Description = "a part of a word does not hide the word")]
    [TestCase(Dog, "The Dog", false)]
    [TestCase(Dog, "", false)]
    [TestCase("""{"kind":"contains","text":"dog","ignoreCase":true}""", "The DOG", true)]
    [TestCase("""{"kind":"contains","text":"dog","match":"substring"}""", "Two dogs", true)]
    [TestCase("""{"kind":"contains","text":"\"","match":"substring"}""", "He said \"hi\".", true)]
    [TestCase("""{"kind":"contains","text":"\"","match":"substring"}""", "He said hi.", false)]
    [TestCase("""{"kind":"contains","text":"dog","exactly":1}""", "a dog and a cat", true)]
    [TestCase("""{"kind":"contains","text":"dog","exactly":1}""", "a dog and a dog", false)]
    [TestCase("""{"kind":"contains","text":"dog","exactly":1}""", "a cat", false)]
    [TestCase("""{"kind":"contains","text":"dog","exactly":0}""", "a cat", true)]
    [TestCase("""{"kind":"contains","text":"dog","exactly":0}""", "a dog", false)]
    [TestCase("""{"kind":"contains","text":"dog","minimum":2}""", "a dog and a dog", true)]
    [TestCase("""{"kind":"contains","text":"dog","minimum":2}""", "one dog", false)]
    [TestCase("""{"kind":"contains","text":"aa","match":"substring","exactly":2}""", "aaaaa", true, Description = "without overlaps")]
    [TestCase("""{"kind":"regex","pattern":"^The .* dog$"}""", "The big dog", true)]
    [TestCase("""{"kind":"regex","pattern":"^The .* dog$"}""", "the big dog", false)]
    [TestCase("""{"kind":"regex","pattern":"^The .* dog$","ignoreCase":true}""", "the big dog", true)]
    [TestCase("""{"kind":"length","minimum":3}""", " one  two\nthree ", true)]
    [TestCase("""{"kind":"length","minimum":3}""", "one two", false)]
    [TestCase("""{"kind":"length","maximum":2}""", "one two", true)]
    [TestCase("""{"kind":"length","maximum":2}""", "one two three", false)]
    [TestCase("""{"kind":"tail","words":2,"rule":{"kind":"contains","text":"happy"}}""", "They are very happy. ", true)]
    [TestCase("""{"kind":"tail","words":2,"rule":{"kind":"contains","text":"happy"}}""", "A happy dog ran.", false)]
    [TestCase("""{"kind":"tail","words":9,"rule":{"kind":"contains","text":"happy"}}""", "happy dog", true)]
    [TestCase("""{"kind":"all","rules":[{"kind":"contains","text":"a"},{"kind":"contains","text":"b"}]}""", "a b", true)]
    [TestCase("""{"kind":"all","rules":[{"kind":"contains","text":"a"},{"kind":"contains","text":"b"}]}""", "a c", false)]
    [TestCase("""{"kind":"any","rules":[{"kind":"contains","text":"a"},{"kind":"contains","text":"b"}]}""", "b c", true)]
    [TestCase("""{"kind":"any","rules":[{"kind":"contains","text":"a"},{"kind":"contains","text":"b"}]}""", "c", false)]
    [TestCase("""{"kind":"not","rule":{"kind":"contains","text":"a"}}""", "b", true)]
    [TestCase("""{"kind":"not","rule":{"kind":"contains","text":"a"}}""", "a", false)]
    public void A_rule_of_JSON_holds(string json, string text, bool holds) =>
        Assert.That(Read(json).Build().Holds(text), Is.EqualTo(holds));

    [TestCase("(", "$.rule.pattern: is not a regular expression: Invalid pattern '(' at offset 1. Not enough )'s.")]
    [TestCase("(a)\\1", "$.rule.pattern: cannot be matched in linear time: lookarounds, backreferences, atomic groups and very large " +
        "repetitions are not allowed.")]
    [TestCase("(?=a)", "$.rule.pattern: cannot be matched in linear time: lookarounds, backreferences, atomic groups and very large " +
        "repetitions are not allowed.")]
    public void A_bad_pattern_is_one_clear_error(string pattern, string message)
    {
        var options = new RegexRuleOptions { Pattern = pattern };
        Assert.That(options.Validate("$.rule").Select(problem => problem.ToString()), Is.EqualTo(new[] { message }));
        Assert.That(() => options.Build(), Throws.TypeOf<InvalidInputException>());
    }

    [Test]
    public void A_pattern_that_explodes_by_backtracking_is_fast() =>
        Assert.That(new RegexRuleOptions { Pattern = "^(a+)+$" }.Build().Holds(new string('a', 100_000) + "b"), Is.False);

    [Test]
    public void Rules_that_say_nothing_are_rejected()
    {
        Assert.That(new LengthRuleOptions { Minimum = 3, Maximum = 2 }.Validate("$.r").Single().ToString(),
            Is.EqualTo("$.r.maximum: is 2, but 'minimum' is 3; no text has such a length."));
        Assert.That(new LengthRuleOptions().Validate("$.r").Single().ToString(),
            Is.EqualTo("$.r: every text has such a length; give 'minimum', 'maximum' or both."));
        Assert.That(new AllRuleOptions().Validate("$.r").Single().ToString(),
            Is.EqualTo("$.r.rules: the list is empty; give at least one rule."));
        Assert.That(new AnyRuleOptions().Validate("$.r").Single().ToString(),
            Is.EqualTo("$.r.rules: the list is empty; give at least one rule."));
    }

    static TextRuleOptions Read(string json) => JsonSerializer.Deserialize<TextRuleOptions>(json, KindRegistry.BuiltIn.Json)!;
}
