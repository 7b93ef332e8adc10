using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>One parameter's part in a step of <see cref="AdamStep"/>. All tensors have the parameter's shape.</summary>
/// <param name="Parameter">θ, changed in place.</param>
/// <param name="Gradient">g.</param>
/// <param name="Mean">m, changed in place.</param>
/// <param name="Square">v, changed in place.</param>
/// <param name="LargestSquare">The largest v so far, changed in place, which takes v's place (AMSGrad, Reddi et al. 2018); null: v
/// itself.</param>
/// <param name="Step">t, from 1 on: which step of this parameter it is.</param>
/// <param name="LearningRate">α.</param>
/// <param name="Beta1">β₁.</param>
/// <param name="Beta2">β₂.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="WeightDecay">λ.</param>
public readonly record struct AdamUpdate(Tensor Parameter, Tensor Gradient, Tensor Mean, Tensor Square, Tensor? LargestSquare, long Step,
    double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay);
