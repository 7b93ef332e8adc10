using TextGan.Tokenization;

namespace TextGan.Tests.Tokenization;

public sealed class ValidatingTokenizerTests : FileTests
{
    /// <summary>Options of this assembly count as a plug-in's; every text has the same ids.</summary>
    [Kind("fixed")]
    sealed record FixedOptions(params int[] Ids) : TokenizerOptions
    {
        public override ITokenizer Build(TokenizerContext context) => new Fixed(Ids);
    }

    sealed class Fixed(int[] ids) : ITokenizer
    {
        public int VocabularySize => 5;
        public int StartId => 0;
        public int? EndId => 0;
        public int? UnknownId => null;
        public IReadOnlyList<string>? FittedVocabulary => null;
        public IReadOnlyList<int> Encode(string text) => ids;
        public string Decode(IReadOnlyList<int> ids) => "";
        public string TokenText(int id) => "";
    }

    const string Plugin = "$.tokenizer: the plug-in 'TextGan.Tests' (kind 'fixed') ";

    static ITokenizer Build(params int[] ids) => ValidatingTokenizer.Build(new FixedOptions(ids), new TokenizerContext("", []));

    static void Refused(ITokenizer tokenizer, string text, string message) =>
        Assert.That(() => tokenizer.Encode(text), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(message));

    [TestCase(5)]
    [TestCase(-1)]
    public void An_id_outside_the_vocabulary_is_named_with_the_text(int id)
    {
        Refused(Build(1, id), "a\u001b[2Jb", Plugin + $"gives the id {id} for the text \"a\\u001b[2Jb\"; ids are from 0 to 4.");
        Refused(Build(1, id), new string('x', 61),
            Plugin + $"gives the id {id} for the text \"{new string('x', 60)}…\"; ids are from 0 to 4.");
        Assert.That(Build(4, 0).Encode("a"), Is.EqualTo(new[] { 4, 0 }));
    }

    [Test]
    public void A_text_without_tokens_is_named()
    {
        Refused(Build(), "a", Plugin + "gives no token for the text \"a\", which would count as empty.");
        Refused(Build(), " \u0301", Plugin + "gives no token for the text \" \u0301\", which would count as empty.");
    }

    [TestCase("")]
    [TestCase(" \t\n\u3000")]
    [TestCase("\u200b\ufeff\u0001")]
    public void A_text_that_shows_nothing_may_have_no_token(string text) => Assert.That(Build().Encode(text), Is.Empty);

    [Test]
    public void The_program_s_own_tokenizers_are_checked_too()
    {
        files.Write("tokenizer.model", SentencePieceModel.Bytes("word"));
        var tokenizer = ValidatingTokenizer.Build(
            new SentencePieceTokenizerOptions { Model = "tokenizer.model" }, new TokenizerContext(files.Folder, []));
        // The reference's word model has no token for it either: it is a blank, and blanks at the end go.
        Refused(tokenizer, "▁",
            "$.tokenizer: the tokenizer 'sentencepiece' gives no token for the text \"▁\", which would count as empty.");
        Assert.That(tokenizer.Encode(" "), Is.Empty);
        Assert.That(tokenizer.Encode("A"), Is.Not.Empty);
    }
}
