using System.Globalization;
using System.Text.Json;
using TextGan.Data;

namespace TextGan.Experiments.Reading;

/// <summary>An option that a sweep varies.</summary>
/// <param name="Path">Its path, as the sweep has it.</param>
/// <param name="Place">Its place (<see cref="Edit.PlaceIn"/>).</param>
/// <param name="Values">The values that it takes; of a range without steps only the ends.</param>
/// <param name="Range">The range that they come from; null if they were listed.</param>
/// <param name="IsWhole">Whether it is a whole number.</param>
/// <param name="Written">What the sweep has under the path.</param>
sealed record SweepAxis(
    string Path, IReadOnlyList<string> Place, IReadOnlyList<SweepValue> Values, SweepRangeOptions? Range, bool IsWhole, JsonTree Written)
{
    /// <summary>Reads a key of a sweep; null if something is wrong with it, which is then in <paramref name="findings"/>.</summary>
    /// <param name="path">The key.</param>
    /// <param name="written">Its value.</param>
    /// <param name="experiment">With the first value of each earlier option, for one may choose the kind that the next belongs to.</param>
    /// <param name="kinds">The experiment's kinds.</param>
    /// <param name="isGrid">Whether every value is used.</param>
    /// <param name="findings">Hears what is wrong.</param>
    public static SweepAxis? Read(string path, JsonTree written, JsonTree experiment, KindRegistry kinds, bool isGrid, Findings findings)
    {
        if (Edit.Of(path, written) is not { } edit)
            return Wrong(written.Origin, $"{Wording.Quote(path)} is not the path of an option; expected one such as training.batch, " +
                "discriminators.helpfulness.weight or discriminators[0].weight (items of lists are counted from 0).");
        var place = edit.PlaceIn(experiment);
        if (place[0] is ("name" or "description" or "seeds" or "sweep" or "swept" or "published" or "plugins") and var never)
            return Wrong(written.Origin, $"'{never}' cannot be swept" + never switch
            {
                "seeds" => "; every setting runs with each of the experiment's seeds.",
                "plugins" => ": plug-ins are loaded before; list all that are needed.",
                _ => ".",
            });
        if (edit.OptionIn(experiment, kinds, out var problem) is not var (type, property))
            return Wrong(written.Origin, $"there is no such option: {problem}");
        var isNumber = type.Form is OptionForm.Whole or OptionForm.Number
            || (type.Form == OptionForm.Family && OptionWords.MeansNumber(type.Type));
        var walker = new OptionWalker(kinds, findings);
        var before = findings.Added;
        SweepRangeOptions? range = null;
        IReadOnlyList<SweepValue> values;
        if (written.Kind == JsonValueKind.Array) values = [.. written.Items.Select(SweepValue.Of)];
        else if (!written.IsObject || !isNumber)
            return Wrong(written.Origin, $"found {Wording.Found(written)}, expected a list of values" +
                (isNumber ? ", or a range such as { \"from\": 1, \"to\": 8, \"steps\": 4, \"scale\": \"log\" }."
                    : $"; a range is for numbers, and this is {OptionWords.Of(type, null, kinds)}."));
        else if ((range = ReadRange(written, walker, kinds, type.Form == OptionForm.Whole, isGrid, findings)) is null) return null;
        else values = ValuesOf(range, type.Form == OptionForm.Whole, written);
        if (values.Count == 0) return Wrong(written.Origin, "the list is empty; give at least one value.");
        foreach (var value in values) walker.Mend(value.Tree, property?.Type ?? type.Type, property: property);
        foreach (var twin in values.GroupBy(value => value.Text).Where(twins => twins.Count() > 1).Select(twins => twins.Last()))
        {
            findings.Add(twin.Tree.Origin, $"the value {Wording.Clip(twin.Text)} is there twice" +
                (range is null ? "; each setting runs once." : ", after rounding; take fewer steps."));
        }
        return findings.Added > before ? null : new(path, place, values, range, type.Form == OptionForm.Whole, written);

        SweepAxis? Wrong(Origin origin, string message)
        {
            findings.Add(origin, message);
            return null;
        }
    }

    /// <summary>The experiment with a value; null if it has no such option, and why.</summary>
    public JsonTree? Set(JsonTree experiment, SweepValue value, KindRegistry kinds, out string problem) =>
        Edit.Of(Path, value.Tree)!.Apply(experiment, kinds, out problem);

    /// <summary>A value at random: one of the list or the steps, else any of the range.</summary>
    public SweepValue Draw(SeededRandom random)
    {
        var share = random.NextDouble();
        if (Range is not { Steps: null } range) return Values[(int)(share * Values.Count)];
        // Each whole number is the start of an interval that ends at the next.
        var value = IsWhole ? Math.Min(Math.Floor(Between(range.From, range.To + 1, share, range.Scale)), range.To)
            : Math.Clamp(Rounded(Between(range.From, range.To, share, range.Scale)), range.From, range.To);
        return SweepValue.Of(value, Written.Origin);
    }

    static SweepRangeOptions? ReadRange(
        JsonTree written, OptionWalker walker, KindRegistry kinds, bool isWhole, bool isGrid, Findings findings)
    {
        var before = findings.Added;
        var mended = walker.Mend(written, typeof(SweepRangeOptions));
        if (findings.Added > before || mended is null || !walker.IsWhole) return null;
        var range = JsonSerializer.Deserialize<SweepRangeOptions>(mended.ToUtf8(), kinds.Json)!;
        foreach (var problem in range.Validate("$")) findings.Add(written[problem.Place[2..]]!.Origin, problem.Message);
        foreach (var end in (string[])["from", "to"])
        {
            if (isWhole && !double.IsInteger(double.Parse(written[end]!.Text, CultureInfo.InvariantCulture)))
                findings.Add(written[end]!.Origin, $"{written[end]!.Text} is not a whole number, as this option is.");
        }
        if (isGrid && range.Steps is null)
            findings.Add(written.Origin, "the key 'steps' is missing; a grid needs the number of values: a whole number from 2 to 1000.");
        return findings.Added > before ? null : range;
    }

    /// <summary>The values of a range; without steps its ends, to be checked.</summary>
    static IReadOnlyList<SweepValue> ValuesOf(SweepRangeOptions range, bool isWhole, JsonTree written)
    {
        var last = (range.Steps ?? 2) - 1;
        var between = Enumerable.Range(1, last - 1).Select(i => Between(range.From, range.To, (double)i / last, range.Scale))
            .Select(value => isWhole ? Math.Round(value, MidpointRounding.AwayFromZero) : Rounded(value));
        return
        [
            SweepValue.Of(range.From, written["from"]!.Origin),
            .. between.Select(value => SweepValue.Of(value, written.Origin)),
            SweepValue.Of(range.To, written["to"]!.Origin),
        ];
    }

    static double Between(double from, double to, double share, SweepScale scale) =>
        scale == SweepScale.Log ? from * Math.Pow(to / from, share) : from + (to - from) * share;

    /// <summary>To six digits, which names can show.</summary>
    static double Rounded(double value) =>
        double.Parse(value.ToString("E5", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
}
