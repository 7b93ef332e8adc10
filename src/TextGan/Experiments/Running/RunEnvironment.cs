using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace TextGan.Experiments.Running;

/// <summary>What a run's figures may depend on beside its configuration: versions, device, threads, commit.</summary>
public static class RunEnvironment
{
    public static JsonObject Describe(Device device) => new()
    {
        ["textgan"] = VersionOf(typeof(RunEnvironment).Assembly),
        ["torchSharp"] = VersionOf(typeof(TorchSharp.torch).Assembly),
        ["libTorch"] = __version__,
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
        ["operatingSystem"] = RuntimeInformation.OSDescription,
        ["processor"] = RuntimeInformation.ProcessArchitecture.ToString(),
        ["processors"] = Environment.ProcessorCount,
        ["device"] = device.ToString(),
        ["threads"] = get_num_threads(),
        ["interOpThreads"] = get_num_interop_threads(),
        ["started"] = DateTimeOffset.Now.ToString("yyyy-MM-dd'T'HH:mm:sszzz"),
    };

    /// <summary>The informational version, which holds the commit ("0.1.0+86b2a01...").</summary>
    static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "unknown";
}
