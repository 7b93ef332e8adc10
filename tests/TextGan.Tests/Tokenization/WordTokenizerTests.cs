using CsCheck;
using TextGan.Tokenization;

namespace TextGan.Tests.Tokenization;

public class WordTokenizerTests
{
    static ITokenizer Build(WordTokenizerOptions options, params string[] texts) => options.Build(new TokenizerContext("", texts));

    static string Folded(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Test]
    public void The_vocabulary_is_by_frequency_and_then_ordinal()
    {
        // c 3 times, b and B and a 2 times (ordinal: B before a before b), d once
        var tokenizer = Build(new(), "c b c", "a B d", "b B\tc a");
        Assert.That(tokenizer.FittedVocabulary, Is.EqualTo(new[] { "<end>", "<unk>", "c", "B", "a", "b", "d" }));
        Assert.That(tokenizer.Encode("  d c\n\tx B "), Is.EqualTo(new[] { 6, 2, 1, 3 }));
        Assert.That(tokenizer.Decode([0, 6, 2, 1, 3, 0, 0]), Is.EqualTo("d c <unk> B"));
        Assert.That((tokenizer.VocabularySize, tokenizer.StartId, tokenizer.EndId, tokenizer.UnknownId),
            Is.EqualTo((7, 0, (int?)0, (int?)1)));
        Assert.That(new[] { tokenizer.TokenText(0), tokenizer.TokenText(1), tokenizer.TokenText(3) },
            Is.EqualTo(new[] { "<end>", "<unk>", "B" }));
    }

    [Test]
    public void The_limit_counts_the_special_tokens() =>
        Assert.That(Build(new() { Vocabulary = 4 }, "a b c c b c").FittedVocabulary, Is.EqualTo(new[] { "<end>", "<unk>", "c", "b" }));

    [Test]
    public void Rare_words_are_left_out() =>
        Assert.That(Build(new() { MinimumCount = 2 }, "a b c c b c").FittedVocabulary, Is.EqualTo(new[] { "<end>", "<unk>", "c", "b" }));

    [Test]
    public void Case_is_folded_on_demand()
    {
        var tokenizer = Build(new() { Lowercase = true }, "The the ÄRGER");
        Assert.That(tokenizer.FittedVocabulary, Is.EqualTo(new[] { "<end>", "<unk>", "the", "ärger" }));
        Assert.That(tokenizer.Encode("THE Ärger"), Is.EqualTo(new[] { 2, 3 }));
        Assert.That(Build(new(), "The the").Encode("The THE the"), Is.EqualTo(new[] { 2, 1, 3 }));
    }

    [Test]
    public void A_word_spelt_like_a_special_token_is_an_ordinary_word()
    {
        var known = Build(new(), "<end> <end> <unk> a");
        Assert.That(known.Encode("<end> <unk> a"), Is.EqualTo(new[] { 2, 3, 4 }));
        Assert.That(known.Decode([2, 3, 4]), Is.EqualTo("<end> <unk> a"));
        var again = new WordTokenizerOptions().Build(new TokenizerContext("", [], known.FittedVocabulary));
        Assert.That(again.Encode("<end> <unk> a"), Is.EqualTo(new[] { 2, 3, 4 }));
        Assert.That(Build(new(), "a").Encode("<end> a <unk>"), Is.EqualTo(new[] { 1, 2, 1 }));
    }

    [Test]
    public void Punctuation_is_split_with_marks_where_it_touched()
    {
        var tokenizer = Build(new() { SplitPunctuation = true }, "it's (so) good... , \"x\"");
        string[] Pieces(string text) => [.. tokenizer.Encode(text).Select(tokenizer.TokenText)];
        Assert.That(Pieces("it's (so) good... , \"x\""), Is.EqualTo(new[]
        {
            "it", "￭'￭", "s", "(￭", "so", "￭)", "good", "￭.", "￭.", "￭.", ",", "\"￭", "x", "￭\"",
        }));
        // Marks decide the blanks of any sequence of tokens, one that no text gave included.
        int Id(string token) => tokenizer.FittedVocabulary!.ToList().IndexOf(token);
        Assert.That(tokenizer.Decode([Id("(￭"), Id("it"), Id(","), Id("s"), Id("￭."), Id("so"), 1]), Is.EqualTo("(it , s. so <unk>"));
    }

    [Test]
    public void Decoding_gives_the_text_with_single_blanks([Values] bool splitPunctuation) => RandomText.Unicode.Array[1, 5].Sample(texts =>
    {
        if (texts.All(string.IsNullOrWhiteSpace)) return;
        var tokenizer = Build(new() { SplitPunctuation = splitPunctuation }, texts);
        foreach (var text in texts) Assert.That(tokenizer.Decode(tokenizer.Encode(text)), Is.EqualTo(Folded(text)));
    }, iter: 2000);

    [Test]
    public void The_stored_vocabulary_makes_the_same_tokenizer([Values] bool splitPunctuation, [Values] bool lowercase) =>
        Gen.Select(RandomText.Unicode.Array[1, 5], RandomText.Unicode).Sample((texts, other) =>
        {
            if (texts.All(string.IsNullOrWhiteSpace)) return;
            var options = new WordTokenizerOptions { SplitPunctuation = splitPunctuation, Lowercase = lowercase, Vocabulary = 20 };
            var tokenizer = Build(options, texts);
            var again = options.Build(new TokenizerContext("", ["other texts"], tokenizer.FittedVocabulary));
            Assert.That(again.FittedVocabulary, Is.EqualTo(tokenizer.FittedVocabulary));
            Assert.That(tokenizer.VocabularySize, Is.LessThanOrEqualTo(20));
            foreach (var text in texts.Append(other))
            {
                var ids = tokenizer.Encode(text);
                Assert.That(again.Encode(text), Is.EqualTo(ids));
                Assert.That(again.Decode(ids), Is.EqualTo(tokenizer.Decode(ids)));
                Assert.That(ids, Has.None.EqualTo(tokenizer.EndId));
            }
        }, iter: 500);

    [Test]
    public void The_order_of_the_texts_does_not_matter()
    {
        var texts = Enumerable.Range(0, 200).Select(i => $"w{i % 17} w{i % 5} w{i}").ToArray();
        Assert.That(Build(new(), [.. texts.Reverse()]).FittedVocabulary, Is.EqualTo(Build(new(), texts).FittedVocabulary));
    }

    [Test]
    public void Half_a_surrogate_pair_is_the_replacement_character() =>
        Assert.That(Build(new(), "a\uFFFDb").Encode("a\uD800b"), Is.EqualTo(new[] { 2 }));

    [Test]
    public void Nothing_to_learn_from_is_an_error() => Assert.That(() => Build(new() { MinimumCount = 3 }, "a a", " "),
        Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            "$.tokenizer: No word occurs at least 3 times in the training texts, so there is nothing to learn a vocabulary from."));

    [TestCase("<end>;<unk>;a;b;a", "stored vocabulary: The entries 2 and 4 are both \"a\".")]
    [TestCase("<end>;<unk>;a b", "stored vocabulary: The entry 2 (\"a b\") is no word.")]
    [TestCase("<end>;<unk>;", "stored vocabulary: The entry 2 (\"\") is no word.")]
    [TestCase("<end>;<unk>;a.", "stored vocabulary: The entry 2 (\"a.\") is no word.")]
    [TestCase("<end>;a;b",
        "stored vocabulary: It has 3 entries and begins with \"<end>\", \"a\" where \"<end>\", \"<unk>\" and at least one word are " +
        "expected.")]
    public void A_damaged_stored_vocabulary_is_refused(string vocabulary, string message) =>
        Assert.That(() => new WordTokenizerOptions { SplitPunctuation = true }.Build(new TokenizerContext("", [], vocabulary.Split(';'))),
            Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(message));

    [Test]
    public void A_hundred_thousand_sentences_are_encoded_in_a_second()
    {
        var random = new Random(1);
        var texts = Enumerable.Range(0, 100_000).Select(
            _ => string.Join(' ', Enumerable.Range(0, 20).Select(_ => $"word{random.Next(20_000)}"))).ToArray();
        var tokenizer = Build(new(), texts);
        var best = Enumerable.Range(0, 3).Min(_ =>
        {
            var clock = new ProcessorClock();
            foreach (var text in texts) tokenizer.Encode(text);
            return clock.Elapsed;
        });
        TestContext.Out.WriteLine($"{best.TotalSeconds:F3} s");
        Assert.That(best.TotalSeconds, Is.LessThan(1));
    }
}
