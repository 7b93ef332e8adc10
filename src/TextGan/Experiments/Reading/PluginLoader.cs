using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace TextGan.Experiments.Reading;

/// <summary>
/// Loads the assemblies that an experiment names and finds the kinds in them: public sealed options records with a
/// <see cref="KindAttribute"/>. Nothing of an assembly runs before its references were found to fit.
/// </summary>
public static class PluginLoader
{
    static readonly ConcurrentDictionary<string, IReadOnlyList<ComponentKind>> loaded = new();

    /// <summary>The kinds of one assembly; it is loaded once a process.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="InvalidInputException">The file is missing, is no .NET assembly, was built against another version of this library,
    /// or has no kinds.</exception>
    public static IReadOnlyList<ComponentKind> Load(string path)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new InvalidInputException(path,
                $"the plug-in is not there ({full}); build it first, for example with: dotnet build -c Release.");
        return loaded.TryGetValue(full, out var known) ? known : loaded.GetOrAdd(full, Find(path, full));
    }

    static List<ComponentKind> Find(string path, string full)
    {
        CheckReferences(path, full);
        try
        {
            var types = new PluginContext(full).LoadFromAssemblyPath(full).GetExportedTypes();
            return KindsOf(path, types);
        }
        catch (Exception error) when (error is not InvalidInputException)
        {
            // Whatever goes wrong in foreign code, type initialisers included, is that plug-in's problem.
            var inner = error is TargetInvocationException or TypeInitializationException && error.InnerException is { } cause ? cause
                : error;
            throw new InvalidInputException(path, $"the plug-in cannot be loaded: {inner.Message}");
        }
    }

    static List<ComponentKind> KindsOf(string path, IEnumerable<Type> types)
    {
        var kinds = new List<ComponentKind>();
        var problems = new List<Problem>();
        foreach (var type in types)
        {
            if (type.GetCustomAttribute<KindAttribute>(inherit: false) is not { } kind) continue;
            if (type.IsAbstract || !type.IsSealed || !type.IsSubclassOf(typeof(ComponentOptions)) || type.ContainsGenericParameters
                || type.GetConstructor(Type.EmptyTypes) is null)
            {
                problems.Add(new(path,
                    $"'{type.FullName}' has the kind '{kind.Name}' but must be a public sealed record with a constructor without " +
                    $"parameters that derives from a family's base record, such as DiscriminatorOptions."));
                continue;
            }
            Activator.CreateInstance(type); // the defaults must come without an exception
            foreach (var property in KindRegistry.BuiltIn.PropertiesOf(type)) OptionType.Of(property.Type, KindRegistry.BuiltIn);
            kinds.Add(new ComponentKind(kind.Name, type, path));
        }
        if (kinds.Count + problems.Count == 0)
            problems.Add(new(path, "the plug-in has no kinds; mark a public sealed options record with [Kind(\"its-name\")]."));
        return problems.Count == 0 ? kinds : throw new InvalidInputException(problems);
    }

    /// <summary>
    /// A plug-in and the assemblies beside it that it refers to, directly or through others: where what it does is written.
    /// </summary>
    public static IReadOnlyList<string> FilesOf(string path)
    {
        var files = new List<string> { Path.GetFullPath(path) };
        for (var i = 0; i < files.Count; i++)
        {
            foreach (var (name, _) in ReferencesOf(path, files[i]))
            {
                // What the program has itself is shared with the plug-in (see PluginContext).
                var beside = Path.Combine(Path.GetDirectoryName(files[0])!, name + ".dll");
                if (File.Exists(beside) && !files.Contains(beside) && !File.Exists(Path.Combine(AppContext.BaseDirectory, name + ".dll")))
                    files.Add(beside);
            }
        }
        return files;
    }

    static void CheckReferences(string path, string full)
    {
        var library = typeof(ComponentOptions).Assembly.GetName();
        var (name, wanted) = ReferencesOf(path, full).Find(reference => reference.Name == library.Name);
        if (name is null) throw new InvalidInputException(path, $"the plug-in does not reference {library.Name}, so it can have no kinds.");
        var here = library.Version!;
        if (wanted.Major != here.Major || wanted.Minor != here.Minor)
            throw new InvalidInputException(path,
                $"the plug-in was built against {library.Name} {wanted.ToString(3)}, but this is {here.ToString(3)}; build it again.");
    }

    static List<(string Name, Version Version)> ReferencesOf(string path, string full)
    {
        try
        {
            using var file = File.OpenRead(full);
            using var image = new PEReader(file);
            if (!image.HasMetadata) throw new BadImageFormatException("no metadata");
            var metadata = image.GetMetadataReader();
            if (!metadata.IsAssembly) throw new BadImageFormatException("no assembly");
            return [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
                .Select(reference => (metadata.GetString(reference.Name), reference.Version))];
        }
        catch (Exception error) when (error is BadImageFormatException or InvalidOperationException)
        {
            throw new InvalidInputException(path, "the file is not a .NET assembly.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(path, $"the plug-in cannot be read: {error.Message}");
        }
    }
}
