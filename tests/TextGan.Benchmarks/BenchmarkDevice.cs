using System.CommandLine;
using TextGan.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Benchmarks;

/// <summary>Where everything that is measured is.</summary>
static class BenchmarkDevice
{
    /// <summary>The CPU, unless the option says otherwise.</summary>
    public static Device Current { get; private set; } = CPU;

    public static Option<string> Option { get; } = new("--device")
    {
        Description = "Where: cpu, cuda or cuda:N.", DefaultValueFactory = _ => "cpu",
    };

    /// <summary>Everything that is made from here on is where the command says.</summary>
    public static void Use(ParseResult parsed) => Current = Devices.Resolve(parsed.GetValue(Option)!, Option.Name);

    /// <summary>Waits until the device has done what it was given.</summary>
    public static void Finish()
    {
        if (Current.type == DeviceType.CUDA) cuda.synchronize();
    }
}
