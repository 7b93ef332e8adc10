using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace TextGan.Plugins;

/// <summary>
/// A component that a plug-in brought: how messages name it, and the checks of what its members return. The checks look at shapes,
/// types and devices, which cost no wait for the device. The library calls them where it calls the component; its own components have none.
/// </summary>
/// <param name="Assembly">The plug-in's name.</param>
/// <param name="Kind">What the JSON calls the component.</param>
public sealed record PluginComponent(string Assembly, string Kind)
{
    /// <summary>The plug-in that an options record comes from; null for the library's own.</summary>
    public static PluginComponent? Of(ComponentOptions options)
    {
        var type = options.GetType();
        if (type.Assembly == typeof(ComponentOptions).Assembly) return null;
        return new PluginComponent(type.Assembly.GetName().Name ?? "", type.GetCustomAttribute<KindAttribute>()?.Name ?? type.Name);
    }

    static readonly ConditionalWeakTable<object, PluginComponent> Built = [];

    /// <summary>The plug-in that built a component; null for the library's own classes, even if a plug-in built them.</summary>
    public static PluginComponent? OfBuilt(object component) =>
        component.GetType().Assembly != typeof(ComponentOptions).Assembly && Built.TryGetValue(component, out var origin) ? origin : null;

    /// <summary>From here on <see cref="OfBuilt"/> knows that this plug-in built the component.</summary>
    internal void Remember(object component) => Built.AddOrUpdate(component, this);

    public override string ToString() => $"the plug-in '{Assembly}' (kind '{Kind}')";

    /// <summary>What is thrown where a member of the component did something else than its contract says.</summary>
    public RunFailedException Fault(object? owner, string member, string text) =>
        new($"{this}: {(owner is null ? "" : owner.GetType().Name + ".")}{member} {text}");

    /// <summary>The value, unless it is null.</summary>
    public T NotNull<T>(object? owner, string member, T? value, string what = "what it returns") where T : class =>
        value ?? throw Fault(owner, member, $"gave null for {what}.");

    /// <summary>A tensor of floating-point numbers of the shape (-1 stands for any size above 0), on the device.</summary>
    public Tensor Floats(object owner, string what, Tensor? tensor, ReadOnlySpan<long> shape, Device device,
        [CallerMemberName] string member = "")
    {
        var found = Shaped(owner, what, tensor, shape, device, member);
        return found.is_floating_point() ? found
            : throw Fault(owner, member, $"gave {what} of the type {found.dtype}; floating-point numbers are needed.");
    }

    /// <summary>A tensor of ids (int64) of the shape, on the device.</summary>
    public Tensor Ids(object owner, string what, Tensor? tensor, ReadOnlySpan<long> shape, Device device,
        [CallerMemberName] string member = "")
    {
        var found = Shaped(owner, what, tensor, shape, device, member);
        return found.dtype == ScalarType.Int64 ? found
            : throw Fault(owner, member, $"gave {what} of the type {found.dtype}; Int64 is needed.");
    }

    /// <summary>Throws where a parameter or buffer of a model is not on the device that it was to be built on.</summary>
    public void RequireDevice(object owner, nn.Module model, Device device)
    {
        foreach (var (name, value) in model.named_parameters().Select(one => (one.name, (Tensor)one.parameter))
            .Concat(model.named_buffers().Select(one => (one.name, one.buffer))))
        {
            if (!Same(value.device, device))
                throw Fault(owner, "Build", $"gave a model whose '{name}' is on {value.device}; the context's device is {device}.");
        }
    }

    Tensor Shaped(object owner, string what, Tensor? tensor, ReadOnlySpan<long> shape, Device device, string member)
    {
        if (tensor is null || tensor.IsInvalid)
            throw Fault(owner, member, $"gave {(tensor is null ? "null" : "a tensor that was disposed of")} for {what}.");
        var found = tensor.shape;
        var fits = found.Length == shape.Length;
        for (var i = 0; fits && i < shape.Length; i++) fits = shape[i] < 0 ? found[i] > 0 : found[i] == shape[i];
        if (!fits)
            throw Fault(owner, member,
                $"gave {what} of the shape [{string.Join(',', found)}]; " +
                $"[{string.Join(',', shape.ToArray().Select(size => size < 0 ? "n" : size.ToString()))}] is " +
                $"needed{(shape.Contains(-1) ? ", n being 1 or more" : "")}.");
        return Same(tensor.device, device) ? tensor
            : throw Fault(owner, member, $"gave {what} on the device {tensor.device}; {device} is needed.");
    }

    static bool Same(Device one, Device other) => one.type == other.type
        && (one.type == DeviceType.CPU || Math.Max(0, one.index) == Math.Max(0, other.index));
}
