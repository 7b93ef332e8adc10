using TorchSharp.Modules;

namespace TextGan.Optimizers;

/// <summary>The gradients that parameters hold from one backward pass to the next.</summary>
public static class Gradients
{
    /// <summary>
    /// Forgets them. What an optimiser does with a gradient of zeros is its own affair (momentum moves the weight on, weight decay shrinks
    /// it), and so is whether its <c>zero_grad</c> leaves zeros or nothing. A parameter that no loss reaches shall stay as it is under all
    /// of them, and that is what they do with one that has no gradient.
    /// </summary>
    public static void Clear(IEnumerable<Parameter> parameters)
    {
        foreach (var parameter in parameters) parameter.grad = null;
    }
}
