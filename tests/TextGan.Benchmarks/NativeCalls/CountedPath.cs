using System.Text.RegularExpressions;
using TextGan.Benchmarks.Paths;

namespace TextGan.Benchmarks.NativeCalls;

/// <summary>Counts the native calls of one run of a path. Use it in a <see cref="CountingContext"/>.</summary>
public static partial class CountedPath
{
    /// <summary>Runs before the one that is counted: some things are made once.</summary>
    const int WarmUpRuns = 2;

    /// <summary>
    /// The functions that a run calls, in order, without bookkeeping: what reads a property, passes a number, frees a handle or sets a
    /// switch. What is left computes or changes a tensor, or makes a view.
    /// </summary>
    public static string[] Run(string name)
    {
        using var path = PathCatalogue.Build(name);
        for (var run = 0; run < WarmUpRuns; run++) path.Run();
        NativeCallCounter.Take();
        path.Run();
        return [.. NativeCallCounter.Take().Where(function => !Bookkeeping().IsMatch(function))];
    }

    [GeneratedRegex("^THS(Torch_|Storage_|Generator_|AutogradFunction|Autograd_(is|set)|NN_Module_|NN_.*_(weight|bias)$|"
        + "Tensor_(dispose|free|type|device_\\w+|sizes?|strides?|ndimension|numel|element_size|is_\\w+|(set_)?requires_grad|(set_)?grad|"
        + "storage_offset|data|save|load)$)")]
    private static partial Regex Bookkeeping();
}
