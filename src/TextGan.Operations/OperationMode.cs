using TextGan.Operations.Cpu;

namespace TextGan.Operations;

/// <summary>
/// Which form the operations of this process take. By default each takes the fastest that runs on the tensors and the processor at hand;
/// the environment variable TEXTGAN_OPERATIONS=tensors, read once, makes all of them take the form by tensor operations, which is what the
/// others are compared with.
/// </summary>
public static class OperationMode
{
    public const string Variable = "TEXTGAN_OPERATIONS";

    const string Tensors = "tensors";

    static readonly string? Asked = Environment.GetEnvironmentVariable(Variable);

    [ThreadStatic]
    static bool plain;

    /// <summary>What is wrong with the variable's value, or null. A program looks at it before it computes.</summary>
    public static string? Problem => ProblemOf(Asked);

    /// <summary>Whether every operation takes the form by tensor operations.</summary>
    public static bool TensorsOnly => Asked == Tensors || plain;

    /// <summary>In a word or two: what the bits of results depend on.</summary>
    public static string Description => TensorsOnly ? Tensors : $"fastest, {Processor.Vectors}";

    internal static string? ProblemOf(string? value) => value is null or "" or Tensors ? null
        : $"is '{value}'; allowed are '{Tensors}' (every operation in its plain form) and no value (the fastest form).";

    /// <summary>The plain forms for this thread until disposal, so that a test or a benchmark can set them beside the others.</summary>
    internal static IDisposable Plain()
    {
        var before = plain;
        plain = true;
        return new Restored(before);
    }

    sealed class Restored(bool before) : IDisposable
    {
        public void Dispose() => plain = before;
    }
}
