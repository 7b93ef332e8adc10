using System.Text.Json;
using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Generators;
using TextGan.Runs;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

/// <summary>Small discriminators of every kind and variant, built from JSON as an experiment builds them.</summary>
static class DiscriminatorCases
{
    public const int V = 7, T = 6, EndId = 1;

    public static readonly string[] Cnn =
    [
        """{"kind":"cnn","name":"d","embedding":8,"widths":[1,2,3],"filters":[5,6,7],"dropout":0.25}""",
        """{"kind":"cnn","name":"d","embedding":8,"widths":[2,6],"filters":[9],"representations":4,"dropout":0.25}""",
        """{"kind":"cnn","name":"d","embedding":6,"widths":[2,3],"filters":[5],"representations":3,"fullyConnected":4,"gateBias":0}""",
    ];

    public static readonly string[] Masked =
    [
        """{"kind":"lstm","name":"d","embedding":8,"hidden":9,"layers":2,"dropout":0.2}""",
        """{"kind":"lstm","name":"d","embedding":8,"hidden":9,"bidirectional":true,"dropout":0.2}""",
        """{"kind":"lstm","name":"d","embedding":8,"hidden":9,"output":"per-step","dropout":0.2}""",
        """{"kind":"transformer","name":"d","embedding":8,"heads":2,"layers":2,"dropout":0.2}""",
        """{"kind":"transformer","name":"d","embedding":8,"heads":2,"layers":1,"positions":"rotary","pooling":"cls","dropout":0.2}""",
        """{"kind":"bag","name":"d","embedding":8,"hidden":9,"dropout":0.2}""",
    ];

    static readonly string[] Features = ["""{"kind":"features","name":"d","widths":[1,2],"filters":5,"hidden":9,"dropout":0.2}"""];

    public static readonly string[] Learning = [.. Cnn, .. Masked, .. Features];

    static readonly string[] Likelihoods =
        ["""{"kind":"language-model","name":"d"}""", """{"kind":"language-model","name":"d","per":"token"}"""];

    public static readonly string[] All =
        [.. Learning, .. Likelihoods, """{"kind":"constant","name":"d","value":0.5}""", """{"kind":"random","name":"d"}"""];

    public static DiscriminatorOptions Read(string json) => JsonSerializer.Deserialize<DiscriminatorOptions>(json, CaseJson.Options)!;

    public static AdversarialLossOptions ReadLoss(string json) =>
        JsonSerializer.Deserialize<AdversarialLossOptions>(json, CaseJson.Options)!;

    public static DiscriminatorContext Context(int vocabularySize = V, int length = T) =>
        new(vocabularySize, length, EndId, CPU, ids => string.Join(' ', ids)) { Frozen = _ => Frozen };

    /// <summary>What discriminators of the kind "features" read.</summary>
    static readonly Generator Frozen = Freeze(
        new TransformerGenerator(new TransformerShape(V, 8, 2, 2, 1, 12), initialStandardDeviation: 0.5));

    static Generator Freeze(Generator model)
    {
        FrozenModels.Freeze(model);
        return model;
    }

    /// <summary>Built after seeding; in evaluation mode.</summary>
    public static Discriminator Build(string json, long seed = 1)
    {
        manual_seed(seed);
        var model = Read(json).Build(Context());
        model.eval();
        return model;
    }

    /// <summary>Texts of 1, 2, 4 and all 6 tokens, ended by 1 and padded with it.</summary>
    public static Tensor Ids() =>
        tensor(new long[,] { { 1, 1, 1, 1, 1, 1 }, { 3, 1, 1, 1, 1, 1 }, { 2, 5, 0, 1, 1, 1 }, { 6, 4, 2, 3, 5, 0 } });

    public static TextBatch Hard(Tensor? ids = null) => new(ids ?? Ids(), EndId);

    public static TextBatch OneHot(Tensor? ids = null, bool requiresGrad = false)
    {
        ids ??= Ids();
        return new TextBatch(ids, EndId, nn.functional.one_hot(ids, V).to_type(float32).requires_grad_(requiresGrad));
    }

    public static float[] Values(Tensor tensor) => tensor.detach().cpu().contiguous().data<float>().ToArray();

    public static double MaxDifference(Tensor one, Tensor other) => (one - other).abs().max().item<float>();
}
