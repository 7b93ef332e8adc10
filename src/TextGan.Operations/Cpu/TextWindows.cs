using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// Texts of vectors in memory, [N,T,E] floats. The window of w places from place t on is w·E numbers in a row, so that a convolution over
/// time needs nothing unfolded. Valid while the tensor is.
/// </summary>
readonly unsafe struct TextWindows(Tensor texts)
{
    readonly float* first = CpuLoop.Floats(texts);

    /// <summary>N.</summary>
    public int Texts { get; } = (int)texts.shape[0];

    /// <summary>T.</summary>
    public int Length { get; } = (int)texts.shape[1];

    /// <summary>E.</summary>
    public int Size { get; } = (int)texts.shape[2];

    /// <summary>Where a window of this width can begin: at 0 … this − 1.</summary>
    public int Windows(int width) => Length - width + 1;

    /// <summary>A text from <paramref name="place"/> on.</summary>
    public float* At(int text, int place) => first + ((long)text * Length + place) * Size;

    /// <summary>At how many positions, from the first on, a text holds the same bits as the text before it; 0 for the first text.</summary>
    public int SharedWithPrevious(int text)
    {
        if (text == 0) return 0;
        var position = 0;
        while (position < Length
            && new ReadOnlySpan<byte>(At(text, position), Size * sizeof(float))
            .SequenceEqual(new(At(text - 1, position), Size * sizeof(float)))) position++;
        return position;
    }
}
