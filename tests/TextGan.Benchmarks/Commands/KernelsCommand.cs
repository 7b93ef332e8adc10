using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace TextGan.Benchmarks.Commands;

/// <summary>kernels: single operations under BenchmarkDotNet.</summary>
static class KernelsCommand
{
    public static Command Create()
    {
        var rest = new Argument<string[]>("arguments") {
            Description = "Given to BenchmarkDotNet, such as --filter '*'.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("kernels", "Time single operations with BenchmarkDotNet.") { rest };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(parsed =>
        {
            // In this process: LibTorch's natives lie beside this program, not beside one that BenchmarkDotNet would build.
            var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
            string[] arguments = [.. parsed.GetValue(rest)!, .. parsed.UnmatchedTokens];
            BenchmarkSwitcher.FromAssembly(typeof(KernelsCommand).Assembly)
                .Run(arguments.Length == 0 ? ["--filter", "*"] : arguments, config);
        });
        return command;
    }
}
