using System.CommandLine;
using TextGan.Benchmarks.Commands;
using TextGan.Native;
using TextGan.Problems;
using TorchSharp;

AllocatorTuning.Apply(); // before the first tensor
ThreadTuning.Apply();
if (LibTorch.Use(Environment.GetEnvironmentVariable(LibTorch.Variable)) is { } problem)
{
    Console.Error.WriteLine($"{LibTorch.Variable}: {problem}");
    return 2;
}
var threads = new Option<int>("--threads") { Description = "For each operation.", Recursive = true, DefaultValueFactory = _ => 2 };
var root = new RootCommand("Benchmarks of TextGan.")
{
    PathsCommand.Create(), RatiosCommand.Create(), KernelsCommand.Create(), MemoryCommand.Create(),
    ProfileCommand.Create(), CacheCommand.Create(), ScalingCommand.Create(), ScalingCommand.CreatePoint(),
    DiscriminatorsCommand.Create(), CallsCommand.Create(), threads,
};
try
{
    var parsed = root.Parse(args);
    if (parsed.Errors.Count == 0) torch.set_num_threads(parsed.GetValue(threads));
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InvalidInputException bad)
{
    Console.Error.WriteLine(bad.Message);
    return 2;
}
