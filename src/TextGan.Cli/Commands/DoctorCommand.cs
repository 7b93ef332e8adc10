using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
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
        var form = new ResultForm(hasQuiet: false);
        form.AddTo(command);
        command.SetAction(parsed => Run(terminal, form.IsJson(parsed)));
        return command;
    }

    static int Run(Terminal terminal, bool isJson)
    {
        var facts = new Dictionary<string, string>(); // in the order in which they are found
        Add("TextGan", Version(typeof(TextGan.Problems.Problem)));
        Add(".NET", RuntimeInformation.FrameworkDescription);
        Add("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
        Add("processors", Environment.ProcessorCount.ToString());
        Add("memory", NumberText.Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        Add("TorchSharp", Version(typeof(torch)));
        var problem = Compute(Add);
        if (isJson)
        {
            ResultForm.Write(new JsonObject([
                .. facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)fact.Value)), new("problem", problem)]), terminal);
        }
        else
        {
            var table = new TextTable("", "") { LeftAligned = true };
            foreach (var (name, value) in facts) table.Add(name, SafeText.Line(value));
            foreach (var line in table.Lines(terminal.Live is null ? int.MaxValue : terminal.Width)) terminal.WriteLine(line);
            terminal.Output.WriteLine();
            terminal.WriteLine(problem is null ? "Everything works." : SafeText.Lines(problem));
        }
        return problem is null ? ExitCode.Success : ExitCode.Failure;

        void Add(string name, string value) => facts[name] = value;
    }

    /// <summary>Adds what LibTorch tells; returns what does not work.</summary>
    static string? Compute(Action<string, string> add)
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            var weight = torch.ones(2, 2, requires_grad: true);
            torch.matmul(weight, torch.ones(2, 2)).sum().backward();
            var slope = weight.grad!.sum().item<float>(); // d(Σ(W·1))/dW = 2 in each of the four places
            add("LibTorch", LibTorch.Version);
            add("libraries", LibTorch.LoadedFrom ?? "unknown");
            add("symbols", LibTorch.Symbols);
            add("threads", $"{torch.get_num_threads()} for one operation, {torch.get_num_interop_threads()} for operations side by " +
                $"side");
            add("operations", OperationMode.Description);
            add("backend", LibTorch.HasCuda ? "CUDA and CPU" : "CPU");
            add("cpu", slope == 8f ? "works" : $"computes wrongly: a gradient is {slope} where 8 is right");
            var cuda = Cuda(out var failed);
            add("cuda", cuda);
            return slope != 8f ? "LibTorch computes wrongly on the CPU." : failed ? "LibTorch cannot use the CUDA device." : null;
        }
        catch (Exception exception)
        {
            var cause = exception.GetBaseException();
            add("LibTorch", "cannot be loaded");
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
