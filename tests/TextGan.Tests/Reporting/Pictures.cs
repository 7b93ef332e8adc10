using System.Buffers.Binary;
using System.Xml.Linq;
using SkiaSharp;

namespace TextGan.Tests.Reporting;

/// <summary>What tests look for in pictures.</summary>
static class Pictures
{
    /// <summary>Pictures have their size, are whole, and neither empty nor black.</summary>
    public static void AssertPictures(IReadOnlyList<string> files)
    {
        foreach (var file in files)
        {
            if (file.EndsWith(".csv", StringComparison.Ordinal)) continue;
            if (file.EndsWith(".svg", StringComparison.Ordinal))
            {
                var root = XDocument.Load(file).Root!; // throws where it is not well-formed
                Assert.That((root.Name.LocalName, root.Attribute("viewBox")?.Value, root.Attribute("width")?.Value,
                    root.Attribute("height")?.Value), Is.EqualTo(("svg", "0 0 1200 700", "1200", "700")), file);
                Assert.That(root.Descendants().Select(element => element.Name.LocalName), Has.None.EqualTo("script"));
                continue;
            }
            Assert.That(file, Does.EndWith(".png"));
            var bytes = File.ReadAllBytes(file);
            // The PNG's own header: the first chunk, IHDR, begins at byte 8 with its size; width and height stand at 16 and 20.
            Assert.That((BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20))),
                Is.EqualTo((1200, 700)), file);
            using var picture = SKBitmap.Decode(bytes);
            var dark = Enumerable.Range(0, 1200 * 700).Count(i => picture.GetPixel(i % 1200, i / 1200) is { Red: < 140 });
            Assert.That(dark, Is.InRange(2000, 400_000), $"{file} is not empty and not black");
        }
    }

    /// <summary>The texts of an SVG, one a line.</summary>
    public static string Words(string svg) =>
        string.Join('\n', XDocument.Load(svg).Descendants().Where(element => element.Name.LocalName == "text")
        .Select(element => element.Value));

    /// <summary>The texts of an SVG without those that are blank.</summary>
    public static string[] Lines(string svg) =>
        Words(svg).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
