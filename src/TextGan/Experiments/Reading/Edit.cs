using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TextGan.Experiments.Reading;

/// <summary>
/// One <c>--set path=value</c>: <c>training.iterations=100</c>, <c>discriminators[0].weight=0.5</c>,
/// <c>discriminators.helpfulness.weight=2</c>,
/// <c>data.pretraining.path=/data/x.txt</c>. The value is JSON where it is JSON, else text. An edit changes one thing only: where the
/// experiment leaves a section to its defaults, the defaults are filled in around it. Items of lists and named entries must be there
/// already, unless the edit gives the whole named entry.
/// </summary>
public sealed partial class Edit
{
    readonly IReadOnlyList<string> steps;
    readonly JsonTree value;
    readonly Func<OptionType, OptionProperty?, JsonTree> valueFor;

    Edit(IReadOnlyList<string> steps, JsonTree value, Func<OptionType, OptionProperty?, JsonTree> valueFor) =>
        (this.steps, this.value, this.valueFor) = (steps, value, valueFor);

    /// <summary>Where messages say that a value comes from.</summary>
    public Origin Origin => value.Origin;

    /// <summary>Whether it names plug-ins, so that it must be applied before their kinds are known.</summary>
    public bool IsOfPlugins => steps[0] == "plugins";

    /// <summary>Whether it changes what is swept.</summary>
    public bool IsOfSweep => steps[0] == "sweep";

    /// <summary>The edit that sets a value at a path as it is; null if the path is invalid.</summary>
    public static Edit? Of(string path, JsonTree value) => EditPath().IsMatch(path) ? new(StepsOf(path), value, (_, _) => value) : null;

    /// <summary>The edit of an argument, or null if it is not an edit; the reason is in <paramref name="findings"/>.</summary>
    public static Edit? Parse(string argument, int order, Findings findings)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var path = equals < 0 ? argument.Trim() : argument[..equals].Trim();
        if (path.StartsWith("$.", StringComparison.Ordinal)) path = path[2..];
        var source = new JsonSource("--set " + Wording.Clip(path), order, HasLines: false);
        var origin = Origin.Root(source, "$" + (path.StartsWith('[') ? "" : ".") + Wording.Clip(path));
        if (equals < 0 || !EditPath().IsMatch(path))
        {
            findings.Add(origin, $"{Wording.Quote(argument)} is not an edit; expected path=value, such as training.iterations=100 or " +
                $"discriminators[0].weight=0.5 (items of lists are counted from 0).");
            return null;
        }
        var text = argument[(equals + 1)..];
        var scratch = new Findings();
        var json = JsonTreeReader.Read(Encoding.UTF8.GetBytes(text), origin, scratch);
        if (json is null || scratch.Count > 0)
        {
            // A broken object is a slip of the shell's quotes; text that is no JSON is text.
            if (text.TrimStart() is ['{' or '[', ..])
            {
                JsonTreeReader.Read(Encoding.UTF8.GetBytes(text), origin, findings);
                return null;
            }
            json = JsonTree.OfText(origin, text);
        }
        return new Edit(StepsOf(path), json, (type, _) => Value(type, json, text));
    }

    static string[] StepsOf(string path) => [.. Step().Matches(path).Select(match => match.Value)];

    /// <summary>
    /// What the option at this place is, with the property that holds it (null for a named entry, an item of a list or a kind); null if the
    /// experiment does not have the place.
    /// </summary>
    public (OptionType Type, OptionProperty? Property)? OptionIn(JsonTree experiment, KindRegistry kinds, out string problem)
    {
        (OptionType, OptionProperty?) found = (new(OptionForm.Text, typeof(string)), null);
        var probe = new Edit(steps, value, (type, property) =>
        {
            found = (type, property);
            return value;
        });
        return probe.Apply(experiment, kinds, out problem) is null ? null : found;
    }

    /// <summary>Its steps in an experiment, items of lists by number, however they are called.</summary>
    public IReadOnlyList<string> PlaceIn(JsonTree experiment)
    {
        var (place, tree) = (new List<string>(), (JsonTree?)experiment);
        foreach (var step in steps)
        {
            // A number beyond the list's end names nothing, which Apply reports.
            var items = tree?.Items ?? [];
            var item = step.StartsWith('[') ? items.ElementAtOrDefault(int.TryParse(step[1..^1], out var index) ? index : items.Count)
                : items.FirstOrDefault(item => item.TextOf("name") == step);
            place.Add(item is null ? step : $"[{items.ToList().IndexOf(item)}]");
            tree = item ?? tree?[step];
        }
        return place;
    }

    /// <summary>The edited experiment, or null where it does not have the place; <paramref name="problem"/> then says why.</summary>
    public JsonTree? Apply(JsonTree experiment, KindRegistry kinds, out string problem)
    {
        problem = "";
        try
        {
            return Change(experiment, OptionType.Of(typeof(ExperimentOptions), kinds), null, 0, "", new ExperimentOptions(),
                kinds);
        }
        catch (NoPlaceException reason)
        {
            problem = reason.Message;
            return null;
        }
    }

    JsonTree Change(JsonTree? tree, OptionType type, OptionProperty? property, int at, string path, object? fallback, KindRegistry kinds)
    {
        if (at == steps.Count) return valueFor(type, property);
        if (tree is null || tree.Kind == JsonValueKind.Null)
        {
            if (fallback is null) throw new NoPlaceException($"there is no '{path}' in it; set it whole, as JSON.");
            tree = Written(fallback, kinds);
        }
        switch (type.Form)
        {
            case OptionForm.Section when tree.IsObject: return InSection(tree, type.Type, at, path, kinds);
            case OptionForm.Family when tree.Kind == JsonValueKind.Number && OptionWords.MeansNumber(type.Type):
                throw new NoPlaceException($"'{path}' is a number in it; set it whole, as JSON.");
            case OptionForm.Family when tree.IsObject: return InComponent(tree, kinds.FamilyOf(type.Type)!, at, path, kinds);
            case OptionForm.List when tree.Kind == JsonValueKind.Array: return InList(tree, type, at, path, kinds);
            case OptionForm.Named when tree.IsObject:
                var name = steps[at];
                if (name.StartsWith('['))
                    throw new NoPlaceException(
                        $"'{path}' has names, not numbers: {Wording.List(tree.Members.Select(member => member.Key))}.");
                if (tree[name] is null && at + 1 < steps.Count)
                {
                    var names = tree.Members.Select(member => member.Key).ToList();
                    throw new NoPlaceException($"'{path}' has no '{name}'; it has {Wording.List(names)}.{NearestMatch.Hint(name, names)}");
                }
                return tree.With(name,
                    Change(tree[name], OptionType.Of(type.Element!, kinds), null, at + 1, $"{path}.{name}", null, kinds));
            default: throw new NoPlaceException($"'{path}' has no parts: it is {OptionWords.Of(type, null, kinds)}.");
        }
    }

    JsonTree InSection(JsonTree tree, Type type, int at, string path, KindRegistry kinds)
    {
        if (type == typeof(SweepOptions) && steps[at] != "random")
        {
            // Its keys are paths themselves.
            return tree.With(string.Concat(steps.Skip(at).Select((step, i) => i == 0 || step.StartsWith('[') ? step : "." + step)), value);
        }
        var properties = kinds.PropertiesOf(type);
        if (properties.FirstOrDefault(one => one.Name == steps[at]) is not { } property)
        {
            var names = properties.Select(one => one.Name).ToList();
            var owner = path.Length == 0 ? "an experiment" : kinds.KindOf(type) is { } kind ? $"'{path}' of the kind '{kind}'"
                : $"'{path}'";
            throw new NoPlaceException($"{owner} has no '{steps[at]}'; it has {Wording.List(names)}.{NearestMatch.Hint(steps[at], names)}");
        }
        var inner = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
        return tree.With(property.Name,
            Change(tree[property.Name], OptionType.Of(property.Type, kinds), property, at + 1, inner, property.Default, kinds));
    }

    JsonTree InComponent(JsonTree tree, ComponentFamily family, int at, string path, KindRegistry kinds)
    {
        var names = family.Kinds.Select(one => one.Name);
        if (steps[at] == "kind" && at + 1 == steps.Count)
        {
            // Another kind keeps what it has in common with the one before.
            var chosen = family.Kinds.FirstOrDefault(one => one.Name == value.Text);
            var kept = chosen is null ? [] : kinds.PropertiesOf(chosen.Type).Select(property => property.Name).ToHashSet();
            return JsonTree.OfMembers(tree.Origin, [new("kind", value), .. tree.Members.Where(member => kept.Contains(member.Key))]);
        }
        return family.Kinds.FirstOrDefault(one => one.Name == tree.TextOf("kind")) is { } kind
            ? InSection(tree, kind.Type, at, path, kinds)
            : throw new NoPlaceException($"'{path}' has no known kind; {OptionWords.OneOf(family)}.");
    }

    JsonTree InList(JsonTree tree, OptionType type, int at, string path, KindRegistry kinds)
    {
        var step = steps[at];
        var items = tree.Items.ToList();
        int index;
        if (step.StartsWith('['))
        {
            if (!int.TryParse(step[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out index) || index >= items.Count)
            {
                throw new NoPlaceException($"'{path}' has {Amount.Of(items.Count, "item")}, so there is no {step}; counting begins at 0.");
            }
        }
        else if ((index = items.FindIndex(item => item.TextOf("name") == step)) < 0)
        {
            var names = items.Select(item => item.TextOf("name")).OfType<string>().ToList();
            throw new NoPlaceException(
                $"'{path}' has no item named '{step}'; it has " +
                $"{(names.Count == 0 ? Amount.Of(items.Count, "item") : Wording.List(names))}." +
                (NearestMatch.Hint(step, names) is { Length: > 0 } hint ? hint
                    : $" Items are counted from 0, {path}[0], or called by their name where they have one."));
        }
        items[index] = Change(items[index], OptionType.Of(type.Element!, kinds), null, at + 1,
            step.StartsWith('[') ? path + step : $"{path}.{step}", null, kinds);
        return JsonTree.OfItems(tree.Origin, items);
    }

    /// <summary>The value; text that looks like a number stays text where text belongs (a name such as 007).</summary>
    static JsonTree Value(OptionType type, JsonTree value, string text) =>
        type.Form is (OptionForm.Text or OptionForm.Choice)
            && value.Kind is (JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            ? JsonTree.OfText(value.Origin, text) : value;

    JsonTree Written(object fallback, KindRegistry kinds)
    {
        // A component is written as its family, so that its kind is written too.
        var type = fallback.GetType();
        for (var parent = type; parent is not null; parent = parent.BaseType)
        {
            if (kinds.FamilyOf(parent) is null) continue;
            type = parent;
            break;
        }
        return JsonTreeReader.Read(JsonSerializer.SerializeToUtf8Bytes(fallback, type, kinds.Json), value.Origin, new Findings())!;
    }

    /// <summary>The experiment does not have the place; never leaves this class.</summary>
    sealed class NoPlaceException(string message) : Exception(message);

    [GeneratedRegex(@"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+|\[[0-9]+\])*$")]
    private static partial Regex EditPath();

    [GeneratedRegex(@"[A-Za-z0-9_-]+|\[[0-9]+\]")]
    private static partial Regex Step();
}
