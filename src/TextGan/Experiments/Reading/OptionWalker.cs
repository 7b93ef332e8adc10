using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace TextGan.Experiments.Reading;

/// <summary>
/// Compares a JSON tree with the options records that it is to be read into and reports every difference. What is left after taking out
/// the differences can be read without an error, so that checks of the content still run over the rest.
/// </summary>
public sealed class OptionWalker(KindRegistry kinds, Findings findings)
{
    readonly Dictionary<string, Origin> origins = [];
    readonly HashSet<string> damaged = [];

    /// <summary>Where each value of the mended tree was written, by its path in that tree.</summary>
    public IReadOnlyDictionary<string, Origin> Origins => origins;

    /// <summary>The paths of objects and lists that lost something.</summary>
    public IReadOnlySet<string> Damaged => damaged;

    /// <summary>Whether nothing was skipped that had been reported before.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>The tree without what cannot be read, or null where nothing of it can.</summary>
    /// <param name="tree">What was given.</param>
    /// <param name="type">What it is to become.</param>
    /// <param name="path">Its path in the mended tree.</param>
    /// <param name="property">The property that it is the value of, for its range; null for items.</param>
    public JsonTree? Mend(JsonTree tree, Type type, string path = "$", OptionProperty? property = null)
    {
        origins[path] = tree.Origin;
        if (tree.Kind == JsonValueKind.Undefined || findings.IsFull)
        {
            IsWhole = false;
            return null;
        }
        var expected = OptionType.Of(type, kinds);
        if (tree.Kind == JsonValueKind.Null)
        {
            if (property?.Nullable == true) return tree;
            return Refuse(tree, $"null is not allowed here; expected " +
                $"{OptionWords.Of(expected, property?.Range, kinds)}" +
                $"{(property is { Required: false } ? ", or leave the key out for the default" : "")}.");
        }
        return expected.Form switch
        {
            OptionForm.Text => Text(tree, expected, property),
            OptionForm.Truth when tree.Kind is JsonValueKind.True or JsonValueKind.False => tree,
            OptionForm.Whole or OptionForm.Number => Number(tree, expected, property),
            OptionForm.Choice => Choice(tree, expected, property),
            OptionForm.List when tree.Kind == JsonValueKind.Array => Items(tree, expected.Element!, path, property),
            OptionForm.Named when tree.IsObject => Named(tree, expected.Element!, path),
            OptionForm.Family => Component(tree, kinds.FamilyOf(expected.Type)!, path, property),
            OptionForm.Section when tree.IsObject => Section(tree, expected.Type, path, kind: null),
            _ => WrongType(tree, expected, property),
        };
    }

    JsonTree? Text(JsonTree tree, OptionType expected, OptionProperty? property)
    {
        if (tree.Kind != JsonValueKind.String) return WrongType(tree, expected, property);
        return property?.Required == true && string.IsNullOrWhiteSpace(tree.Text)
            ? Refuse(tree, "the text is empty; expected at least one character.") : tree;
    }

    JsonTree? Number(JsonTree tree, OptionType expected, OptionProperty? property)
    {
        if (tree.Kind != JsonValueKind.Number) return WrongType(tree, expected, property);
        var words = OptionWords.Of(expected, property?.Range, kinds);
        double value;
        var text = tree.Text;
        if (expected.Form == OptionForm.Whole)
        {
            // 3.0 and 3e2 are whole numbers in JSON, and in its schemas.
            if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact))
                return Refuse(tree, $"the number {Wording.Clip(text)} is too large; expected {words}.");
            if (exact != decimal.Truncate(exact)) return Refuse(tree, $"{Wording.Clip(text)} is not a whole number; expected {words}.");
            var (minimum, maximum) = expected.Type == typeof(int) ? (int.MinValue, int.MaxValue) : (long.MinValue, long.MaxValue);
            if (exact < minimum || exact > maximum)
                return Refuse(tree, $"{Wording.Clip(text)} is out of range; expected " +
                    $"{(property?.Range is null ? $"a whole number from {minimum} to {maximum}" : words)}.");
            text = decimal.Truncate(exact).ToString("0", CultureInfo.InvariantCulture);
            value = (double)exact;
        }
        else
        {
            value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            if (!double.IsFinite(expected.Type == typeof(float) ? (float)value : value))
                return Refuse(tree, $"the number {Wording.Clip(text)} is too large; expected {words}.");
        }
        if (property?.Range is { } range && !Wording.IsWithin(range, value))
            return Refuse(tree, $"{Wording.Clip(tree.Text)} is out of range; expected {words}.");
        return JsonTree.OfNumber(tree.Origin, text);
    }

    JsonTree? Choice(JsonTree tree, OptionType expected, OptionProperty? property)
    {
        if (tree.Kind != JsonValueKind.String) return WrongType(tree, expected, property);
        var choices = OptionType.ChoicesOf(expected.Type);
        return choices.Contains(tree.Text) ? tree
            : Refuse(tree, $"{Wording.Quote(tree.Text)} is unknown; expected one of " +
                $"{Wording.List(choices)}.{NearestMatch.Hint(tree.Text, choices)}");
    }

    JsonTree Items(JsonTree tree, Type element, string path, OptionProperty? property)
    {
        var items = new List<JsonTree>();
        foreach (var item in tree.Items)
        {
            var itemPath = $"{path}[{items.Count}]";
            // A range on a list is one for each of its numbers.
            if (MendItem(item, element, itemPath, property) is { } mended) items.Add(mended);
            else Forget(item, itemPath, path);
        }
        return JsonTree.OfItems(tree.Origin, items);
    }

    JsonTree? MendItem(JsonTree item, Type element, string path, OptionProperty? list)
    {
        if (list?.Range is null || OptionType.Of(element, kinds) is not { Form: OptionForm.Whole or OptionForm.Number } expected
            || item.Kind != JsonValueKind.Number) return Mend(item, element, path);
        origins[path] = item.Origin;
        return Number(item, expected, list);
    }

    JsonTree Named(JsonTree tree, Type element, string path)
    {
        var members = new List<KeyValuePair<string, JsonTree>>();
        foreach (var (name, value) in tree.Members)
        {
            var memberPath = path + Origin.Step(name);
            if (value.TakesDefaultAway) continue;
            if (Mend(value, element, memberPath) is { } mended) members.Add(new(name, mended));
            else Forget(value, memberPath, path);
        }
        return JsonTree.OfMembers(tree.Origin, members);
    }

    JsonTree? Component(JsonTree tree, ComponentFamily family, string path, OptionProperty? property)
    {
        var names = family.Kinds.Select(kind => kind.Name);
        if (tree.Kind == JsonValueKind.Number && Shorthand(tree, family) is { } meant) return Component(meant, family, path, property);
        if (tree.Kind == JsonValueKind.String && OptionWords.MeansKind(family.Type))
            return Component(JsonTree.OfMembers(tree.Origin, [new("kind", tree)]), family, path, property);
        if (!tree.IsObject) return WrongType(tree, new OptionType(OptionForm.Family, family.Type), property);
        var kind = tree["kind"];
        if (kind is { Kind: JsonValueKind.String } && family.Kinds.FirstOrDefault(one => one.Name == kind.Text) is { } known)
        {
            return Section(tree, known.Type, path, known.Name);
        }

        string? meantKey = null;
        if (kind is { Kind: JsonValueKind.Undefined }) IsWhole = false;
        else if (kind is null || kind.Kind == JsonValueKind.Null)
        {
            meantKey = tree.Members.Select(member => member.Key)
                .FirstOrDefault(key => NearestMatch.Of(key, ["kind"]) is not null && !KeysOf(family).Contains(key));
            findings.Add(kind?.Origin ?? tree.Origin,
                $"the \"kind\" is missing; " +
                $"{OptionWords.OneOf(family)}.{(meantKey is null ? "" : $" Did you mean 'kind' by '{Wording.Clip(meantKey)}'?")}");
        }
        else if (kind.Kind != JsonValueKind.String) findings.Add(
            kind.Origin, $"found {Wording.Found(kind)} as kind; {OptionWords.OneOf(family)}.");
        else
        {
            findings.Add(kind.Origin,
                $"the kind {Wording.Quote(kind.Text)} is unknown; {OptionWords.OneOf(family)}.{NearestMatch.Hint(kind.Text, names)}");
            // The nearest kind stands in, so that what else is wrong shows at once.
            if (NearestMatch.Of(kind.Text, names) is { } nearest)
                return Section(tree, family.Kinds.First(one => one.Name == nearest).Type, path, nearest);
        }
        CheckCommon(tree, family, path, kind is null ? meantKey ?? "kind" : null);
        return null;
    }

    static JsonTree? Shorthand(JsonTree number, ComponentFamily family) =>
        family.Type.GetCustomAttribute<NumberMeansAttribute>(inherit: false) is not { } means ? null
            : JsonTree.OfMembers(number.Origin, [new("kind", JsonTree.OfText(number.Origin, means.Kind)), new(means.Property, number)]);

    /// <summary>Checks what every kind of the family has, and, where no kind was named, that some kind has each key.</summary>
    void CheckCommon(JsonTree tree, ComponentFamily family, string path, string? kindKey)
    {
        var common = kinds.PropertiesOf(family.Type);
        var keys = KeysOf(family);
        foreach (var (name, value) in tree.Members)
        {
            if (common.FirstOrDefault(property => property.Name == name) is { } property)
            {
                if (!value.TakesDefaultAway) Mend(value, property.Type, path + Origin.Step(name), property);
            }
            else if (kindKey is not null && name != kindKey && family.Kinds.Count > 0 && !keys.Contains(name))
            {
                findings.Add(value.Origin,
                    $"the key {Wording.Quote(name)} is unknown; no {family.Words} has it.{NearestMatch.Hint(name, keys)}");
            }
        }
    }

    HashSet<string> KeysOf(ComponentFamily family) =>
        [.. family.Kinds.SelectMany(kind => kinds.PropertiesOf(kind.Type)).Concat(kinds.PropertiesOf(family.Type))
            .Select(property => property.Name)];

    JsonTree Section(JsonTree tree, Type type, string path, string? kind)
    {
        var properties = kinds.PropertiesOf(type);
        var members = new List<KeyValuePair<string, JsonTree>>();
        var found = new HashSet<string>();
        if (kind is not null) members.Add(new("kind", JsonTree.OfText(tree.Origin, kind)));
        foreach (var (name, value) in tree.Members)
        {
            if (name == "kind" && kind is not null) continue;
            var memberPath = path + Origin.Step(name);
            if (properties.FirstOrDefault(one => one.Name == name) is not { } property)
            {
                findings.Add(value.Origin, UnknownKey(name, type, properties, kind));
                damaged.Add(path);
            }
            else if (value.TakesDefaultAway && !property.Nullable) { }
            else
            {
                found.Add(name);
                if (Mend(value, property.Type, memberPath, property) is { } mended) members.Add(new(name, mended));
                else Forget(value, memberPath, path);
            }
        }
        foreach (var property in properties)
        {
            if (!property.Required || found.Contains(property.Name)) continue;
            findings.Add(tree.Origin,
                $"the key '{property.Name}' is missing; it must be given: " +
                $"{OptionWords.Of(OptionType.Of(property.Type, kinds), property.Range, kinds)}.");
            damaged.Add(path);
        }
        return JsonTree.OfMembers(tree.Origin, members);
    }

    string UnknownKey(string name, Type type, IReadOnlyList<OptionProperty> properties, string? kind)
    {
        var owner = kind is null ? $"'{KindRegistry.NameOf(type)}'" : $"'{kind}'";
        var names = properties.Select(property => property.Name).ToList();
        var hint = NearestMatch.Hint(name, names);
        if (hint.Length == 0)
        {
            // The right word in the wrong place: another kind of the family has it, or a section of this record.
            var family = type.BaseType is { } parent ? kinds.FamilyOf(parent) : null;
            var other = family?.Kinds.FirstOrDefault(one => kinds.PropertiesOf(one.Type).Any(property => property.Name == name));
            var section = properties.FirstOrDefault(property => OptionType.Of(property.Type, kinds) is { Form: OptionForm.Section } inner
                && kinds.PropertiesOf(inner.Type).Any(one => one.Name == name));
            if (other is not null) hint = $" It belongs to the kind '{other.Name}'.";
            else if (section is not null) hint = $" It belongs into '{section.Name}'.";
        }
        return names.Count == 0 ? $"the key {Wording.Quote(name)} is unknown; {owner} has no settings.{hint}"
            : $"the key {Wording.Quote(name)} is unknown; {owner} has {Wording.List(names)}.{hint}";
    }

    JsonTree? WrongType(JsonTree tree, OptionType expected, OptionProperty? property)
    {
        var words = OptionWords.Of(expected, property?.Range, kinds);
        return Refuse(tree, $"found {Wording.Found(tree)}, expected {words}.{OptionWords.Hint(tree, expected, kinds)}");
    }

    JsonTree? Refuse(JsonTree tree, string message)
    {
        findings.Add(tree.Origin, message);
        return null;
    }

    /// <summary>Takes back what was noted of a value that is left out.</summary>
    void Forget(JsonTree value, string path, string parent)
    {
        origins.Remove(path);
        if (value.Items.Count + value.Members.Count > 0)
        {
            foreach (var key in origins.Keys.Where(Within).ToList()) origins.Remove(key);
            damaged.RemoveWhere(Within);
        }
        damaged.Add(parent);

        bool Within(string key) => key.StartsWith(path, StringComparison.Ordinal)
            && (key.Length == path.Length || key[path.Length] is '.' or '[');
    }
}
