using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TextGan.Runs.Format;

namespace TextGan.Experiments.Reading;

/// <summary>A value of an option that a sweep varies.</summary>
/// <param name="Tree">The value.</param>
/// <param name="Text">The same text for the same value, however it was written: 64, 6.4e1 and 64.0 are "64".</param>
sealed partial record SweepValue(JsonTree Tree, string Text)
{
    /// <summary>Characters of a text in an experiment's name.</summary>
    const int LongestText = 24;

    public static SweepValue Of(JsonTree tree) => new(tree, tree.Kind switch
    {
        JsonValueKind.Number => NumberText(double.Parse(tree.Text, NumberStyles.Float, CultureInfo.InvariantCulture)),
        JsonValueKind.String => tree.Written,
        _ => Encoding.UTF8.GetString(tree.ToUtf8(asWritten: true)),
    });

    public static SweepValue Of(double number, Origin origin) => new(JsonTree.OfNumber(origin, NumberText(number)), NumberText(number));

    /// <summary>The value in the experiment's name: itself, or what it is called with a checksum.</summary>
    public string Label
    {
        get
        {
            if (Plain().IsMatch(Text) && Text.Length <= LongestText) return Text;
            if (Tree.IsObject && Tree.TextOf("kind") is { } kind && Plain().IsMatch(kind))
                return Tree.Members.Count == 1 ? kind : $"{kind}-{SweepName.Checksum(Text)}";
            if (Tree is { Kind: JsonValueKind.Array, Items.Count: > 0 } && Tree.Items.All(item => item.Kind == JsonValueKind.Number)
                && string.Join('_', Tree.Items.Select(item => Of(item).Text)) is { Length: <= LongestText } numbers) return numbers;
            var start = string.Concat(Text.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
            return $"{start[..Math.Min(LongestText, start.Length)]}-{SweepName.Checksum(Text)}".TrimStart('-');
        }
    }

    /// <summary>As JSON and a name can have it: no '+' in an exponent, no negative zero.</summary>
    static string NumberText(double number) =>
        number == 0 ? "0" : number.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e", StringComparison.Ordinal)
            .Replace('E', 'e');

    [GeneratedRegex(@"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$")]
    private static partial Regex Plain();
}
