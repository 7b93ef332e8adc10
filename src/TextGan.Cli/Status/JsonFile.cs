using System.Text.Json;
using System.Text.Json.Nodes;

namespace TextGan.Cli.Status;

/// <summary>JSON files that another process may just be replacing.</summary>
static class JsonFile
{
    /// <summary>Null where the file is missing or damaged.</summary>
    public static JsonObject? Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
