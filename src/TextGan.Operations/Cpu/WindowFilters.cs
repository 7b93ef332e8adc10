using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>The filters of one width. Valid while the tensors are.</summary>
/// <param name="weight">[filters, w·E] float, contiguous.</param>
/// <param name="bias">[filters].</param>
/// <param name="width">w.</param>
/// <param name="feature">Which of all features the first filter's answer is.</param>
readonly unsafe struct WindowFilters(Tensor weight, Tensor bias, int width, int feature)
{
    readonly float* weights = CpuLoop.Floats(weight), biases = CpuLoop.Floats(bias);

    /// <summary>w.</summary>
    public int Width { get; } = width;

    public int Count { get; } = (int)weight.shape[0];

    /// <summary>w·E.</summary>
    public int Inputs { get; } = (int)weight.shape[1];

    /// <summary>Which of all features the first filter's answer is.</summary>
    public int Feature { get; } = feature;

    /// <summary>The weights of a filter, w·E numbers.</summary>
    public float* Row(int filter) => weights + (long)filter * Inputs;

    public float Bias(int filter) => biases[filter];
}
