using TextGan.Tests.Generators;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning.Objectives.Combiners;

/// <summary>Terms with given gradients: those of g·p in parameters p. A discriminator has a loss, a regulariser none.</summary>
sealed class LinearTerms : IDisposable
{
    readonly List<(string Name, double? Loss, double[] Gradient)> terms = [];
    readonly Parameter parameters;
    readonly DisposeScope scope = NewDisposeScope();

    public LinearTerms(int size) => parameters = new Parameter(zeros(size));

    public LinearTerms With(string name, double? loss, params double[] gradient)
    {
        terms.Add((name, loss, gradient));
        return this;
    }

    /// <summary>The terms of one pass, with all gradients cleared.</summary>
    public TermGradients Terms(bool isFirstPass = true)
    {
        parameters.grad = null;
        return new TermGradients([.. terms.Select(term =>
        {
            var value = (tensor(term.Gradient, float32) * parameters).sum();
            return new Term(term.Name, () => value, value.detach())
            {
                Loss = term.Loss is { } loss ? () => tensor(loss, float64) : null,
            };
        })], [parameters]) { IsFirstPass = isFirstPass };
    }

    /// <summary>What a combiner has left.</summary>
    public double[] Gradient => parameters.grad is { } gradient ? GeneratorCases.Doubles(gradient) : new double[parameters.numel()];

    public void Dispose() => scope.Dispose();
}
