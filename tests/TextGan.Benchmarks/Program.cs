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
torch.set_num_threads(2);
var root = new RootCommand("Benchmarks of TextGan.")
{
    PathsCommand.Create(), RatiosCommand.Create(), KernelsCommand.Create(), MemoryCommand.Create(),
    ProfileCommand.Create(), CacheCommand.Create(), ScalingCommand.Create(), ScalingCommand.CreatePoint(),
    DiscriminatorsCommand.Create(), CallsCommand.Create(),
};
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InvalidInputException bad)
{
    Console.Error.WriteLine(bad.Message);
    return 2;
}
