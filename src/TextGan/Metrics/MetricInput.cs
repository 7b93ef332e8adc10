using TextGan.Data;
using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TextGan.Safety;

namespace TextGan.Metrics;

/// <summary>What the metrics ask of the context in the same way, with the same errors.</summary>
internal static class MetricInput
{
    public const int LargestOrder = 10;

    /// <summary>The data set that the metric names.</summary>
    public static DataSet DataSet(this MetricContext context, string kind, string? name)
    {
        if (name is not null && context.DataSets.TryGetValue(name, out var set)) return set;
        var found = name is null ? "\"data\" is missing" : $"\"data\" is '{name}', which is not a data set";
        throw Invalid(kind, $"{found}; allowed are: {Names(context.DataSets.Keys)}.");
    }

    /// <summary>The data set that the metric names, and its exact source.</summary>
    public static IExactSource Source(this MetricContext context, string kind, string? name)
    {
        var set = context.DataSet(kind, name);
        if (set.Source is { } source) return source;
        var others = context.DataSets.Values.Where(other => other.Source is not null).Select(other => other.Name);
        throw Invalid(kind, $"data set '{set.Name}' has no exact source (only kinds that are drawn from a known distribution have one); " +
            $"allowed are: {Names(others)}.");
    }

    /// <summary>The set's exact source, which decides an attribute.</summary>
    public static IExactSource SourceWith(this DataSet set, string attribute, string kind) => set.SourceOf(attribute, PlaceOf(kind));

    /// <summary>The pretrained model in a folder, frozen, on the metric's device; it must read the ids of the samples.</summary>
    public static Generator Model(this MetricContext context, string kind, IModelReader reader)
    {
        foreach (var problem in reader.CheckVocabulary("", context.BaseFolder, context.Encoder.Tokenizer.VocabularySize)
            .Concat(reader.CheckFiles("", context.BaseFolder, context.Encoder.Length))) throw Invalid(kind, problem.Message);
        return PretrainedModel.ReadFrozen(InputFile.Resolve(context.BaseFolder, reader.Model!), context.Device);
    }

    /// <summary>At most <paramref name="limit"/> texts of one split, spread evenly over it where it has more.</summary>
    public static IReadOnlyList<string> Texts(this MetricContext context, string kind, string? name, ReferenceSplit split, int limit)
    {
        var set = context.DataSet(kind, name);
        var texts = context.Split(kind, name, split).Texts;
        if (texts.Count == 0)
        {
            var others = context.DataSets.Values.Where(
                other => (split == ReferenceSplit.Train ? other.Train : other.HeldOut).Texts.Count > 0).Select(other => other.Name);
            throw Invalid(kind, split == ReferenceSplit.Train
                ? $"data set '{set.Name}' has no training texts; allowed are: {Names(others)}."
                : $"data set '{set.Name}' has no held-out texts; let it hold some out, or set \"split\" to \"train\"; data sets with " +
                    $"held-out texts: {Names(others)}.");
        }
        return Spread(texts, limit);
    }

    /// <summary>The split that the metric names.</summary>
    public static DataSplit Split(this MetricContext context, string kind, string? name, ReferenceSplit split)
    {
        var set = context.DataSet(kind, name);
        return split == ReferenceSplit.Train ? set.Train : set.HeldOut;
    }

    /// <summary>The rows of these texts, T ids each, with their prompts, and the lengths of the prompts.</summary>
    /// <inheritdoc cref="Texts"/>
    public static (long[][] Rows, int[] PromptLengths) Rows(
        this MetricContext context, string kind, string? name, ReferenceSplit split, int limit)
    {
        var texts = context.Texts(kind, name, split, limit);
        var (tokenizer, length) = (context.Encoder.Tokenizer, context.Encoder.Length);
        if (tokenizer.EndId is null && texts.FirstOrDefault(text => tokenizer.Encode(text).Count < length) is { } shorter)
        {
            throw Invalid(kind, $"data set '{name}' has a text of {Amount.Of(tokenizer.Encode(shorter).Count, "token")}; "
                + $"without an end token every text must have at least {Amount.Of(length, "token")} (\"length\").");
        }
        var data = context.Split(kind, name, split);
        var (prompts, drawn) = (SpreadOf(data.Prompts), SpreadOf(data.Drawn));
        var (rows, promptLengths) = (new long[texts.Count][], new int[texts.Count]);
        for (var i = 0; i < texts.Count; i++) promptLengths[i] =
            context.Encoder.EncodeRow(texts[i], rows[i] = new long[length], prompts?[i], data.HasControls, drawn?[i]).PromptLength;
        return (rows, promptLengths);

        IReadOnlyList<T>? SpreadOf<T>(IReadOnlyList<T>? all) => all is null ? null : Spread(all, limit);
    }

    /// <summary>
    /// At most so many of something that each text has, the same texts' as <see cref="Texts"/>: a file is often sorted, so that its first
    /// texts would not stand for the rest.
    /// </summary>
    public static IReadOnlyList<T> Spread<T>(IReadOnlyList<T> texts, int limit) =>
        texts.Count <= limit ? texts : [.. Enumerable.Range(0, limit).Select(i => texts[(int)((long)i * texts.Count / limit)])];

    /// <summary>Token ids of texts, cut where a generated text would be cut: at T tokens, and before an end token.</summary>
    public static IReadOnlyList<int[]> Tokens(this TextEncoder encoder, IEnumerable<string> texts) => [.. texts.Select(text =>
    {
        var ids = encoder.Tokenizer.Encode(text);
        var kept = ids.Take(encoder.Length);
        return (encoder.Tokenizer.EndId is { } end ? kept.TakeWhile(id => id != end) : kept).ToArray();
    })];

    /// <summary>What is wrong with a list of n-gram orders: at most one problem.</summary>
    public static IEnumerable<Problem> OrderProblems(IReadOnlyList<int> orders, string path)
    {
        int[] wrong = [.. orders.Where(order => order is < 1 or > LargestOrder)];
        if (orders.Count == 0) yield return new(path, $"the list is empty; it must have at least one order from 1 to {LargestOrder}.");
        else if (wrong.Length > 0)
            yield return new(path, $"{string.Join(", ", wrong)} found; each order must be from 1 to {LargestOrder}.");
        else if (orders.Distinct().Count() < orders.Count)
            yield return new(path, $"{string.Join(", ", orders)} found; each order is allowed only once.");
    }

    /// <summary>Why a name that the user chose cannot be a part of a value's name; null if it can.</summary>
    public static string? NameProblem(string name) =>
        name.Length is > 0 and <= 60 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? null
            : $"'{SafeText.Line(name, 60)}' cannot name a value; a name has 1 to 60 letters (A-Z, a-z), digits, '-' and '_'.";

    public static void RequireOrders(string kind, IReadOnlyList<int> orders)
    {
        foreach (var problem in OrderProblems(orders, "\"orders\"")) throw Invalid(kind, problem.ToString());
    }

    /// <summary>
    /// The end of a value's name that tells which texts it was compared with: "-DATA" for held-out texts, "-DATA-train" for training texts.
    /// </summary>
    public static string Suffix(string data, ReferenceSplit split) => split == ReferenceSplit.Train ? $"-{data}-train" : $"-{data}";

    public static InvalidInputException Invalid(string kind, string message) => new(PlaceOf(kind), message);

    static string PlaceOf(string kind) => $"metric '{kind}'";

    public static string Names(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "none";
}
