using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace TextGan.Experiments.Reading;

/// <summary>One property of an options record as the JSON shows it.</summary>
public sealed class OptionProperty
{
    internal OptionProperty(JsonPropertyInfo info, object? owner)
    {
        Info = info;
        Member = info.AttributeProvider as PropertyInfo;
        Range = Member?.GetCustomAttribute<RangeAttribute>(inherit: false);
        Required = info.IsRequired || Member?.IsDefined(typeof(RequiredAttribute), inherit: false) == true;
        Nullable = info.IsSetNullable;
        Default = owner is null ? null : info.Get?.Invoke(owner);
    }

    /// <summary>In the JSON: camelCase.</summary>
    public string Name => Info.Name;

    public Type Type => Info.PropertyType;

    public JsonPropertyInfo Info { get; }

    public PropertyInfo? Member { get; }

    public RangeAttribute? Range { get; }

    public bool Required { get; }

    public bool Nullable { get; }

    /// <summary>The value of a fresh record.</summary>
    public object? Default { get; }
}
