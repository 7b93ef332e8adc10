using System.Text.Json;

namespace TextGan.Tests.Metrics;

/// <summary>Values of NLTK; Fixtures/bleu.json says how they were obtained.</summary>
sealed record BleuFixture(string How, BleuFixture.SentenceCase[] Bleu, BleuFixture.SetCase[] SelfBleu)
{
    /// <summary>Expected: BLEU-2, 3, 4, 5.</summary>
    public sealed record SentenceCase(string Name, int[][] References, int[] Hypothesis, double[] Expected)
    {
        public override string ToString() => Name;
    }

    /// <summary>Expected: Self-BLEU-2, 3, 4, 5.</summary>
    public sealed record SetCase(string Name, int[][] Texts, double[] Expected)
    {
        public override string ToString() => Name;
    }

    public static BleuFixture Load()
    {
        using var stream = typeof(BleuFixture).Assembly.GetManifestResourceStream("TextGan.Tests.Metrics.Fixtures.bleu.json")!;
        return JsonSerializer.Deserialize<BleuFixture>(stream, JsonSerializerOptions.Web)!;
    }
}
