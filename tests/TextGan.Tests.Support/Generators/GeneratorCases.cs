using System.Text.Json;
using TextGan.Generators;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

/// <summary>
/// Small generators of every kind and variant, built from JSON as an experiment builds them, with distributions that are far from flat.
/// </summary>
static class GeneratorCases
{
    public const int V = 7, T = 5, Start = 1, End = 1;

    public static readonly string[] Lstm =
    [
        """{"kind":"lstm","embedding":4,"hidden":6,"initialStandardDeviation":0.7}""",
        """{"kind":"lstm","embedding":5,"hidden":5,"layers":2,"tieEmbeddings":true,"dropout":0.3,"initialStandardDeviation":0.7}""",
        """{"kind":"lstm","embedding":4,"hidden":6,"layers":3,"tieEmbeddings":true,"dropout":0.3,"initialStandardDeviation":0.7}""",
    ];

    public static readonly string[] Transformer =
    [
        """{"kind":"transformer","hidden":8,"layers":2,"heads":2,"feedForward":12,"dropout":0.3,"initialStandardDeviation":0.6}""",
        """{"kind":"transformer","hidden":8,"layers":2,"heads":4,"keyValueHeads":2,"tieEmbeddings":false,"initialStandardDeviation":0.6}""",
        """{"kind":"transformer","hidden":12,"layers":1,"heads":3,"keyValueHeads":1,"ropeTheta":50,"epsilon":0.01""" +
            ""","dropout":0.3,"initialStandardDeviation":0.6}""",
    ];

    public static readonly string[] Memory =
    [
        """{"kind":"relational-memory","embedding":4,"heads":2,"headSize":3}""",
        """{"kind":"relational-memory","embedding":5,"slots":3,"heads":1,"headSize":4,"mlpLayers":3}""",
    ];

    public static readonly string[] All = [.. Lstm, .. Transformer, .. Memory];

    public static readonly string[] WithDropout = [.. All.Where(json => json.Contains("dropout", StringComparison.Ordinal))];

    public static readonly string[] Tied =
    [
        .. All.Where(json => json.Contains("\"tieEmbeddings\":true", StringComparison.Ordinal) ||
            (json.Contains("transformer", StringComparison.Ordinal) && !json.Contains("tieEmbeddings", StringComparison.Ordinal))),
    ];

    public static GeneratorOptions Read(string json) => JsonSerializer.Deserialize<GeneratorOptions>(json, CaseJson.Options)!;

    /// <summary>Built after seeding; in evaluation mode.</summary>
    public static Generator Build(string json, long seed = 1, int vocabularySize = V, int length = T)
    {
        manual_seed(seed);
        var model = Read(json).Build(new GeneratorContext(vocabularySize, length, CPU));
        model.eval();
        return model;
    }

    /// <summary>Four texts that read every token, [4,T].</summary>
    public static Tensor Ids() => tensor(new long[,] { { 1, 2, 3, 4, 5 }, { 1, 6, 0, 6, 6 }, { 1, 1, 1, 1, 1 }, { 1, 5, 2, 0, 3 } });

    public static Tensor OneHot(Tensor ids) => nn.functional.one_hot(ids, V).to_type(float32);

    public static double[] Doubles(Tensor tensor) => tensor.detach().cpu().to_type(float64).contiguous().data<double>().ToArray();

    public static double MaxDifference(Tensor one, Tensor other) => (one - other).abs().max().item<float>();
}
