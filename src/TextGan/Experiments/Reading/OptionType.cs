using System.Reflection;
using System.Text.Json;

namespace TextGan.Experiments.Reading;

/// <summary>What sort of JSON a .NET type is read from.</summary>
public enum OptionForm
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>true or false.</summary>
    Truth,

    /// <summary>A number without a fraction.</summary>
    Whole,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A string out of a few.</summary>
    Choice,

    /// <summary>An array.</summary>
    List,

    /// <summary>An object whose keys are names that the user chose.</summary>
    Named,

    /// <summary>An object with a "kind".</summary>
    Family,

    /// <summary>An object with fixed keys.</summary>
    Section,
}

/// <summary>The form of a type, with what it is made of.</summary>
/// <param name="Form">What sort of JSON it is read from.</param>
/// <param name="Type">The type without <see cref="Nullable{T}"/>.</param>
/// <param name="Element">What a list or named values hold; else null.</param>
public sealed record OptionType(OptionForm Form, Type Type, Type? Element = null)
{
    public static OptionType Of(Type type, KindRegistry kinds)
    {
        type = System.Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return new(OptionForm.Text, type);
        if (type == typeof(bool)) return new(OptionForm.Truth, type);
        if (type.IsEnum) return new(OptionForm.Choice, type);
        if (type == typeof(int) || type == typeof(long)) return new(OptionForm.Whole, type);
        if (type == typeof(double) || type == typeof(float)) return new(OptionForm.Number, type);
        if (kinds.FamilyOf(type) is not null) return new(OptionForm.Family, type);
        if (InterfaceOf(type, typeof(IReadOnlyDictionary<,>)) is { } named && named.GetGenericArguments()[0] == typeof(string))
            return new(OptionForm.Named, type, named.GetGenericArguments()[1]);
        if (InterfaceOf(type, typeof(IEnumerable<>)) is { } list) return new(OptionForm.List, type, list.GetGenericArguments()[0]);
        if (type.IsClass) return new(OptionForm.Section, type);
        throw new NotSupportedException(
            $"An option cannot have the type {type}: use text, bool, int, long, double, an enum, a list, a dictionary with string keys, " +
            $"or a record of such properties.");
    }

    /// <summary>The names of an enum's values in JSON: the one that an attribute gives, else kebab-case.</summary>
    public static IReadOnlyList<string> ChoicesOf(Type type) =>
        [.. Enum.GetNames(type).Select(name => type.GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
            ?? JsonNamingPolicy.KebabCaseLower.ConvertName(name))];

    static Type? InterfaceOf(Type type, Type definition) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == definition ? type
            : type.GetInterfaces().FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == definition);
}
