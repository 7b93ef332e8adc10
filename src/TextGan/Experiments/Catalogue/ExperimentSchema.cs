using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using TextGan.Experiments.Reading;

namespace TextGan.Experiments.Catalogue;

/// <summary>
/// The JSON schema (draft 2020-12) of experiment files, by which an editor completes, documents and checks. It says what the reader
/// says, but for what a schema cannot: references between parts, files, and which keys an experiment may leave to the defaults of its list.
/// </summary>
public sealed class ExperimentSchema
{
    const string Partial = ".partial";

    readonly KindRegistry kinds;
    readonly XmlDocumentation documentation;
    readonly SortedDictionary<string, JsonObject> definitions = new(StringComparer.Ordinal);

    ExperimentSchema(KindRegistry kinds) => (this.kinds, documentation) = (kinds, new XmlDocumentation(kinds));

    /// <param name="kinds">The kinds that it knows; null means the library's own.</param>
    public static JsonObject Create(KindRegistry? kinds = null) => new ExperimentSchema(kinds ?? KindRegistry.BuiltIn).Build();

    JsonObject Build()
    {
        foreach (var family in kinds.Families)
        {
            foreach (var kind in family.Kinds) definitions[$"{family.Name}.{kind.Name}"] = Export(kind.Type, kind.Name);
            definitions[family.Name] = Alternatives(family);
        }
        foreach (var type in KindCatalogue.SectionTypes(kinds)) definitions[KindRegistry.NameOf(type)] = Export(type, null);
        foreach (var (name, definition) in definitions.ToList()) definitions[name + Partial] = PartialOf(definition);
        foreach (var end in (string[])["", Partial]) definitions["sweep" + end]["additionalProperties"] = SweptValues(end);

        // Keys that the reader takes before an experiment becomes options.
        var experiment = definitions["experiment"];
        Own(experiment);
        TakeTokenizerOfGenerator(experiment);
        var entry = definitions["experiment" + Partial];
        var defaults = (JsonObject)entry.DeepClone();
        ((JsonObject)defaults["properties"]!).Remove("name");
        defaults["description"] = "Settings that the experiments of this file have in common.";
        Own(entry);
        entry["properties"]!["extends"] =
            Text("The name of another experiment of this list, whose settings this one inherits and overrides.");
        entry["required"] = new JsonArray("name");
        definitions["defaults"] = defaults;

        var all = new JsonObject();
        foreach (var (name, definition) in definitions) all[name] = definition;
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "TextGan experiments",
            ["description"] = "One experiment, or a list of experiments with shared defaults.",
            ["allowComments"] = true,
            ["allowTrailingCommas"] = true,
            ["type"] = "object",
            ["if"] = new JsonObject { ["anyOf"] = new JsonArray(Requires("experiments"), Requires("defaults")) },
            ["then"] = ListOfExperiments(),
            ["else"] = Reference("experiment"),
            ["$defs"] = all,
        };
    }

    static JsonObject ListOfExperiments() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["$schema"] = Text("Path of this schema, for editors."),
            ["defaults"] = new JsonObject { ["$ref"] = "#/$defs/defaults",
                ["description"] = "Defaults of each experiment of this file: objects are merged, lists and single values replaced." },
            ["experiments"] = new JsonObject
            {
                ["type"] = "array",
                ["minItems"] = 1,
                ["description"] = "Experiments, or names of files with further ones.",
                ["items"] = new JsonObject
                {
                    ["if"] = new JsonObject { ["type"] = "string" },
                    ["then"] = Text("A file with further experiments, from this file's folder; the defaults of this list do not apply to " +
                        "it."),
                    ["else"] = new JsonObject
                    {
                        ["if"] = Requires("file"),
                        ["then"] = new JsonObject
                        {
                            ["type"] = "object",
                            ["properties"] = new JsonObject {
                                ["file"] = Text("A file with further experiments, from this file's folder.") },
                            ["additionalProperties"] = false,
                        },
                        ["else"] = Reference("experiment" + Partial),
                    },
                },
            },
        },
        ["required"] = new JsonArray("experiments"),
        ["additionalProperties"] = false,
    };

    static void Own(JsonObject experiment)
    {
        experiment["properties"]!["$schema"] = Text("Path of this schema, for editors.");
        experiment["properties"]!["$base"] = Text("The folder that relative paths start at. Default: that of this file.");
    }

    /// <summary>A pretrained generator brings a tokenizer.</summary>
    static void TakeTokenizerOfGenerator(JsonObject experiment)
    {
        experiment["required"] = new JsonArray([.. experiment["required"]!.AsArray().Select(one => (string)one!)
            .Where(name => name != "tokenizer").Select(name => (JsonNode)name)]);
        var pretrained = Reference("generator.pretrained");
        pretrained["description"] = "A pretrained generator.";
        var brings = Requires("generator");
        brings["properties"] = new JsonObject { ["generator"] = pretrained };
        experiment.Insert(0, "if", brings);
        experiment.Insert(1, "else", Requires("tokenizer"));
    }

    /// <summary>What the path of an option has in a sweep.</summary>
    static JsonObject SweptValues(string end) => new()
    {
        ["description"] = "The values of the option at this path: a list, or a range of numbers.",
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "array", ["minItems"] = 1 }, Reference("sweep-range" + end), new JsonObject { ["type"] = "null" }),
    };

    static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    static JsonObject Requires(string key) => new() { ["required"] = new JsonArray(key) };

    static JsonObject Reference(string name) => new() { ["$ref"] = "#/$defs/" + name };

    JsonObject Alternatives(ComponentFamily family)
    {
        var alternatives = new JsonArray();
        if (OptionWords.MeansNumber(family.Type)) alternatives.Add(new JsonObject { ["type"] = "number" });
        if (OptionWords.MeansKind(family.Type))
            alternatives.Add(new JsonObject { ["enum"] = new JsonArray([.. family.Kinds.Select(kind => (JsonNode)kind.Name)]) });
        foreach (var kind in family.Kinds) alternatives.Add(Reference($"{family.Name}.{kind.Name}"));
        var schema = new JsonObject { ["description"] = documentation.SummaryOf(family.Type) };
        if (alternatives.Count > 0) schema["anyOf"] = alternatives;
        else schema["not"] = new JsonObject();
        return schema;
    }

    /// <summary>The schema of one record; records within it are referred to by name.</summary>
    JsonObject Export(Type type, string? kind)
    {
        var schema = (JsonObject)kinds.Json.GetJsonSchemaAsNode(
            type, new JsonSchemaExporterOptions {
            TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (context, node) => Transform(context, node, type) });
        Inline(schema, schema);
        var properties = schema["properties"] as JsonObject ?? [];
        var required = new JsonArray();
        if (kind is not null)
        {
            properties.Remove("kind");
            properties.Insert(0, "kind", new JsonObject { ["const"] = kind, ["description"] = documentation.SummaryOf(type) });
            required.Add("kind");
        }
        foreach (var property in kinds.PropertiesOf(type).Where(property => property.Required)) required.Add(property.Name);
        schema["type"] = "object";
        schema["description"] = documentation.SummaryOf(type);
        schema["properties"] = properties.Parent is null ? properties : properties.DeepClone();
        schema["required"] = required;
        schema["additionalProperties"] = false;
        return schema;
    }

    JsonNode Transform(JsonSchemaExporterContext context, JsonNode node, Type owner)
    {
        if (context.Path.Length == 0 || node is not JsonObject schema) return node;
        var type = OptionType.Of(context.TypeInfo.Type, kinds);
        // ["properties", name] is a property of the record itself; what lies deeper belongs to records that are referred to.
        var property = context.Path is ["properties", var name] ? kinds.PropertiesOf(owner).FirstOrDefault(one => one.Name == name) : null;
        if (type.Form is OptionForm.Family or OptionForm.Section)
        {
            schema = Reference(type.Form == OptionForm.Family ? kinds.FamilyOf(type.Type)!.Name : KindRegistry.NameOf(type.Type));
            if (property?.Nullable == true)
                schema = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        }
        Limit(type.Form == OptionForm.List ? schema["items"] as JsonObject : schema, type.Form == OptionForm.List
            ? OptionType.Of(type.Element!, kinds) : type, property);
        if (property is null) return schema;
        if (property.Required && type.Form == OptionForm.Text) schema["pattern"] = @"\S";
        schema["description"] = property.Member is { } member ? documentation.SummaryOf(member) : "";
        if (!property.Required) schema["default"] = KindCatalogue.Default(property, kinds);
        return schema;
    }

    static void Limit(JsonObject? schema, OptionType type, OptionProperty? property)
    {
        if (schema is null || type.Form is not (OptionForm.Whole or OptionForm.Number)) return;
        if (type.Type == typeof(int)) (schema["minimum"], schema["maximum"]) = (int.MinValue, int.MaxValue);
        if (property?.Range is not { } range) return;
        var (minimum, maximum) = Wording.Bounds(range);
        schema.Remove("minimum");
        schema.Remove("maximum");
        schema[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = Bound(minimum);
        schema[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = Bound(maximum);
    }

    static JsonValue Bound(double value) => Math.Abs(value) < 1e15 && value == Math.Truncate(value) ? JsonValue.Create((long)value)
        : JsonValue.Create(value);

    /// <summary>
    /// The exporter points at parts that it wrote before ("#/properties/..."); as the record becomes a definition such a pointer would lead
    /// astray.
    /// </summary>
    static void Inline(JsonNode? node, JsonObject root)
    {
        switch (node)
        {
            case JsonObject members:
                if (members["$ref"]?.GetValue<string>() is { } target && !target.StartsWith("#/$defs/", StringComparison.Ordinal))
                {
                    var found = (JsonObject)target.Split('/').Skip(1).Aggregate((JsonNode)root, (at, step) => at[step]!);
                    members.Remove("$ref");
                    foreach (var (name, value) in found) members.TryAdd(name, value?.DeepClone());
                }
                foreach (var (_, value) in members.ToList()) Inline(value, root);
                break;
            case JsonArray items:
                foreach (var item in items) Inline(item, root);
                break;
        }
    }

    /// <summary>The same without required keys, null being allowed for each: what is merged with something below it.</summary>
    static JsonObject PartialOf(JsonObject definition)
    {
        var partial = (JsonObject)definition.DeepClone();
        partial.Remove("required");
        if (partial["anyOf"] is JsonArray alternatives) Redirect(alternatives);
        foreach (var (name, value) in (partial["properties"] as JsonObject ?? []).ToList())
        {
            if (name == "kind" || value is not JsonObject property) continue;
            var description = property["description"]?.DeepClone();
            Redirect(property);
            property.Remove("description");
            partial["properties"]![name] = new JsonObject
            {
                ["description"] = description,
                ["anyOf"] = new JsonArray(property.DeepClone(), new JsonObject { ["type"] = "null" }),
            };
        }
        return partial;
    }

    /// <summary>Points at the partial forms, but not within lists: those are replaced whole.</summary>
    static void Redirect(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                if (members["$ref"]?.GetValue<string>() is { } target) members["$ref"] = target + Partial;
                if (members["additionalProperties"] is JsonObject named)
                {
                    Redirect(named);
                    members["additionalProperties"] =
                        new JsonObject { ["anyOf"] = new JsonArray(named.DeepClone(), new JsonObject { ["type"] = "null" }) };
                }
                Redirect(members["anyOf"]);
                break;
            case JsonArray alternatives:
                foreach (var one in alternatives) Redirect(one);
                break;
        }
    }
}
