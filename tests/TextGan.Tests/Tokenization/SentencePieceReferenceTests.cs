using System.Text.Json;
using TextGan.Tokenization;

namespace TextGan.Tests.Tokenization;

/// <summary>
/// Ids and texts are those of the reference implementation, SentencePiece 0.1.97: for models of every kind and with every setting
/// that counts, over odd texts (Fixtures/make_sentencepiece_fixture.py made both).
/// </summary>
public sealed class SentencePieceReferenceTests : FileTests
{
    /// <param name="Ids">By text; null where the reference fails, because the text has a control symbol.</param>
    public sealed record Expected(string Name, int Size, int Start, int End, int Unknown, int[]?[] Ids, int[][] Sequences, string[] Decoded)
    {
        public override string ToString() => Name;
    }

    sealed record Fixture(string[] Texts, Expected[] Models);

    static readonly Fixture Reference = JsonSerializer.Deserialize<Fixture>(typeof(SentencePieceModel).Assembly.GetManifestResourceStream(
            "TextGan.Tests.Tokenization.Fixtures.sentencepiece.json")!, JsonSerializerOptions.Web)!;

    static IEnumerable<Expected> Models => Reference.Models;

    ITokenizer Tokenizer(string name) => new SentencePieceTokenizer(files.Write($"{name}.model", SentencePieceModel.Bytes(name)));

    [TestCaseSource(nameof(Models))]
    public void Ids_are_the_reference_s(Expected expected)
    {
        var tokenizer = Tokenizer(expected.Name);
        Assert.That((tokenizer.VocabularySize, tokenizer.StartId, tokenizer.EndId, tokenizer.UnknownId),
            Is.EqualTo((expected.Size, expected.Start, (int?)expected.End, (int?)expected.Unknown)));
        Assert.Multiple(() =>
        {
            foreach (var (text, ids) in Reference.Texts.Zip(expected.Ids))
            {
                if (ids is not null) Assert.That(tokenizer.Encode(text), Is.EqualTo(ids), $"\"{text}\"");
                else Assert.That(tokenizer.Encode(text), Is.Not.Empty.And.None.AnyOf(tokenizer.StartId, tokenizer.EndId), $"\"{text}\"");
            }
        });
    }

    [TestCaseSource(nameof(Models))]
    public void Decoded_texts_are_the_reference_s(Expected expected)
    {
        var tokenizer = Tokenizer(expected.Name);
        Assert.Multiple(() =>
        {
            foreach (var (ids, text) in expected.Sequences.Zip(expected.Decoded)) Assert.That(
                tokenizer.Decode(ids), Is.EqualTo(text), string.Join(' ', ids));
        });
    }
}
