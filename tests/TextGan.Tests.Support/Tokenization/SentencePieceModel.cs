using System.Formats.Tar;
using System.IO.Compression;

namespace TextGan.Tests.Tokenization;

/// <summary>The models that Fixtures/make_sentencepiece_fixture.py made.</summary>
static class SentencePieceModel
{
    public static byte[] Bytes(string name)
    {
        var archive = typeof(SentencePieceModel).Assembly.GetManifestResourceStream(
            "TextGan.Tests.Tokenization.Fixtures.sentencepiece-models.tar.br")!;
        using var reader = new TarReader(new BrotliStream(archive, CompressionMode.Decompress));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.Name != name + ".model") continue;
            var bytes = new MemoryStream();
            entry.DataStream!.CopyTo(bytes);
            return bytes.ToArray();
        }
        throw new ArgumentException($"The fixture has no model {name}.");
    }
}
