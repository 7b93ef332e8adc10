using Mono.Cecil;
using TextGan.Native;
using TorchSharp;

namespace TextGan.Tests.Architecture;

/// <summary>
/// Finds in compiled code what makes a TorchSharp <see cref="Scalar"/> that nothing keeps alive (see <see cref="HeldScalars"/>):
/// conversions of numbers, and members of TorchSharp that convert numbers themselves, directly or through other members (<c>a + b</c>,
/// <c>x.square()</c>). A module or optimiser that is made is searched too, because its forward or step will be called.
/// </summary>
sealed class BareScalars
{
    const string TorchSharpName = "TorchSharp";

    readonly ModuleDefinition torchSharp = ModuleDefinition.ReadModule(typeof(Scalar).Assembly.Location);

    /// <summary>Members of TorchSharp in which a scalar is made, by full name.</summary>
    readonly HashSet<string> makers;

    public BareScalars()
    {
        var callers = (from caller in torchSharp.GetTypes().SelectMany(type => type.Methods)
                       from used in Used(caller)
                       select (used.FullName, Caller: caller)).ToLookup(pair => pair.FullName, pair => pair.Caller);
        makers = [.. callers.Select(group => group.Key).Where(MakesScalar)];
        var open = new Queue<string>(makers);
        while (open.TryDequeue(out var maker))
            foreach (var caller in callers[maker])
                if (makers.Add(caller.FullName)) open.Enqueue(caller.FullName);
    }

    static bool MakesScalar(string member) =>
        member.StartsWith("TorchSharp.Scalar TorchSharp.Scalar::op_Implicit", StringComparison.Ordinal)
        || member.StartsWith("TorchSharp.Scalar TorchSharp.ScalarExtensionMethods::To", StringComparison.Ordinal)
        || member.StartsWith("System.Void TorchSharp.Scalar::.ctor", StringComparison.Ordinal);

    /// <summary>Each place once, as "Type.Method: member of TorchSharp".</summary>
    public IReadOnlyList<string> In(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in module.GetTypes())
        {
            foreach (var method in type.Methods)
                foreach (var used in Used(method))
                    if (makers.Contains(used.FullName) && !(IsTheOnePlace(type) && MakesScalar(used.FullName)))
                        found.Add($"{Name(type, method)}: {Short(used)}");
                    else foreach (var later in CalledLater(type, used)) found.Add($"{Name(type, method)}: {Short(later)}");
            // What a type of our own takes over from TorchSharp and does not replace.
            if (Resolve(type.BaseType) is { } inherited)
                foreach (var member in Makers(inherited)
                    .Where(member => !type.Methods.Any(own => own.IsVirtual && own.Name == member.Name)))
                    found.Add($"{Name(type, null)}: {Short(member)}");
        }
        return [.. found];
    }

    static bool IsTheOnePlace(TypeDefinition type) => type.FullName == typeof(HeldScalars).FullName;

    /// <summary>The forward or step of a module or optimiser that a member of TorchSharp makes.</summary>
    IEnumerable<MethodDefinition> CalledLater(TypeDefinition user, MethodReference used)
    {
        var isConstructor = used.Name == ".ctor";
        if (isConstructor && used.DeclaringType.FullName == user.BaseType?.FullName) return []; // of a part of itself
        return Resolve(isConstructor ? used.DeclaringType : used.ReturnType) is { } made ? Makers(made) : [];
    }

    IEnumerable<MethodDefinition> Makers(TypeDefinition type)
    {
        for (var from = type; from is not null; from = Resolve(from.BaseType))
            foreach (var method in from.Methods)
                if (method.IsVirtual && method.Name is "forward" or "step" && makers.Contains(method.FullName)) yield return method;
    }

    /// <summary>
    /// What a method calls, makes or takes as a delegate; the iterator or closure that the compiler made of it belongs to it.
    /// </summary>
    IEnumerable<MethodReference> Used(MethodDefinition method)
    {
        if (!method.HasBody) yield break;
        foreach (var instruction in method.Body.Instructions)
        {
            if (instruction.Operand is not MethodReference reference) continue;
            var used = Definition(reference);
            yield return used;
            if (used.DeclaringType is TypeDefinition { IsNestedPrivate: true } inner
                && inner.Name.Contains(">d__", StringComparison.Ordinal) && used.Name == ".ctor")
                foreach (var step in inner.Methods) yield return step;
        }
    }

    /// <summary>A member of TorchSharp as it is defined there: generic ones lose their arguments.</summary>
    MethodReference Definition(MethodReference reference)
    {
        var member = reference.GetElementMethod();
        if (member is MethodDefinition || Resolve(member.DeclaringType) is not { } type) return member;
        return type.Methods.FirstOrDefault(method => method.Name == member.Name && method.Parameters.Count == member.Parameters.Count
            && method.Parameters.Zip(member.Parameters)
                .All(pair => pair.Second.ParameterType.ContainsGenericParameter
                || pair.First.ParameterType.FullName == pair.Second.ParameterType.FullName)) ?? member;
    }

    TypeDefinition? Resolve(TypeReference? type)
    {
        var element = type?.GetElementType();
        if (element?.Scope.Name is not (TorchSharpName or TorchSharpName + ".dll")) return null;
        return element as TypeDefinition ?? torchSharp.GetType(element.FullName);
    }

    /// <summary>As the source names it: a lambda counts as the method around it.</summary>
    static string Name(TypeDefinition type, MethodDefinition? method)
    {
        var name = $"{type.FullName.Replace('/', '.')}.{method?.Name}".TrimEnd('.');
        return System.Text.RegularExpressions.Regex.Replace(name, @"\.<>c[^.]*(?=\.<)|<(\w+)>[^.]*", "$1");
    }

    static string Short(MethodReference member)
    {
        var parameters = string.Join(", ", member.Parameters.Select(parameter => parameter.ParameterType.Name));
        return $"{member.DeclaringType.Name}.{member.Name}({parameters})";
    }
}
