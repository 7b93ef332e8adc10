using System.Text.Json;
using System.Text.Json.Serialization;

namespace TextGan.Tests;

/// <summary>Reads a component's options as an experiment's file is read.</summary>
static class CaseJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}
