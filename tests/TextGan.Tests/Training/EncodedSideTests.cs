using TextGan.Data;
using TextGan.Tokenization;
using TextGan.Training;

namespace TextGan.Tests.Training;

public class EncodedSideTests
{
    static readonly TextEncoder encoder = new(WordTokenizer.Restore(["<end>", "<unk>", "a", "b", "c"]), 3);

    /// <summary>
    /// The second pair differs in what is cut away, the fourth in unknown words; the fifth and the sixth differ in their ends and their
    /// order.
    /// </summary>
    static readonly DataSplit pairs = new(["a", "a b c a", "b", "a x", "a", "a b"], ["b", "a b c b", "c", "a y", "a a", "b a"]);

    [TestCase(false), TestCase(true)]
    public void Pairs_that_are_equal_after_encoding_have_no_row_and_the_others_stay_together(bool streamed)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var heard = new List<string>();
        using var side = EncodedSide.Of(pairs with { Streamed = streamed }, encoder, (text, encoded) =>
            heard.Add($"{text}:{encoded.Ids.Count}"));
        string[] Texts(IdRows rows) => [.. encoder.Decode(TrainingRig.All(rows))];
        Assert.That(Texts(side.Texts), Is.EqualTo(new[] { "a", "b", "a", "a b" }));
        Assert.That(Texts(side.Rejected!), Is.EqualTo(new[] { "b", "c", "a a", "b a" }));
        Assert.That(side.Counts.EqualPairs, Is.EqualTo(2));
        Assert.That((side.Counts.Texts.Count, side.Counts.Texts.Cut, side.Counts.Rejected!.Count, side.Counts.Rejected.Cut),
            Is.EqualTo((6, 1, 6, 1)), "of all pairs");
        Assert.That(heard, Is.EqualTo(
            pairs.Texts.Zip(pairs.Rejected!).SelectMany(pair => new[] { pair.First, pair.Second })
            .Select(text => $"{text}:{text.Split(' ').Length}")));
    }

    [TestCase(false), TestCase(true)]
    public void Nothing_may_be_left(bool streamed)
    {
        using var side = EncodedSide.Of(new DataSplit(["x"], ["y"]) { Streamed = streamed }, encoder);
        Assert.That((side.Texts.Count, side.Rejected!.Count, side.Counts.EqualPairs), Is.EqualTo((0, 0, 1)));
    }

    /// <summary>Of the last text the ids are another vocabulary's.</summary>
    [Test]
    public void A_text_keeps_the_ids_that_it_was_drawn_as_where_they_are_those_of_this_tokenizer()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var twice = new TextEncoder(new TwoForms(), 4);
        using var side = EncodedSide.Of(new DataSplit(["ab", "ab", "a"], ["ab", "b", "b"])
        {
            Drawn = [[1, 2], [3], [7]], DrawnRejected = [[3], [2], [2]],
        }, twice);
        Assert.That(TrainingRig.All(side.Texts).data<long>().ToArray().Chunk(4),
            Is.EqualTo(new long[][] { [1, 2, 0, 0], [3, 0, 0, 0], [1, 0, 0, 0] }));
        Assert.That(TrainingRig.All(side.Rejected!).data<long>().ToArray().Chunk(4),
            Is.EqualTo(new long[][] { [3, 0, 0, 0], [2, 0, 0, 0], [2, 0, 0, 0] }));
    }

    /// <summary>1 is a, 2 is b, 3 is ab, to which "ab" is encoded; 0 starts and ends a text.</summary>
    sealed class TwoForms : ITokenizer
    {
        static readonly string[] tokens = ["", "a", "b", "ab"];

        public int VocabularySize => tokens.Length;
        public int StartId => 0;
        public int? EndId => 0;
        public int? UnknownId => null;
        public IReadOnlyList<string>? FittedVocabulary => null;
        public IReadOnlyList<int> Encode(string text) => [Array.IndexOf(tokens, text)];
        public string Decode(IReadOnlyList<int> ids) => string.Concat(ids.Select(id => tokens[id]));
        public string TokenText(int id) => tokens[id];
    }

    [Test]
    public void Texts_that_repeat_each_other_all_have_a_row()
    {
        using var side = EncodedSide.Of(new DataSplit(["x", "y", "x"]), encoder);
        Assert.That((side.Texts.Count, side.Counts.EqualPairs), Is.EqualTo((3, 0)));
    }
}
