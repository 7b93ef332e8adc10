using TorchSharp;

namespace TextGan.Native;

/// <summary>Device names of experiments to devices of this machine.</summary>
public static class Devices
{
    /// <summary>
    /// "auto" (the first CUDA device, else the CPU), "cpu", "cuda" or "cuda:N". Throws <see cref="InvalidInputException"/>
    /// at <paramref name="place"/> for any other text and for a device that is not there.
    /// </summary>
    public static Device Resolve(string name, string place)
    {
        if (name == "auto") return cuda.is_available() ? new Device(DeviceType.CUDA, 0) : CPU;
        if (name == "cpu") return CPU;
        var number = name == "cuda" ? "0" : name.StartsWith("cuda:", StringComparison.Ordinal) ? name[5..] : "";
        if (!int.TryParse(number, System.Globalization.NumberStyles.None, null, out var index))
            throw new InvalidInputException(place, $"'{name}' is not a device; allowed are auto, cpu, cuda and cuda:N.");
        var count = cuda.is_available() ? cuda.device_count() : 0;
        if (index >= count)
            throw new InvalidInputException(place,
                $"'{name}' was asked for, but " + (count == 0
                    ? "no CUDA device can be used: this LibTorch has no CUDA or there is no device. Build with " +
                        "-p:TorchBackend=cuda-windows or cuda-linux, name the folder of a PyTorch with CUDA by --libtorch, or use " +
                        "\"auto\" or \"cpu\"."
                    : $"there are {count} CUDA devices: cuda:0 to cuda:{count - 1}."));
        return new Device(DeviceType.CUDA, index);
    }
}
