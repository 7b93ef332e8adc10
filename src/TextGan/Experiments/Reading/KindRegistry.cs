using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace TextGan.Experiments.Reading;

/// <summary>
/// All kinds of components that an experiment can name: the library's own, found by their <c>[JsonDerivedType]</c> lines, and those of
/// plug-ins. It also holds the serializer options by which options records are read and written, so that reader, JSON schema and
/// catalogue see the same properties.
/// </summary>
public sealed partial class KindRegistry
{
    static readonly Lazy<KindRegistry> builtIn = new(() => new KindRegistry(FindFamilies()));

    readonly Dictionary<Type, ComponentFamily> families;
    readonly ConcurrentDictionary<Type, IReadOnlyList<OptionProperty>> properties = new();

    KindRegistry(IReadOnlyList<ComponentFamily> families)
    {
        Families = families;
        this.families = families.ToDictionary(family => family.Type);
        var resolver = new DefaultJsonTypeInfoResolver();
        resolver.Modifiers.Add(Adapt);
        Json = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            TypeInfoResolver = resolver,
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            AllowOutOfOrderMetadataProperties = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 2 * JsonTreeReader.MaximumDepth,
            WriteIndented = true,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        };
        Json.MakeReadOnly();
    }

    /// <summary>The library's own kinds.</summary>
    public static KindRegistry BuiltIn => builtIn.Value;

    /// <summary>In alphabetical order.</summary>
    public IReadOnlyList<ComponentFamily> Families { get; }

    /// <summary>How options records become JSON and back: camelCase, kebab-case enum values, strict.</summary>
    public JsonSerializerOptions Json { get; }

    public ComponentFamily? FamilyOf(Type type) => families.GetValueOrDefault(type);

    /// <summary>The kind of an options record's type, or null where it is of no family.</summary>
    public string? KindOf(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (FamilyOf(parent) is { } family) return family.Kinds.FirstOrDefault(kind => kind.Type == type)?.Name;
        }
        return null;
    }

    /// <summary>What a record's JSON has, in the order in which it is written; the "kind" is not among it.</summary>
    public IReadOnlyList<OptionProperty> PropertiesOf(Type type) => properties.GetOrAdd(type, Find);

    /// <summary>These kinds and those of a plug-in.</summary>
    /// <exception cref="InvalidInputException">A kind is taken already or is no kind of any family.</exception>
    public KindRegistry With(string plugin, IReadOnlyList<ComponentKind> added)
    {
        var problems = new List<Problem>();
        var lists = Families.ToDictionary(family => family.Type, family => family.Kinds.ToList());
        foreach (var kind in added)
        {
            var parent = kind.Type.BaseType;
            while (parent is not null && !lists.ContainsKey(parent)) parent = parent.BaseType;
            if (parent is null)
            {
                problems.Add(new(plugin,
                    $"'{kind.Type.FullName}' derives from none of the families' base records; they are " +
                    $"{string.Join(", ", Families.Select(family => family.Type.Name))}."));
            }
            else if (!KindName().IsMatch(kind.Name))
            {
                problems.Add(new(plugin,
                    $"the kind '{kind.Name}' of '{kind.Type.FullName}' must be lower-case words joined by '-', such as 'word-order'."));
            }
            else if (lists[parent].Find(other => other.Name == kind.Name) is { } taken)
            {
                problems.Add(new(plugin,
                    $"the {families[parent].Words} kind '{kind.Name}' of '{kind.Type.FullName}' is taken already by " +
                    $"'{taken.Type.FullName}'{(taken.Plugin is null ? "" : $" of '{taken.Plugin}'")}; choose another name."));
            }
            else lists[parent].Add(kind with { Plugin = plugin });
        }
        if (problems.Count > 0) throw new InvalidInputException(problems);
        return new KindRegistry([.. Families.Select(family => family with { Kinds = lists[family.Type] })]);
    }

    static IReadOnlyList<ComponentFamily> FindFamilies() =>
    [
        .. typeof(ComponentOptions).Assembly.GetTypes()
            .Where(type => type.IsAbstract && type.IsSubclassOf(typeof(ComponentOptions))
                && type.IsDefined(typeof(JsonPolymorphicAttribute), inherit: false))
            .Select(type => new ComponentFamily(NameOf(type), type,
            [
                .. type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
                    .Select(kind => new ComponentKind((string)kind.TypeDiscriminator!, kind.DerivedType)),
            ]))
            .OrderBy(family => family.Name, StringComparer.Ordinal),
    ];

    /// <summary>A record's name in lists: "AdversarialLossOptions" is "adversarial-loss".</summary>
    internal static string NameOf(Type type) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(type.Name.EndsWith("Options", StringComparison.Ordinal) ? type.Name[..^"Options".Length]
            : type.Name);

    void Adapt(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || !info.Type.IsAssignableTo(typeof(ComponentOptions))) return;

        // A property without a setter describes the options; it is not an option.
        foreach (var property in info.Properties.Where(property => property.Set is null).ToList()) info.Properties.Remove(property);

        if (FamilyOf(info.Type) is not { } family) return;
        if (family.Kinds.Count == 0)
        {
            info.PolymorphismOptions = null; // the serializer rejects a polymorphic type without kinds
            return;
        }
        info.PolymorphismOptions ??= new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "kind" };
        foreach (var kind in family.Kinds)
        {
            if (kind.Plugin is not null) info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(kind.Type, kind.Name));
        }
    }

    IReadOnlyList<OptionProperty> Find(Type type)
    {
        var owner = type.IsAbstract ? null : Activator.CreateInstance(type);
        return [.. Json.GetTypeInfo(type).Properties.Select(info => new OptionProperty(info, owner))];
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex KindName();
}
