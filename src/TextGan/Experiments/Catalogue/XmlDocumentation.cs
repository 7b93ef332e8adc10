using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using TextGan.Experiments.Reading;

namespace TextGan.Experiments.Catalogue;

/// <summary>
/// The doc comments of types and properties as plain text. They come from the XML file beside an assembly; names of properties
/// and kinds in them are shown as an experiment's JSON has them.
/// </summary>
public sealed partial class XmlDocumentation(KindRegistry kinds)
{
    static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> files = new();

    /// <summary>The summary of a type, or nothing where it has none.</summary>
    public string SummaryOf(Type type) => Text(Element(type, "summary"));

    /// <summary>The remarks of a type, or nothing.</summary>
    public string RemarksOf(Type type) => Text(Element(type, "remarks"));

    /// <summary>The summary and remarks of a property, inherited from what it overrides, or nothing.</summary>
    public string SummaryOf(PropertyInfo property)
    {
        var member = Inherited(property);
        string[] parts = [Text(member?.Element("summary")), Text(member?.Element("remarks"))];
        return string.Join('\n', parts.Where(part => part.Length > 0));
    }

    /// <summary>The summary of an enum's value, or nothing.</summary>
    public string SummaryOf(Type type, string value) => Text(Find(type.Assembly, $"F:{NameOf(type)}.{value}")?.Element("summary"));

    static XElement? Element(Type type, string part)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            var member = Find(one.Assembly, "T:" + NameOf(one));
            if (member?.Element(part) is { } element) return element;
            if (member?.Element("inheritdoc") is null) return null;
        }
        return null;
    }

    static XElement? Inherited(PropertyInfo property)
    {
        for (var type = property.DeclaringType; type is not null; type = type.BaseType)
        {
            if (type.GetProperty(property.Name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly) is null) continue;
            if (Find(type.Assembly, $"P:{NameOf(type)}.{property.Name}") is { } member && member.Element("summary") is not null)
                return member;
        }
        return null;
    }

    string Text(XElement? element)
    {
        if (element is null) return "";
        var text = string.Concat(element.Nodes().Select(Render));
        var lines = text.Split('\n').Select(line => Spaces().Replace(line, " ").Trim());
        return string.Join('\n', lines.Where(line => line.Length > 0));
    }

    string Render(XNode node) => node switch
    {
        XText text => Spaces().Replace(text.Value, " "),
        XElement element => element.Name.LocalName switch
        {
            "see" or "seealso" when element.Attribute("cref") is { } target => element.IsEmpty ? Reference(target.Value) : Inner(element),
            "see" when element.Attribute("langword") is { } word => word.Value,
            "see" when element.Attribute("href") is { } link => element.IsEmpty ? link.Value : $"{Inner(element)} ({link.Value})",
            "paramref" or "typeparamref" => element.Attribute("name")?.Value ?? "",
            "c" => element.Value,
            "code" => "\n" + element.Value.Trim('\r', '\n') + "\n",
            "para" or "list" => "\n" + Inner(element) + "\n",
            "item" => "\n- " + Inner(element).Trim() + "\n",
            "term" => Inner(element).Trim() + ": ",
            "br" => "\n",
            _ => Inner(element),
        },
        _ => "",
    };

    string Inner(XElement element) => string.Concat(element.Nodes().Select(Render));

    string Reference(string cref)
    {
        var name = cref[(cref.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var end = name.IndexOfAny(['(', '`']);
        if (end >= 0) name = name[..end];
        var last = name[(name.LastIndexOf('.') + 1)..];
        var owner = name.Length > last.Length ? name[..^(last.Length + 1)] : "";
        switch (cref[0])
        {
            case 'P' when owner.EndsWith("Options", StringComparison.Ordinal): return $"'{JsonNamingPolicy.CamelCase.ConvertName(last)}'";
            case 'F': return $"'{JsonNamingPolicy.KebabCaseLower.ConvertName(last)}'";
            case 'T':
                var kind = kinds.Families.SelectMany(family => family.Kinds).FirstOrDefault(kind => kind.Type.FullName == name);
                if (kind is not null) return $"'{kind.Name}'";
                return last.EndsWith("Options", StringComparison.Ordinal)
                    ? $"'{JsonNamingPolicy.KebabCaseLower.ConvertName(last[..^"Options".Length])}'" : last;
            default: return last;
        }
    }

    static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    static XElement? Find(Assembly assembly, string member) => files.GetOrAdd(assembly, Read).GetValueOrDefault(member);

    static Dictionary<string, XElement> Read(Assembly assembly)
    {
        var folder = Path.GetDirectoryName(assembly.Location) is { Length: > 0 } beside ? beside : AppContext.BaseDirectory;
        var file = Path.Combine(folder, assembly.GetName().Name + ".xml");
        if (!File.Exists(file)) return [];
        try
        {
            // Line breaks within a <code> count, so white space is kept.
            return XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member")
                .Where(element => element.Attribute("name") is not null)
                .GroupBy(element => element.Attribute("name")!.Value)
                .ToDictionary(group => group.Key, group => group.First());
        }
        catch (XmlException error)
        {
            throw new InvalidInputException(file, $"the documentation of {assembly.GetName().Name} cannot be read: {error.Message}");
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
