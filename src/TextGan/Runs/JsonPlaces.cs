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
                foreach (var (name, value) in members.ToList()) Enter(Origin.Step(name), value, next => members[name] = next);
                break;
            case JsonArray items:
                foreach (var (i, value) in items.ToList().Index()) Enter($"[{i}]", value, next => items[i] = next);
                break;
        }

        void Enter(string step, JsonNode? value, Action<JsonNode?> replace)
        {
            if (value is JsonObject or JsonArray) Visit(value, visit, path + step);
            else if (visit(path + step, value) is var next && next != value) replace(next);
        }
    }
}
