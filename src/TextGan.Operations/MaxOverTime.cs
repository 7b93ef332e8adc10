using TextGan.Operations.Cpu;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// Convolutions of several widths over texts of vectors, and of each filter the strongest answer over time (Kim 1408.5882, section 2):
/// max over t of W·x[t..t+w) + b. By tensor operations the answers before the maximum, [N,places,filters], exist. Can be differentiated
/// twice.
/// </summary>
public static class MaxOverTime
{
    /// <summary>[N,T,E] → [N,F], the filters of one width after those of another.</summary>
    /// <param name="texts">[N,T,E].</param>
    /// <param name="widths">Of each convolution, at most T.</param>
    /// <param name="parameters">Weight [filters, w·E] and bias [filters] of each convolution in turn.</param>
    public static Tensor Of(Tensor texts, int[] widths, Tensor[] parameters)
    {
        using var scope = NewDisposeScope();
        var read = texts.contiguous();
        return (MaxOverTimeFunction.Supports(read, parameters) ? MaxOverTimeFunction.Of(read, widths, parameters)
            : ByTensors(texts, widths, parameters))
            .MoveToOuterDisposeScope();
    }

    internal static Tensor ByTensors(Tensor texts, int[] widths, Tensor[] parameters) =>
        cat([.. widths.Select((width, i) => Strongest(texts, width, parameters[2 * i], parameters[2 * i + 1]))], 1);

    static Tensor Strongest(Tensor texts, int width, Tensor weight, Tensor bias) =>
        nn.functional.linear(Windows(texts, width), weight, bias).max(1).values;

    /// <summary>
    /// [N,T,E] → [N,places,w·E]. As one operation: joined from w shifted texts, its gradient would take some three operations for each.
    /// </summary>
    static Tensor Windows(Tensor texts, int width) => width == 1 ? texts : texts.unfold(1, width, 1).transpose(2, 3).flatten(2);
}
