using System.Text;
using CsCheck;

namespace TextGan.Tests.Tokenization;

/// <summary>Generators of texts for property tests.</summary>
static class RandomText
{
    static readonly Gen<Rune> AnyScalar = Gen.Int[0, 0x10FFFF - 0x800].Select(code => new Rune(code < 0xD800 ? code : code + 0x800));

    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    static Gen<Rune> Among(string characters) => OneOf([.. characters.EnumerateRunes()]);

    /// <summary>
    /// Letters, blanks of all sorts, controls (NUL too), punctuation, scripts with and without case, emoji, any scalar value.
    /// </summary>
    public static readonly Gen<Rune> Character = Gen.OneOf(
        Among("abcdefgzABZ"), Among("  \t\n\r\u00A0\u2003\u2028\u0085"), Among("\0\u0001\u001B\u007F\uFEFF\u200B\u200D"),
            Among(".,;:!?'\"()-_<>|%#…—￭▁Ġ"),
        Among("äßéЖжλ日本語한"), Among("😀🦜👩🇩𝔘"), AnyScalar);

    /// <summary>Well-formed Unicode of 0 to 30 characters; the special tokens of the tokenizers occur in it.</summary>
    public static readonly Gen<string> Unicode = Gen.OneOf(
            Character.Select(rune => rune.ToString()), Character.Select(rune => rune.ToString()),
            OneOf("<end>", "<unk>", "<s>", "</s>", "<|endoftext|>", "<|endofprompt|>", "<|", "|>", "word", " the"))
        .Array[0, 30].Select(string.Concat);
}
