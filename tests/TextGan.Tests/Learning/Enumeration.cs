using TextGan.Generators;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

/// <summary>Every text of V tokens and at most T positions, with its exact probability: expectations without sampling.</summary>
static class Enumeration
{
    /// <summary>[N,T] ids of all texts; after an end token only end tokens stand.</summary>
    public static Tensor AllTexts(int vocabulary, int length, int? endId)
    {
        var rows = new SortedSet<string>();
        var total = (int)Math.Pow(vocabulary, length);
        for (var code = 0; code < total; code++)
        {
            var (rest, ended, row) = (code, false, new int[length]);
            for (var t = 0; t < length; t++, rest /= vocabulary)
            {
                row[t] = ended ? endId!.Value : rest % vocabulary;
                ended |= row[t] == endId;
            }
            rows.Add(string.Join(',', row));
        }
        return tensor(rows.SelectMany(r => r.Split(',').Select(long.Parse)).ToArray(), int64).view(rows.Count, length);
    }

    /// <summary>The gradient of Σ_x p(x) r(x) in the generator's table; <paramref name="reward"/> gives [N] for ids [N,T].</summary>
    public static double[] ExactGradient(BigramGenerator generator, int length, int startId, int? endId, Func<TextBatch, Tensor> reward)
    {
        using var scope = NewDisposeScope();
        var texts = new TextBatch(AllTexts(generator.VocabularySize, length, endId), endId);
        var logs = (TeacherForcing.LogProbabilities(generator, texts.Ids, startId) * texts.Mask).sum(1); // [N]
        Assert.That(logs.exp().sum().item<float>(), Is.EqualTo(1).Within(1e-5), "all texts together must have probability 1");
        var expected = (logs.exp() * reward(texts).detach()).sum();
        return GradientOf(expected, generator);
    }

    /// <summary>Σ_x p(x) Σ_t R_t(x) ∇log p(x_t | x_&lt;t) for given returns [N,T]: what an estimator with token credit estimates.</summary>
    public static double[] ExactCreditGradient(BigramGenerator generator, int length, int startId, int? endId, Func<TextBatch,
        Tensor> returns)
    {
        using var scope = NewDisposeScope();
        var texts = new TextBatch(AllTexts(generator.VocabularySize, length, endId), endId);
        var logs = TeacherForcing.LogProbabilities(generator, texts.Ids, startId) * texts.Mask; // [N,T]
        var probability = logs.detach().sum(1).exp(); // [N]
        var surrogate = (probability.unsqueeze(1) * returns(texts).detach() * texts.Mask * logs).sum();
        return GradientOf(surrogate, generator);
    }

    public static double[] GradientOf(Tensor scalar, BigramGenerator generator)
    {
        using var scope = NewDisposeScope();
        var gradient = autograd.grad([scalar], [generator.Table])[0];
        return gradient.flatten().to_type(float64).data<double>().ToArray();
    }
}
