using TextGan.Data;
using TextGan.Tests.Generators;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

/// <summary>Rows of a prompt and the text that answers it, with three special ids and with one.</summary>
public sealed class PromptedRowsTests
{
    /// <summary>Letters from id 3 on; padding 0, start 1, end 2.</summary>
    sealed class ThreeIds : ITokenizer
    {
        public int VocabularySize => 7;
        public int StartId => 1;
        public int? EndId => 2;
        public int PaddingId => 0;
        public int? UnknownId => null;
        public IReadOnlyList<string>? FittedVocabulary => null;
        public IReadOnlyList<int> Encode(string text) => [.. text.Select(letter => letter == '.' ? 2 : 3 + letter - 'a')];
        public string Decode(IReadOnlyList<int> ids) => string.Concat(ids.Where(id => id > 2).Select(TokenText));
        public string TokenText(int id) => id < 3 ? "" : $"{(char)('a' + id - 3)}";
    }

    static readonly TextEncoder encoder = new(new ThreeIds(), 6, 2);

    [TestCase(false), TestCase(true)]
    public void Long_prompts_keep_their_last_tokens_and_are_counted(bool streamed)
    {
        using var scope = NewDisposeScope();
        var split = new DataSplit(["a", "abcd", "b", "c"], ["b", "a", "b", "d"], ["abcd", "d", "", "cd"]) { Streamed = streamed };
        using var side = EncodedSide.Of(split, encoder);
        var texts = side.Texts.Texts([0, 1, 2], 2, CPU);
        Assert.That(texts.Ids.data<long>().ToArray(), Is.EqualTo(new long[] { 5, 6, 3, 2, 0, 0, 6, 3, 4, 5, 6, 2, 5, 6, 5, 2, 0, 0 }),
            "the third pair is equal and has no row");
        Assert.That(texts.Response.data<float>().ToArray(),
            Is.EqualTo(new float[] { 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0 }));
        Assert.That(side.Rejected!.Texts([0], 2, CPU).Ids.data<long>().ToArray(), Is.EqualTo(new long[] { 5, 6, 4, 2, 0, 0 }));
        Assert.That((side.Counts.Prompts, side.Counts.CutPrompts, side.Counts.Texts.Cut), Is.EqualTo((3L, 1L, 0L)));
        Assert.That(encoder.Responses(texts).Select(row => encoder.Tokenizer.Decode(row)), Is.EqualTo(new[] { "a", "abcd", "c" }));
        Assert.That(encoder.Decode(side.Texts.Prompts([2, 1])), Is.EqualTo(new[] { "cd", "d" }));
        Assert.That(encoder.Decode(side.Texts.Prompts([1, 0]).Repeat(2)), Is.EqualTo(new[] { "d", "d", "cd", "cd" }));
        Assert.That(encoder.Decode(texts.Ids), Is.EqualTo(new[] { "cda", "dabcd", "cdc" }), "neither start nor padding is text");
    }

    [Test]
    public void A_prompt_with_an_end_is_bad_input() => Assert.That(() => encoder.EncodeRow("a", new long[6], "b.c"),
        Throws.TypeOf<InvalidInputException>().With.Message.Contains("The text \"b.c\" becomes the end token (id 2) at token 2 of 3"));

    [Test]
    public void Prompts_of_a_step_are_a_function_of_the_step_and_each_comes_once_an_epoch()
    {
        using var scope = NewDisposeScope();
        using var side = EncodedSide.Of(new DataSplit(["a", "a", "a", "a"], Prompts: ["a", "b", "c", "d"]), encoder);
        string[] At(PromptSource source, long step) => [.. encoder.Decode(source.At(step, 2))];
        var source = new PromptSource(side.Texts, 1, "prompts");
        Assert.That(At(source, 0).Concat(At(source, 1)), Is.EquivalentTo(new[] { "a", "b", "c", "d" }));
        Assert.That(At(new PromptSource(side.Texts, 1, "prompts"), 3), Is.EqualTo(At(source, 3)));
        Assert.That(Enumerable.Range(0, 9).Select(step => string.Concat(At(source, step))), Is.Not.EqualTo(
            Enumerable.Range(0, 9).Select(step => string.Concat(At(new PromptSource(side.Texts, 2, "prompts"), step)))));
        Assert.That(encoder.Decode(PromptSource.Spread(side.Texts, 6)), Is.EqualTo(new[] { "a", "b", "c", "d", "a", "b" }));
    }
}
