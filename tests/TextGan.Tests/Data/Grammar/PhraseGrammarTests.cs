using TextGan.Data;
using TextGan.Data.Grammar;

namespace TextGan.Tests.Data.Grammar;

/// <summary>The mechanism, on a grammar small enough to enumerate and to compute by hand.</summary>
public class PhraseGrammarTests
{
    const string Tiny = """
        feature number singular plural
        feature mood glad sad
        attribute glad mood=glad | mood=none number!=plural
        Start
          2 Subject Verb Tail .
          1 nobody ( sleeps | 3 eats ) .
          [number=singular] the dog Verb .    # a second derivation of a sentence above
        Subject
          [number=singular] the dog
          2 [number=plural] the dogs
          1 you
        Verb
          [number=singular] sleeps
          [number=plural] sleep
        Tail
          3 ( )
          Mood with Them
          [number!=plural] alone
        Mood
          [mood=glad|sad] ( )
        Them
          [number=singular] ( 2 it | him )
          [number=plural] them
        """;

    static PhraseGrammar Read(string text, string start = "Start")
    {
        var builder = new GrammarBuilder();
        new PhraseReader(builder, "tiny.txt").Read(text);
        return builder.Build(start);
    }

    /// <summary>Every derivation with its probability, by expanding the leftmost rule in every way.</summary>
    static IEnumerable<(string Text, double Probability, UInt128 Features)> Derivations(PhraseGrammar grammar)
    {
        IEnumerable<(string, double, UInt128)> Expand(string done, int[] pending, double probability, UInt128 features)
        {
            if (pending is []) return [(done.TrimStart(), probability, features)];
            if (pending[0] < 0) return Expand($"{done} {grammar.Words[~pending[0]]}", pending[1..], probability, features);
            var fitting = grammar.AlternativesOf(pending[0])
                .Select(alternative =>
                    { var after = features; return (alternative, after, fits: alternative.TryApply(ref after), bound: after); })
                .Where(choice => choice.fits).ToList();
            var total = fitting.Sum(choice => choice.alternative.Weight);
            return fitting.SelectMany(
                choice => Expand(done, [.. choice.alternative.Symbols, .. pending[1..]], probability * choice.alternative.Weight / total,
                choice.bound));
        }
        return Expand("", [grammar.Start], 1, 0);
    }

    [Test]
    public void Probabilities_of_all_sentences_sum_to_one_and_equal_the_sum_over_derivations()
    {
        var grammar = Read(Tiny);
        var parser = new GrammarParser(grammar);
        var sentences = Derivations(grammar).GroupBy(d => d.Text).ToDictionary(g => g.Key, g => g.Sum(d => d.Probability));

        Assert.That(sentences.Values.Sum(), Is.EqualTo(1).Within(1e-12));
        Assert.That(sentences.Sum(s => Math.Exp(parser.Judge(s.Key).LogProbability)), Is.EqualTo(1).Within(1e-12));
        foreach (var (text, probability) in sentences)
            Assert.That(parser.Judge(text).LogProbability, Is.EqualTo(Math.Log(probability)).Within(1e-12), text);
    }

    // By hand: Start weighs 2 + 1 + 1, Subject 1 + 2 + 1; with a singular subject Tail weighs 3 + 1 + 1, with a plural one 3 + 1.
    [TestCase("nobody eats .", 1.0 / 4 * 3 / 4)]
    [TestCase("the dog sleeps .", 1.0 / 4 + 2.0 / 4 * 1 / 4 * 3 / 5)]
    [TestCase("the dogs sleep .", 2.0 / 4 * 2 / 4 * 3 / 4)]
    [TestCase("you sleep .", 2.0 / 4 * 1 / 4 * 1 / 2 * 3 / 4)]
    [TestCase("you sleeps with it .", 2.0 / 4 * 1 / 4 * 1 / 2 * 1 / 5 * 2 / 3)]
    [TestCase("the dog sleeps alone .", 2.0 / 4 * 1 / 4 * 1 / 5)]
    public void Probability_by_hand(string text, double probability) =>
        Assert.That(new GrammarParser(Read(Tiny)).Judge(text).LogProbability, Is.EqualTo(Math.Log(probability)).Within(1e-12));

    [TestCase("the dogs sleeps .")]
    [TestCase("the dogs sleep with it .")]
    [TestCase("the dogs sleep alone .")]
    [TestCase("the dog sleeps")]
    [TestCase("the dog sleeps . .")]
    [TestCase("the  dog sleeps .")]
    [TestCase(" the dog sleeps .")]
    [TestCase("the dog sleeps . ")]
    [TestCase("the cat sleeps .")]
    [TestCase("The dog sleeps .")]
    [TestCase("")]
    public void What_cannot_be_derived_has_no_probability_and_no_attribute(string text)
    {
        var judgement = new GrammarParser(Read(Tiny)).Judge(text);
        Assert.That(judgement.LogProbability, Is.EqualTo(double.NegativeInfinity));
        Assert.That(judgement.IsGrammatical, Is.False);
        Assert.That(judgement.Attributes, Is.EqualTo(new[] { false }));
    }

    [Test]
    public void Samples_follow_the_probabilities()
    {
        var grammar = Read(Tiny);
        var parser = new GrammarParser(grammar);
        var random = new SeededRandom(5, "chi-square");
        const int n = 40_000;
        var counts = Enumerable.Range(0, n).Select(_ => grammar.Sample(random).Text).GroupBy(t => t)
            .ToDictionary(g => g.Key, g => g.Count());
        var expected = Derivations(grammar).Select(d => d.Text).Distinct()
            .ToDictionary(t => t, t => n * Math.Exp(parser.Judge(t).LogProbability));
        var chiSquare = expected.Sum(e => Math.Pow(counts.GetValueOrDefault(e.Key) - e.Value, 2) / e.Value);
        var freedom = expected.Count - 1;
        // The mean of chi-square is its degrees of freedom, its deviation sqrt(2 freedom): four deviations above are 1 in 10,000 or less.
        Assert.That(chiSquare, Is.LessThan(freedom + 4 * Math.Sqrt(2 * freedom)));
        Assert.That(expected.Keys, Is.SupersetOf(counts.Keys));
    }

    [Test]
    public void A_sample_tells_its_derivation()
    {
        var grammar = Read(Tiny);
        var random = new SeededRandom(1, "derivation");
        var derivations = Derivations(grammar).ToList();
        for (var i = 0; i < 200; i++)
        {
            var sentence = grammar.Sample(random);
            Assert.That(derivations.Any(d => d.Text == sentence.Text && d.Features == sentence.Features
                && Math.Abs(Math.Log(d.Probability) - sentence.DerivationLogProbability) < 1e-12));
        }
    }

    [Test]
    public void Attributes_are_read_from_features_and_a_disagreement_shows()
    {
        var parser = new GrammarParser(Read(Tiny));
        Assert.That(parser.Judge("the dog sleeps .").Attributes[0], Is.True, "no mood, not plural");
        Assert.That(parser.Judge("the dogs sleep .").Attributes[0], Is.False, "no mood, plural");
        Assert.That(parser.Judge("the dog sleeps .").Unanimous, Is.True);
        Assert.That(parser.Judge("the dog sleeps with it .").Unanimous, Is.False, "glad and sad by turns: the text does not tell");
        Assert.That(parser.Judge("the dog sleeps with it .").Derivations, Is.EqualTo(2));
    }

    [Test]
    public void A_dead_end_is_named()
    {
        var grammar = Read("""
            feature number singular plural
            Start
              [number=plural] dogs Verb
            Verb
              [number=singular] sleeps
            """);
        Assert.That(() => grammar.Sample(new SeededRandom(1, "")),
            Throws.InvalidOperationException.With.Message.EqualTo("No alternative of the rule Verb fits number=plural."));
        Assert.That(new GrammarParser(grammar).Judge("dogs sleeps").IsGrammatical, Is.False);
    }

    [TestCase("Start\n  a\nOther\n  b", "Never reached from Start: Other.")]
    [TestCase("Start\n  a Other", "The rule Other is used and has no alternative.")]
    [TestCase("Start\n  a Other\nOther\n  b Start", "The rule Start contains itself: sentences would have no longest length.")]
    [TestCase("Other\n  a", "There is no rule Start to start from.")]
    public void Build_finds_what_is_wrong_as_a_whole(string text, string message) =>
        Assert.That(() => Read(text), Throws.ArgumentException.With.Message.EqualTo(message));

    [TestCase("  a", "tiny.txt:1: An alternative stands before the first rule.")]
    [TestCase("Start\n  a ( b", "tiny.txt:2: A parenthesis is not closed.")]
    [TestCase("Start\n  a ) b", "tiny.txt:2: ')' stands outside of parentheses.")]
    [TestCase("Start\n  0 a", "tiny.txt:2: The weight 0 of an alternative of Start is not a positive number.")]
    [TestCase("Start\n  [number=plural] a", "tiny.txt:2: There is no feature 'number'; there are .")]
    [TestCase("feature number one two\nStart\n\n  [number=three] a",
        "tiny.txt:4: The feature 'number' has no value 'three'; it has one, two.")]
    [TestCase("feature number one two\nfeature number one", "tiny.txt:2: The feature 'number' is declared twice.")]
    [TestCase("feature number one one", "tiny.txt:1: The feature 'number' names a value twice.")]
    [TestCase("Start\n  a\nStart\n  b", "tiny.txt:3: The rule Start is defined twice.")]
    [TestCase("start\n  a", "tiny.txt:1: 'start' is no feature, no attribute and no name of a rule, which starts with a capital.")]
    [TestCase("feature n a\nStart\n  [n=a", "tiny.txt:3: A bracket is not closed.")]
    [TestCase("feature n a\nStart\n  [n] b", "tiny.txt:3: 'n' is no condition; write feature=value or feature!=value.")]
    public void Reader_names_the_line(string text, string message) =>
        Assert.That(() => Read(text), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(message));

    [TestCase("thing rose roses", "world.txt:1: 'thing' stands before the first topic.")]
    [TestCase("topic a\n  problem dust | water",
        "world.txt:2: 'problem dust | water' is none of: thing; problem with three columns; remedy with two or more; wants.")]
    [TestCase("topic a\n thing r rs\n wants x\n problem p | n | v\n problem q | m | v, w\n remedy v | t\n remedy w | t",
        "world.txt: Topic a: 'p' has one remedy; two are needed, so that one can be advised against.")]
    [TestCase("topic a\n thing r rs\n wants x\n problem p | n | v, u\n problem q | m | v, w\n remedy v | t\n remedy w | t",
        "world.txt: Topic a: the remedy 'u' of 'p' is not described.")]
    [TestCase("topic a\n thing r rs\n problem p | n | v", "world.txt: Topic a: things and wanted substances are needed.")]
    public void World_reader_names_what_is_wrong(string text, string message) =>
        Assert.That(() => new WorldReader(new GrammarBuilder(), "world.txt").Read(text),
            Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(message));

    [Test]
    public void Features_are_bounded()
    {
        var table = new FeatureTable();
        for (var i = 0; i < 16; i++) table.Declare($"f{i}", Enumerable.Range(0, 255).Select(v => $"v{v}"));
        Assert.That(() => table.Declare("f16", ["a"]),
            Throws.ArgumentException.With.Message.EqualTo("The feature 'f16' is one too many: 16 are the most."));
        var features = FeatureTable.With(FeatureTable.With(0, 15, 255), 3, 7);
        Assert.That(FeatureTable.Get(features, 15), Is.EqualTo(255));
        Assert.That(FeatureTable.Get(features, 4), Is.EqualTo(0));
        Assert.That(table.Show(features), Is.EqualTo("f3=v6 f15=v254"));
        Assert.That(() => new FeatureTable().Declare("many", Enumerable.Range(0, 256).Select(v => $"v{v}")),
            Throws.ArgumentException.With.Message.EqualTo("The feature 'many' has 256 values; 1 to 255 are allowed."));
    }
}
