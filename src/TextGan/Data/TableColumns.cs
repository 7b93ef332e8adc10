using System.Text.Json;
using TextGan.Safety;

namespace TextGan.Data;

/// <summary>Which columns of a table a data kind reads.</summary>
/// <param name="Needed">Groups of names: of each the first one that the table has and that can be a text is read, and one must be
/// there.</param>
/// <param name="Optional">Names that are read if they are there and can be texts.</param>
/// <param name="Advice">What to do where none of a group of several is there: a clause; empty for nothing.</param>
internal sealed record TableColumns(
    IReadOnlyList<IReadOnlyList<string>> Needed, IReadOnlyList<string> Optional, string Advice = "")
{
    /// <summary>Names shown of a table with many columns.</summary>
    const int MostShown = 30;

    /// <summary>The columns that are read of a table that has these. One that was named is among them, whatever it holds.</summary>
    /// <param name="there">All columns.</param>
    /// <param name="canBeText">Whether a column of the table can be a text.</param>
    /// <exception cref="FormatException">A needed one is missing; the message is a sentence for the user.</exception>
    public IReadOnlyList<string> Of(IReadOnlyCollection<string> there, Func<string, bool> canBeText) =>
    [
        .. Needed.Select(group => group.FirstOrDefault(name => there.Contains(name) && canBeText(name))
            ?? group.FirstOrDefault(there.Contains) ?? throw new FormatException(
                $"The file has no column {Quoted(group)}; its columns are {List(there)}{(group.Count > 1 ? Advice : "")}.")),
        .. Optional.Where(name => there.Contains(name) && canBeText(name) && !Needed.Any(group => group.Contains(name))),
    ];

    /// <summary>What a line of JSON that lacks a field is told: the fields that it has.</summary>
    public static FormatException Missing(JsonElement line, string what) =>
        new($"The object has {what}{(line.EnumerateObject().Any() ? $"; its fields are {List([.. line.EnumerateObject().Select(field =>
            field.Name)])}" : "")}.");

    static string Quoted(IReadOnlyList<string> names) => names.Count == 1 ? $"\"{names[0]}\""
        : $"{string.Join(", ", names.SkipLast(1).Select(name => $"\"{name}\""))} or \"{names[^1]}\"";

    static string List(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MostShown).Select(name => $"\"{SafeText.Line(name, 60)}\""))
        + (names.Count > MostShown ? $" and {names.Count - MostShown} more" : "");
}
