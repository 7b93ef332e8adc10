using System.Globalization;
using System.Text.Json;

namespace TextGan.Experiments.Reading;

/// <summary>Says in words what is allowed at a place of an experiment.</summary>
public static class OptionWords
{
    /// <summary>"a whole number from 1 to 64", "one of 'a' and 'b'", "an object with a "kind"".</summary>
    public static string Of(OptionType type, RangeAttribute? range, KindRegistry kinds)
    {
        var limits = Wording.Range(range);
        if (limits.Length > 0) limits = " " + limits;
        return type.Form switch
        {
            OptionForm.Text => "text",
            OptionForm.Truth => "true or false",
            OptionForm.Whole => "a whole number" + limits,
            OptionForm.Number => "a number" + limits,
            OptionForm.Choice => $"one of {Wording.List(OptionType.ChoicesOf(type.Type))}",
            OptionForm.List => $"a list of {Plural(OptionType.Of(type.Element!, kinds), kinds)}{limits}",
            OptionForm.Named => $"an object of named {Plural(OptionType.Of(type.Element!, kinds), kinds)}",
            OptionForm.Family => (MeansNumber(type.Type) ? "a number or " : MeansKind(type.Type) ? "a name of, or " : "")
                + $"{Wording.Article(kinds.FamilyOf(type.Type)!.Words)} (an object with a \"kind\")",
            _ => $"an object with the keys {Wording.List(kinds.PropertiesOf(type.Type).Select(property => property.Name))}",
        };
    }

    /// <summary>The kinds that are allowed: "an estimator is one of 'gumbel-softmax' and 'reinforce'".</summary>
    public static string OneOf(ComponentFamily family) => family.Kinds.Count == 0
        ? $"no kinds of {family.Words} are known"
        : $"{Wording.Article(family.Words)} is one of {Wording.List(family.Kinds.Select(kind => kind.Name))}";

    /// <summary>What was probably meant where the type is wrong, with a leading space, or nothing.</summary>
    public static string Hint(JsonTree found, OptionType expected, KindRegistry kinds)
    {
        var text = found.Kind == JsonValueKind.String ? found.Text.Trim() : null;
        switch (expected.Form)
        {
            case OptionForm.Whole or OptionForm.Number when text is { Length: < 40 }
                && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number):
                return $" Write it without quotes: {text}.";
            case OptionForm.Truth when text is not null && bool.TryParse(text, out var truth):
                return $" Write it without quotes: {(truth ? "true" : "false")}.";
            case OptionForm.Text or OptionForm.Choice when found.Kind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return " Write it in quotes.";
            case OptionForm.List when Matches(found, OptionType.Of(expected.Element!, kinds)):
                return " Write it in brackets, [ ], even where it is alone.";
            case OptionForm.Family when text is not null && kinds.FamilyOf(expected.Type) is { Kinds: { Count: > 0 } choices } family:
                return NearestMatch.Of(text, choices.Select(kind => kind.Name)) is { } near ? $" Write {{ \"kind\": \"{near}\" }}."
                    : $" In words: {OneOf(family)}.";
            default: return "";
        }
    }

    public static bool MeansNumber(Type family) => family.IsDefined(typeof(NumberMeansAttribute), inherit: false);

    /// <summary>Whether a kind's name alone stands for a component without further settings.</summary>
    public static bool MeansKind(Type family) => family.IsDefined(typeof(NameMeansKindAttribute), inherit: false);

    static bool Matches(JsonTree found, OptionType element) => found.Kind switch
    {
        JsonValueKind.Number => element.Form is OptionForm.Whole or OptionForm.Number,
        JsonValueKind.String => element.Form is OptionForm.Text or OptionForm.Choice,
        JsonValueKind.Object => element.Form is OptionForm.Family or OptionForm.Section,
        _ => false,
    };

    static string Plural(OptionType type, KindRegistry kinds) => type.Form switch
    {
        OptionForm.Text => "texts",
        OptionForm.Truth => "true or false",
        OptionForm.Whole => "whole numbers",
        OptionForm.Number => "numbers",
        OptionForm.Choice => $"words out of {Wording.List(OptionType.ChoicesOf(type.Type))}",
        OptionForm.Family => $"{kinds.FamilyOf(type.Type)!.Words}s (objects with a \"kind\")",
        _ => "objects",
    };
}
