using System.Reflection;
using System.Runtime.Loader;

namespace TextGan.Experiments.Reading;

/// <summary>
/// Loads a plug-in and what lies beside it; everything that the program itself has is shared with it, above all this library and
/// TorchSharp.
/// </summary>
sealed class PluginContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    readonly AssemblyDependencyResolver resolver = new(path);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var library = typeof(ComponentOptions).Assembly;
        if (assemblyName.Name == library.GetName().Name) return library;
        try
        {
            return Default.LoadFromAssemblyName(new AssemblyName(assemblyName.Name!));
        }
        catch (Exception error) when (error is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return resolver.ResolveAssemblyToPath(assemblyName) is { } file ? LoadFromAssemblyPath(file) : null;
        }
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
}
