using System.Globalization;
using System.Text;

namespace TextGan.Experiments.Reading;

/// <summary>Something that JSON was read from: a file, or an argument such as <c>--set length=8</c>.</summary>
/// <param name="Name">How messages name it.</param>
/// <param name="Order">Problems are listed by it.</param>
/// <param name="HasLines">Whether a line number helps.</param>
public sealed record JsonSource(string Name, int Order, bool HasLines);

/// <summary>
/// Where a JSON value was written. It stays with the value when defaults are merged, so that a message points at the text to mend.
/// </summary>
public sealed class Origin
{
    readonly Origin? parent;
    readonly string? name;
    readonly int index;

    Origin(JsonSource source, int line, Origin? parent, string? name, int index) =>
        (Source, Line, this.parent, this.name, this.index) = (source, line, parent, name, index);

    public JsonSource Source { get; }

    /// <summary>Counted from 1.</summary>
    public int Line { get; }

    /// <summary>The JSON path, for example <c>$.experiments[2].discriminators[0].loss.kind</c>.</summary>
    public string Path
    {
        get
        {
            var parts = new Stack<Origin>();
            for (var part = this; part is not null; part = part.parent) parts.Push(part);
            var path = new StringBuilder();
            foreach (var part in parts)
            {
                if (part.parent is null) path.Append(part.name);
                else path.Append(part.name is null ? $"[{part.index}]" : Step(part.name));
            }
            return path.ToString();
        }
    }

    public static Origin Root(JsonSource source, string path = "$", int line = 1) => new(source, line, null, path, 0);

    public Origin Member(string member, int line) => new(Source, line, this, member, 0);

    public Origin Item(int item, int line) => new(Source, line, this, null, item);

    /// <summary>Whether this value was written inside of <paramref name="other"/>.</summary>
    public bool IsWithin(Origin other)
    {
        for (var part = this; part is not null; part = part.parent)
        {
            if (ReferenceEquals(part, other)) return true;
        }
        return false;
    }

    public override string ToString() => Place("");

    /// <summary>The place as messages show it; <paramref name="rest"/> is a path below this value.</summary>
    internal string Place(string rest) => Source.HasLines
        ? $"{Source.Name}:{Line.ToString(CultureInfo.InvariantCulture)}: {Path}{rest}"
        : $"{Source.Name}: {Path}{rest}";

    /// <summary>A member as a step of a path: <c>.name</c>, or <c>['a name']</c> where the name is no plain word.</summary>
    internal static string Step(string member) =>
        member.Length is > 0 and <= 100 && member.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '$') ? "." + member
            : $"['{Wording.Clip(member)}']";
}
