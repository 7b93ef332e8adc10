using System.Reflection;
using System.Runtime.InteropServices;
using TextGan.Native;
using TextGan.Operations;
using TorchSharp;

namespace TextGan.Cli.Commands;

/// <summary>Says what this installation consists of and whether it computes.</summary>
public static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "doctor", "Check this installation: LibTorch, devices, threads, memory. Exit code 1 if it cannot compute.");
        command.SetAction(_ => Run(terminal));
        return command;
    }

    static int Run(Terminal terminal)
    {
        var table = new TextTable("", "") { LeftAligned = true };
        table.Add("TextGan", Version(typeof(TextGan.Problems.Problem)));
        table.Add(".NET", RuntimeInformation.FrameworkDescription);
        table.Add("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
        table.Add("processors", Environment.ProcessorCount.ToString());
        table.Add("memory", NumberText.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        table.Add("TorchSharp", Version(typeof(torch)));
        var problem = Compute(table);
        foreach (var line in table.Lines(int.MaxValue)) terminal.Output.WriteLine(SafeText.Line(line));
        terminal.Output.WriteLine();
        terminal.Output.WriteLine(problem is null ? "Everything works." : SafeText.Lines(problem));
        return problem is null ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Adds the rows that need LibTorch; returns what does not work.</summary>
    static string? Compute(TextTable table)
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            var weight = torch.ones(2, 2, requires_grad: true);
            torch.matmul(weight, torch.ones(2, 2)).sum().backward();
            var slope = weight.grad!.sum().item<float>(); // d(Σ(W·1))/dW = 2 in each of the four places
            table.Add("LibTorch", LibTorch.Version);
            table.Add("libraries", LibTorch.LoadedFrom ?? "unknown");
            table.Add("symbols", LibTorch.Symbols);
            table.Add("threads", $"{torch.get_num_threads()} for one operation, {torch.get_num_interop_threads()} for operations side by " +
                $"side");
            table.Add("operations", OperationMode.Description);
            table.Add("backend", LibTorch.HasCuda ? "CUDA and CPU" : "CPU");
            table.Add("cpu", slope == 8f ? "works" : $"computes wrongly: a gradient is {slope} where 8 is right");
            var cuda = Cuda(out var failed);
            table.Add("cuda", cuda);
            return slope != 8f ? "LibTorch computes wrongly on the CPU." : failed ? "LibTorch cannot use the CUDA device." : null;
        }
        catch (Exception exception)
        {
            var cause = exception.GetBaseException();
            table.Add("LibTorch", "cannot be loaded");
            return $"LibTorch cannot be loaded ({cause.GetType().Name}: {cause.Message})\n" +
                "Build again with 'dotnet build -c Release'; if that does not help, delete the folders bin and obj first.";
        }
    }

    static string Cuda(out bool failed)
    {
        failed = false;
        if (!LibTorch.HasCuda)
        {
            return $"not in this LibTorch; build with -p:TorchBackend={(OperatingSystem.IsWindows() ? "cuda-windows" : "cuda-linux")}" +
                (OperatingSystem.IsMacOS() ? " on Linux or Windows" : " or name the folder of a PyTorch with CUDA by --libtorch");
        }
        if (!torch.cuda.is_available())
            return "no device: LibTorch with CUDA is there, but it finds no graphics card with a driver (see nvidia-smi)";
        var count = torch.cuda.device_count();
        var names = string.Join(", ", Enumerable.Range(0, count).Select(i => $"cuda:{i}"));
        try
        {
            using var scope = torch.NewDisposeScope();
            for (var i = 0; i < count; i++) torch.ones(2, device: new torch.Device(DeviceType.CUDA, i)).sum().item<float>();
            return $"{Amount.Of(count, "device")} ({names}), cuDNN {(torch.cuda.is_cudnn_available() ? "available" : "missing")}";
        }
        catch (Exception exception) when (exception is ExternalException or InvalidOperationException)
        {
            failed = true;
            return $"{names}: {exception.Message.ReplaceLineEndings(" ")}";
        }
    }

    static string Version(Type type) => RunEnvironment.VersionOf(type.Assembly).Split('+')[0];
}
