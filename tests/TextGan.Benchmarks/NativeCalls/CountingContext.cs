using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace TextGan.Benchmarks.NativeCalls;

/// <summary>
/// This program's assemblies once more, with a TorchSharp that calls <see cref="NativeCallCounter.Count"/> before each call of a native
/// function. TorchSharp itself has no such place to look.
/// </summary>
sealed class CountingContext() : AssemblyLoadContext(nameof(CountingContext))
{
    const string Counted = "TorchSharp";

    readonly AssemblyDependencyResolver resolver = new(typeof(CountingContext).Assembly.Location);

    /// <summary>This type in the context.</summary>
    public Type Of(Type type) => LoadFromAssemblyPath(type.Assembly.Location).GetType(type.FullName!, throwOnError: true)!;

    protected override Assembly? Load(AssemblyName name)
    {
        if (resolver.ResolveAssemblyToPath(name) is not { } file) return null; // the runtime's own
        if (name.Name != Counted) return LoadFromAssemblyPath(file);
        using var counting = new MemoryStream(Counting(file));
        return LoadFromStream(counting);
    }

    protected override nint LoadUnmanagedDll(string name) =>
        resolver.ResolveUnmanagedDllToPath(name) is { } file ? LoadUnmanagedDllFromPath(file) : 0;

    static byte[] Counting(string file)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(file);
        var count = assembly.MainModule.ImportReference(typeof(NativeCallCounter).GetMethod(nameof(NativeCallCounter.Count)));
        foreach (var method in assembly.MainModule.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
            Instrument(method.Body, count);
        using var written = new MemoryStream();
        assembly.Write(written);
        return written.ToArray();
    }

    static void Instrument(Mono.Cecil.Cil.MethodBody body, MethodReference count)
    {
        Instruction[] calls = [.. body.Instructions.Where(instruction =>
            instruction.OpCode == OpCodes.Call && instruction.Operand is MethodDefinition { IsPInvokeImpl: true })];
        if (calls.Length == 0) return;
        body.SimplifyMacros();
        foreach (var call in calls)
        {
            // A jump may lead to the call, and has to count, too: so the instruction at this place becomes the first of the three.
            var native = (MethodDefinition)call.Operand;
            (call.OpCode, call.Operand) = (OpCodes.Ldstr, native.PInvokeInfo.EntryPoint);
            var counted = Instruction.Create(OpCodes.Call, count);
            body.GetILProcessor().InsertAfter(call, counted);
            body.GetILProcessor().InsertAfter(counted, Instruction.Create(OpCodes.Call, native));
        }
        body.OptimizeMacros();
    }
}
