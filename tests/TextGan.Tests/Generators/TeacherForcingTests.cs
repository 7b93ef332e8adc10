using TextGan.Generators;
using static TextGan.Tests.Generators.GeneratorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

public sealed class TeacherForcingTests
{
    [Test]
    public void ReadsTheStartTokenAndAllButTheLast()
    {
        using var scope = NewDisposeScope();
        var inputs = TeacherForcing.Inputs(tensor(new long[,] { { 5, 6, 2 }, { 3, 3, 0 } }), 4);
        Assert.That(inputs.data<long>().ToArray(), Is.EqualTo(new long[] { 4, 5, 6, 4, 3, 3 }));
        Assert.That(TeacherForcing.Inputs(tensor(new long[,] { { 5 } }), 4).data<long>().ToArray(), Is.EqualTo(new long[] { 4 }));
    }

    /// <summary>Against the softmax of the logits, written out.</summary>
    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void LogProbabilitiesAndLossAreThoseOfTheLogits(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        var ids = Ids();
        var logits = Doubles(model.call(TeacherForcing.Inputs(ids, Start))); // [4,T,V]
        var tokens = ids.data<long>().ToArray();
        var expected = tokens.Select((token, place) =>
        {
            var row = logits.AsSpan(place * V, V).ToArray();
            return row[token] - Math.Log(row.Sum(Math.Exp));
        }).ToArray();
        Assert.That(Doubles(TeacherForcing.LogProbabilities(model, ids, Start)), Is.EqualTo(expected).Within(1e-5));

        var mask = new float[] { 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0 };
        var loss = TeacherForcing.Loss(model, ids, tensor(mask).view(4, T), Start).item<float>();
        Assert.That(loss, Is.EqualTo(-expected.Zip(mask, (log, counts) => log * counts).Sum() / mask.Sum()).Within(1e-5));
        Assert.That(TeacherForcing.Loss(model, ids, zeros(4, T), Start).item<float>(), Is.Zero, "nothing counts");
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void MaskedTokensHaveNoGradient(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        var mask = zeros(4, T);
        mask.narrow(1, 0, 2).fill_(1);
        double[] Gradient(Tensor ids)
        {
            model.zero_grad();
            TeacherForcing.Loss(model, ids, mask, Start).backward();
            return [.. model.parameters().SelectMany(p => Doubles(p.grad!))];
        }
        var other = Ids();
        other.narrow(1, 2, T - 2).fill_(6);
        Assert.That(Gradient(other), Is.EqualTo(Gradient(Ids())).Within(1e-6));
    }
}
