using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Native;

/// <summary>Copies from main memory to a device.</summary>
public static class DeviceCopy
{
    /// <summary>Whether a tensor is elsewhere. Two objects that stand for one device are not equal.</summary>
    public static bool IsNeeded(Tensor tensor, Device device) =>
        tensor.device_type != device.type
        || (device.type != DeviceType.CPU && device.index >= 0 && tensor.device_index != device.index);

    /// <summary>
    /// A tensor on a device; itself or an alias where it is there already. An accelerator is not waited for: the copy goes by way of
    /// page-locked memory and takes its place among the operations that the device has been given.
    /// </summary>
    public static Tensor Of(Tensor tensor, Device device)
    {
        if (tensor.device_type != DeviceType.CPU || device.type == DeviceType.CPU) return tensor.to(device);
        using var pinned = device.type == DeviceType.CUDA ? tensor.pin_memory() : tensor.alias();
        return pinned.to(device, non_blocking: device.type == DeviceType.CUDA);
    }
}
