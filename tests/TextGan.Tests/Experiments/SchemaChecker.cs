using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TextGan.Tests.Experiments;

/// <summary>As much of JSON schema 2020-12 as the experiments' schema uses; an unknown keyword fails.</summary>
sealed class SchemaChecker(JsonObject root)
{
    static readonly HashSet<string> annotations =
        ["$schema", "$defs", "title", "description", "default", "allowComments", "allowTrailingCommas", "properties", "then", "else"];

    /// <summary>The first difference, or null where the document is valid.</summary>
    public string? Problem(JsonNode? value) => Problem(value, root, "$");

    string? Problem(JsonNode? value, JsonObject schema, string path)
    {
        foreach (var (keyword, rule) in schema)
        {
            var problem = keyword switch
            {
                "$ref" => Problem(value, Resolve(rule!.GetValue<string>()), path),
                "type" => (rule is JsonArray types ? types.Any(type => Is(value, type!.GetValue<string>()))
                    : Is(value, rule!.GetValue<string>())) ? null : $"{path}: is not {rule.ToJsonString()}",
                "const" => JsonNode.DeepEquals(value, rule) ? null : $"{path}: is not {rule}",
                "enum" => rule!.AsArray().Any(one => JsonNode.DeepEquals(value, one)) ? null : $"{path}: is not in {rule.ToJsonString()}",
                "required" => value is JsonObject members
                    && rule!.AsArray().FirstOrDefault(name => !members.ContainsKey(name!.GetValue<string>())) is { } missing
                    ? $"{path}: {missing} is missing" : null,
                "anyOf" => rule!.AsArray().Select(one => Problem(value, one!.AsObject(), path)).ToList() is var all && all.Contains(null)
                    ? null : $"{path}: none of ({string.Join("; ", all)})",
                "not" => Problem(value, rule!.AsObject(), path) is null ? $"{path}: is what it must not be" : null,
                "if" => schema[Problem(value, rule!.AsObject(), path) is null ? "then" : "else"] is JsonObject chosen
                    ? Problem(value, chosen, path) : null,
                "items" => value is JsonArray items
                    ? items.Select((item, i) => Problem(item, rule!.AsObject(), $"{path}[{i}]")).FirstOrDefault(one => one is not null)
                    : null,
                "minItems" => value is JsonArray list && list.Count < rule!.GetValue<int>() ? $"{path}: has too few items" : null,
                "pattern" => value?.GetValueKind() == JsonValueKind.String
                    && !Regex.IsMatch(value.GetValue<string>(), rule!.GetValue<string>()) ? $"{path}: does not match {rule}" : null,
                "minimum" => Number(value) is { } n && n < Number(rule) ? $"{path}: is too small" : null,
                "maximum" => Number(value) is { } n && n > Number(rule) ? $"{path}: is too large" : null,
                "exclusiveMinimum" => Number(value) is { } n && n <= Number(rule) ? $"{path}: is too small" : null,
                "exclusiveMaximum" => Number(value) is { } n && n >= Number(rule) ? $"{path}: is too large" : null,
                "additionalProperties" => Additional(value, schema, rule!, path),
                _ => annotations.Contains(keyword) ? null
                    : throw new NotSupportedException($"The keyword '{keyword}' is not known to the checker."),
            };
            if (problem is not null) return problem;
        }
        if (value is not JsonObject named || schema["properties"] is not JsonObject properties) return null;
        return named.Where(member => properties.ContainsKey(member.Key))
            .Select(member => Problem(member.Value, properties[member.Key]!.AsObject(), $"{path}.{member.Key}"))
            .FirstOrDefault(one => one is not null);
    }

    string? Additional(JsonNode? value, JsonObject schema, JsonNode rule, string path)
    {
        if (value is not JsonObject members) return null;
        var known = schema["properties"] as JsonObject ?? [];
        var others = members.Where(member => !known.ContainsKey(member.Key));
        return rule is JsonObject inner
            ? others.Select(member => Problem(member.Value, inner, $"{path}.{member.Key}")).FirstOrDefault(one => one is not null)
            : others.Select(member => $"{path}: {member.Key} is unknown").FirstOrDefault();
    }

    JsonObject Resolve(string reference) => reference.Split('/').Skip(1)
        .Aggregate((JsonNode)root, (at, step) => at[step] ?? throw new KeyNotFoundException(reference)).AsObject();

    static double? Number(JsonNode? value) => value?.GetValueKind() == JsonValueKind.Number
        ? double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) : null;

    static bool Is(JsonNode? value, string type) => type switch
    {
        "null" => value is null,
        "integer" => Number(value) is { } number && number == Math.Truncate(number),
        "number" => Number(value) is not null,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "array" => value is JsonArray,
        "object" => value is JsonObject,
        _ => throw new NotSupportedException($"The type '{type}' is not known to the checker."),
    };
}
