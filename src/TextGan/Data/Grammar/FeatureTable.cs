namespace TextGan.Data.Grammar;

/// <summary>
/// The features of a grammar and their values. The features of one derivation are packed into a <see cref="UInt128"/>, eight
/// bits each, where 0 stands for "not bound yet": equal features are then equal numbers, and a table can be keyed by them.
/// </summary>
public sealed class FeatureTable
{
    const int Most = 16;
    const int MostValues = 255;
    readonly List<string> names = [];
    readonly List<List<string>> values = [];

    public IReadOnlyList<string> Names => names;

    /// <summary>The names of the values of a feature; value number v is at index v - 1.</summary>
    public IReadOnlyList<string> ValuesOf(int feature) => values[feature];

    /// <summary>
    /// Adds a feature. Fails with <see cref="ArgumentException"/> for a name that is taken and beyond 16 features or 255 values.
    /// </summary>
    public int Declare(string name, IEnumerable<string> valueNames)
    {
        if (names.Contains(name)) throw new ArgumentException($"The feature '{name}' is declared twice.");
        if (names.Count == Most) throw new ArgumentException($"The feature '{name}' is one too many: {Most} are the most.");
        List<string> list = [.. valueNames];
        if (list.Count is 0 or > MostValues)
            throw new ArgumentException($"The feature '{name}' has {list.Count} values; 1 to {MostValues} are allowed.");
        if (list.Distinct().Count() != list.Count) throw new ArgumentException($"The feature '{name}' names a value twice.");
        names.Add(name);
        values.Add(list);
        return names.Count - 1;
    }

    /// <summary>The number of a feature. Throws <see cref="ArgumentException"/> if no one has that name.</summary>
    public int Feature(string name)
    {
        var index = names.IndexOf(name);
        return index >= 0 ? index : throw new ArgumentException($"There is no feature '{name}'; there are {string.Join(", ", names)}.");
    }

    /// <summary>The number (from 1) of a feature's value. Throws <see cref="ArgumentException"/> if no one has that name.</summary>
    public int Value(int feature, string name)
    {
        var index = values[feature].IndexOf(name);
        return index >= 0 ? index + 1
            : throw new ArgumentException(
            $"The feature '{names[feature]}' has no value '{name}'; it has {string.Join(", ", values[feature])}.");
    }

    /// <summary>The number of a feature's value in packed features; 0 where it is not bound.</summary>
    public static int Get(UInt128 features, int feature) => (int)(byte)(features >> (8 * feature));

    /// <summary>Packed features with one more bound.</summary>
    public static UInt128 With(UInt128 features, int feature, int value) =>
        (features & ~Mask(feature)) | ((UInt128)value << (8 * feature));

    /// <summary>The bits of a feature.</summary>
    public static UInt128 Mask(int feature) => (UInt128)0xFF << (8 * feature);

    /// <summary>The bound features as <c>number=plural topic=pets</c>, for messages.</summary>
    public string Show(UInt128 features) => string.Join(' ', Enumerable.Range(0, names.Count)
        .Where(f => Get(features, f) != 0)
        .Select(f => $"{names[f]}={values[f][Get(features, f) - 1]}"));
}
