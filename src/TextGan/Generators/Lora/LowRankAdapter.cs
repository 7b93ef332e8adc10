using TorchSharp;
using TorchSharp.Modules;

namespace TextGan.Generators.Lora;

/// <summary>What is added to a linear layer: (α/r)·B·A·dropout(x) (2106.09685, equation 3). At first B is 0, and so is that.</summary>
/// <param name="name">The layer's name in the model.</param>
/// <param name="layer">The layer.</param>
/// <param name="a">A [r,I].</param>
/// <param name="b">B [O,r].</param>
/// <param name="scale">α/r.</param>
/// <param name="dropout">Share of the input that is dropped in training.</param>
public sealed class LowRankAdapter(string name, Linear layer, Parameter a, Parameter b, double scale, double dropout)
{
    public string Name { get; } = name;

    public Linear Layer { get; } = layer;

    public Parameter A { get; } = a;

    public Parameter B { get; } = b;

    /// <summary>Input [...,I] → [...,O].</summary>
    public Tensor Of(Tensor input, bool training)
    {
        using var scope = NewDisposeScope();
        if (training && dropout > 0) input = nn.functional.dropout(input, dropout, training: true);
        return Products.Of(Products.Of(input, A, null) * Held(scale), B, null).MoveToOuterDisposeScope();
    }

    /// <summary>[O,I]: added to the layer's weight it stands for the adapter.</summary>
    public Tensor Delta()
    {
        using var scope = NewDisposeScope();
        return (B.matmul(A) * Held(scale)).MoveToOuterDisposeScope();
    }
}
