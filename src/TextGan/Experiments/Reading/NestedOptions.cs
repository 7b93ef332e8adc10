using System.Collections;

namespace TextGan.Experiments.Reading;

/// <summary>Finds the options records within an options record.</summary>
public static class NestedOptions
{
    /// <summary>The record and all below it, each with its JSON path.</summary>
    public static IEnumerable<(string Path, ComponentOptions Options)> Of(ComponentOptions options, KindRegistry kinds, string path = "$")
    {
        yield return (path, options);
        foreach (var property in kinds.PropertiesOf(options.GetType()))
        {
            foreach (var nested in Within(property.Info.Get?.Invoke(options), path + Origin.Step(property.Name),
                kinds)) yield return nested;
        }
    }

    static IEnumerable<(string, ComponentOptions)> Within(object? value, string path, KindRegistry kinds) => value switch
    {
        ComponentOptions options => Of(options, kinds, path),
        string => [],
        IDictionary named => named.Keys.Cast<object>().SelectMany(key => Within(named[key], path + Origin.Step((string)key), kinds)),
        IEnumerable items => items.Cast<object?>().SelectMany((item, index) => Within(item, $"{path}[{index}]", kinds)),
        _ => [],
    };
}
