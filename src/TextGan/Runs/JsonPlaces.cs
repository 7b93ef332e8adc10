using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;

namespace TextGan.Runs;

/// <summary>Walks over a JSON tree by the paths that <see cref="NestedOptions"/> and <see cref="NamedFiles"/> give.</summary>
static class JsonPlaces
{
    /// <summary>Calls <paramref name="visit"/> with each single value and its path; what it returns takes the value's place.</summary>
    public static void Visit(JsonNode? node, Func<string, JsonNode?, JsonNode?> visit, string path = "$")
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    var place = path + Origin.Step(name);
                    if (value is JsonObject or JsonArray) Visit(value, visit, place);
                    else if (visit(place, value) is var next && next != value) members[name] = next;
                }
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    var (place, value) = ($"{path}[{i}]", items[i]);
                    if (value is JsonObject or JsonArray) Visit(value, visit, place);
                    else if (visit(place, value) is var next && next != value) items[i] = next;
                }
                break;
        }
    }
}
