using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;

namespace TextGan.Experiments.Catalogue;

/// <summary>
/// Describes every kind of component and every section of an experiment, from the options records and their doc comments: nothing is
/// listed twice, and a plug-in's kinds appear by themselves.
/// </summary>
public sealed class KindCatalogue
{
    static readonly Lazy<KindCatalogue> builtIn = new(() => new KindCatalogue(KindRegistry.BuiltIn));

    readonly KindRegistry kinds;
    readonly XmlDocumentation documentation;
    readonly ILookup<string, string> keys; // the families and sections that stand under a key of the JSON

    public KindCatalogue(KindRegistry kinds)
    {
        (this.kinds, documentation) = (kinds, new XmlDocumentation(kinds));
        Families = [.. kinds.Families.Select(family => new FamilyDescription(family.Name, documentation.SummaryOf(family.Type),
            [.. family.Kinds.Select(kind => Describe(family.Name, kind.Name, kind.Type, kind.Plugin))]))];
        var sections = SectionTypes(kinds);
        keys = sections.Concat(kinds.Families.SelectMany(family => family.Kinds).Select(kind => kind.Type))
            .SelectMany(kinds.PropertiesOf).Select(property => (property.Name, Value: NameOfValue(property.Type)))
                .Where(pair => pair.Value is not null)
            .Distinct().ToLookup(pair => pair.Name, pair => pair.Value!);
        Sections = [.. sections.Select(type => Describe("section", KindRegistry.NameOf(type), type, null)).Select(section => section with
        {
            Keys = [.. keys.Where(key => key.Contains(section.Name)).Select(key => key.Key)],
        })];
    }

    /// <summary>The library's own kinds.</summary>
    public static KindCatalogue BuiltIn => builtIn.Value;

    /// <summary>The kinds of an experiment's plug-ins among them.</summary>
    public IReadOnlyList<FamilyDescription> Families { get; }

    /// <summary>The experiment itself and the parts of it that have no kinds: "experiment", "training", "evaluation" and others.</summary>
    public IReadOnlyList<KindDescription> Sections { get; }

    /// <summary>
    /// Everything of that name: a kind (of each family that has it), a section, all kinds of a family, or the value of that key of the
    /// JSON. Keys above it may stand before (<c>guards.modeCollapse</c>).
    /// </summary>
    /// <exception cref="InvalidInputException">Nothing has that name.</exception>
    public IReadOnlyList<KindDescription> Describe(string name)
    {
        var key = name[(name.LastIndexOf('.') + 1)..];
        var all = Families.SelectMany(family => family.Kinds).Concat(Sections).ToList();
        var found = all.Where(one => one.Name == key || one.Family == key
            || keys[key].Contains(one.Family == "section" ? one.Name : one.Family)).ToList();
        if (found.Count > 0) return found;
        var names = all.Select(one => one.Name).Concat(Families.Select(family => family.Name)).Concat(keys.Select(group => group.Key))
            .Distinct().ToList();
        var owners = all.Where(one => one.Properties.Any(property => property.Name == key)).Select(one => one.Name).Distinct().ToList();
        throw new InvalidInputException(name, owners.Count > 0
            ? $"this is a setting of {Wording.List(owners)}; describe that."
            : $"there is no such kind, family or section.{NearestMatch.Hint(key, names)} There are {Wording.List(names)}.");
    }

    /// <summary>
    /// The family or section that a value, or each item of it, belongs to; null where it is a number, a text or the like.
    /// </summary>
    string? NameOfValue(Type type)
    {
        var form = OptionType.Of(type, kinds);
        return form.Form switch
        {
            OptionForm.List or OptionForm.Named => NameOfValue(form.Element!),
            OptionForm.Family => kinds.FamilyOf(form.Type)!.Name,
            OptionForm.Section => KindRegistry.NameOf(form.Type),
            _ => null,
        };
    }

    /// <summary>The record types that have no kinds, found from the experiment downwards.</summary>
    internal static IReadOnlyList<Type> SectionTypes(KindRegistry kinds)
    {
        var sections = new List<Type>();
        var seen = new HashSet<Type>();
        var open = new Queue<Type>([typeof(ExperimentOptions), typeof(SweepRangeOptions)]); // ranges stand under keys of their own
        while (open.TryDequeue(out var type))
        {
            if (!seen.Add(type)) continue;
            var form = OptionType.Of(type, kinds);
            switch (form.Form)
            {
                case OptionForm.List or OptionForm.Named: open.Enqueue(form.Element!); break;
                case OptionForm.Family:
                    foreach (var kind in kinds.FamilyOf(form.Type)!.Kinds) Enqueue(kind.Type);
                    break;
                case OptionForm.Section:
                    sections.Add(form.Type);
                    Enqueue(form.Type);
                    break;
            }
        }
        return sections;

        void Enqueue(Type type)
        {
            foreach (var property in kinds.PropertiesOf(type)) open.Enqueue(property.Type);
        }
    }

    KindDescription Describe(string family, string name, Type type, string? plugin) => new(
        family, name, documentation.SummaryOf(type), documentation.RemarksOf(type), [.. kinds.PropertiesOf(type).Select(Describe)], plugin);

    PropertyDescription Describe(OptionProperty property)
    {
        var type = OptionType.Of(property.Type, kinds);
        return new PropertyDescription(
            property.Name,
            OptionWords.Of(type, null, kinds) + (property.Nullable ? ", or null" : ""),
            Wording.Range(property.Range),
            property.Required ? "" : DefaultText(property),
            property.Required,
            property.Member is { } member ? documentation.SummaryOf(member) : "",
            type.Form == OptionForm.Choice
                ? [.. Enum.GetNames(type.Type).Zip(
                OptionType.ChoicesOf(type.Type), (value, shown) => new ChoiceDescription(shown, documentation.SummaryOf(type.Type, value)))]
                : []);
    }

    string DefaultText(OptionProperty property) => Default(property, kinds)?.ToJsonString(Compact) ?? "null";

    /// <summary>A property's default as JSON; what has its own default within it is left out.</summary>
    internal static JsonNode? Default(OptionProperty property, KindRegistry kinds)
    {
        var node = JsonSerializer.SerializeToNode(property.Default, property.Type, kinds.Json);
        if (property.Default is ComponentOptions options && node is JsonObject members)
        {
            foreach (var inner in kinds.PropertiesOf(options.GetType()))
            {
                var fresh = JsonSerializer.SerializeToNode(inner.Default, inner.Type, kinds.Json);
                if (JsonNode.DeepEquals(fresh, members[inner.Name])) members.Remove(inner.Name);
            }
        }
        return node;
    }

    static readonly JsonSerializerOptions Compact =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
