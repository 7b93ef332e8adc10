using System.Xml.Linq;
using Mono.Cecil;

namespace TextGan.Tests.Architecture;

/// <summary>How a thing is computed on which processor and device is known in TextGan.Operations and nowhere else.</summary>
public class OperationsTests
{
    static readonly string Operations = typeof(OperationMode).Assembly.Location;

    static readonly string[] Others =
        [typeof(TextGan.Problems.Problem).Assembly.Location, typeof(TextGan.Reporting.RunLog).Assembly.Location,
            typeof(TextGan.Cli.Application).Assembly.Location,
            typeof(OperationsTests).Assembly.Location];

    /// <summary>
    /// Whether two devices are the same is not how something is computed: a plug-in's tensors must be where they are needed.
    /// </summary>
    static readonly string[] Allowed = ["TextGan.Plugins.PluginComponent.Same: Device.get_type"];

    /// <summary>Members of TorchSharp by which code could choose another way for a device, or reach a tensor's memory.</summary>
    static readonly string[] Forbidden = ["Tensor.get_device_type", "Tensor.is_contiguous", "Tensor.get_bytes", "Device.get_type"];

    static bool IsUnsafe(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        // what the compiler's /unsafe leaves
        return module.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "UnverifiableCodeAttribute");
    }

    [Test]
    public void Only_operations_have_unsafe_code()
    {
        Assert.That(IsUnsafe(Operations), Is.True);
        Assert.That(Others.Where(IsUnsafe), Is.Empty);
        var projects = Directory.EnumerateFiles(Repository.Root, "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".csproj" or ".props" or ".targets"
                && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => XDocument.Load(file).Descendants("AllowUnsafeBlocks").Any()).Select(Path.GetFileName);
        Assert.That(projects, Is.EqualTo(new[] { "TextGan.Operations.csproj" }));
    }

    [Test]
    public void Faster_forms_are_internal()
    {
        using var module = ModuleDefinition.ReadModule(Operations);
        var types = module.GetTypes().Where(type => type.Namespace == "TextGan.Operations.Cpu").ToArray();
        Assert.That(types, Has.Length.GreaterThan(20));
        Assert.That(types.Where(type => type.IsPublic).Select(type => type.Name), Is.Empty);
        Assert.That(module.Types.Where(type => type.IsPublic).SelectMany(type => type.Methods)
            .Where(method => method.IsPublic && method.Name is "Supports" or "ByTensors").Select(method => method.FullName), Is.Empty);
        var friends = module.Assembly.CustomAttributes.Where(attribute => attribute.AttributeType.Name == "InternalsVisibleToAttribute")
            .Select(attribute => attribute.ConstructorArguments[0].Value);
        Assert.That(friends, Is.EquivalentTo(new[] { "TextGan.Tests", "TextGan.Benchmarks" }));
    }

    [Test]
    public void Nothing_else_chooses_by_device_processor_or_memory() =>
        Assert.That(Others[..3].SelectMany(ChoicesIn).Distinct(), Is.EquivalentTo(Allowed));

    /// <summary>
    /// A loop on threads of its own would take turns with LibTorch's on the same cores, and one that asks for threads otherwise than by its
    /// size would wake them for nothing.
    /// </summary>
    [Test]
    public void Loops_share_LibTorchs_threads()
    {
        using var module = ModuleDefinition.ReadModule(Operations);
        var calls = (from type in module.GetTypes()
                     from method in type.Methods
                     where method.HasBody
                     from instruction in method.Body.Instructions
                     let member = instruction.Operand as MethodReference
                     where member is not null
                     select (From: type.FullName.Split('/')[0], To: $"{member.DeclaringType.Name}.{member.Name}")).Distinct().ToArray();
        string[] CallersOf(params string[] starts) => [.. calls
            .Where(call => starts.Any(start => call.To.StartsWith(start, StringComparison.Ordinal))).Select(call => call.From).Distinct()];
        Assert.That(CallersOf("Parallel.", "ParallelEnumerable.", "ThreadPool.", "Thread..ctor"),
            Is.EqualTo(new[] { "TextGan.Native.ThreadTeam" }));
        Assert.That(CallersOf("ThreadTeam.Run"),
            Is.EquivalentTo(new[] { "TextGan.Operations.Cpu.CpuLoop", "TextGan.Operations.Cpu.WorkQueue" }));
    }

    /// <summary>What a backward function throws reaches its caller: all functions are guarded, and all backward passes watched.</summary>
    [Test]
    public void Backward_passes_may_fail()
    {
        string[] UsersOf(params string[] members) =>
        [
            .. from assembly in (string[])[Operations, Others[0]]
               let module = ModuleDefinition.ReadModule(assembly)
               from type in module.GetTypes()
               let used = type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions)
                   .Select(instruction => instruction.Operand).OfType<MethodReference>()
                   .Select(member => $"{member.DeclaringType.GetElementType().Name}.{member.Name}")
               where used.Intersect(members).Any()
               select type.FullName.Split('/')[0] into user
               group user by user into once
               select once.Key
        ];
        Assert.That(UsersOf("SingleTensorFunction`1..ctor", "MultiTensorFunction`1..ctor"),
            Is.EquivalentTo(new[] { "TextGan.Operations.GuardedFunction`1", "TextGan.Operations.GuardedMultiFunction`1" }));
        Assert.That(UsersOf("Tensor.backward", "autograd.grad"), Is.EquivalentTo(new[]
        {
            "TextGan.Operations.BackwardPass",
            // within guarded functions
            "TextGan.Operations.Recomputed", "TextGan.Operations.Cpu.HighwayGateFunction",
            "TextGan.Operations.Cpu.LstmSequence", "TextGan.Operations.Cpu.MaxOverTimeFunction",
        }));
    }

    /// <summary>The search finds what the operations themselves do.</summary>
    [Test]
    public void Choices_are_found() => Assert.That(ChoicesIn(Operations), Is.SupersetOf(new[]
    {
        "TextGan.Operations.Cpu.CpuLoop.SupportsCopy: Tensor.get_device_type",
            "TextGan.Operations.Cpu.CpuLoop.Supports: Tensor.is_contiguous",
        "TextGan.Operations.Cpu.Processor.get_HasWideVectors: Vector512.get_IsHardwareAccelerated",
            "TextGan.Operations.Cpu.CpuLoop.SupportsCopy: OperationMode.get_TensorsOnly",
    }));

    static List<string> ChoicesIn(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        return [.. from type in module.GetTypes()
                   from method in type.Methods
                   where method.HasBody
                   from instruction in method.Body.Instructions
                   let member = instruction.Operand as MethodReference
                   where member is not null
                   let used = $"{member.DeclaringType.Name}.{member.Name}"
                   where Forbidden.Contains(used) || used == "OperationMode.get_TensorsOnly" || IsVector(member.DeclaringType)
                   select $"{type.FullName.Replace('/', '.')}.{method.Name}: {used}"];
    }

    static bool IsVector(TypeReference type) =>
        type.Namespace.StartsWith("System.Runtime.Intrinsics", StringComparison.Ordinal)
            || type.FullName.StartsWith("System.Numerics.Vector", StringComparison.Ordinal);
}
