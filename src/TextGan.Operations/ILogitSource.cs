using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>A model that gives logits over a vocabulary for hidden states, as a whole or taken apart.</summary>
public interface ILogitSource
{
    /// <summary>[...,H] → [...,V].</summary>
    Tensor Logits(Tensor hidden);

    /// <summary>
    /// <see cref="Logits"/> taken apart, where they are a linear function of something: an operation that joins them with what comes next
    /// can then work through the vocabulary piece by piece. Null where they are not.
    /// </summary>
    LinearHead? Head(Tensor hidden);
}
