using System.Text.RegularExpressions;

namespace TextGan.Experiments.Reading;

/// <summary>Names become folders, files and parts of metrics' names, so they must be fit for every operating system.</summary>
static partial class NameRules
{
    const int MaximumLength = 100;

    /// <summary>What is wrong with a name, or null. Experiments may have a '.' in theirs; parts of one may not.</summary>
    public static string? ProblemOf(string name, bool dots)
    {
        var allowed = $"letters (A-Z, a-z), digits, '-' and '_'{(dots ? " and '.'" : "")}";
        if (name.Length == 0) return $"the name is empty; it has {allowed}.";
        if (name.Length > MaximumLength)
            return $"the name {Wording.Quote(name)} has {name.Length} characters; at most {MaximumLength} are allowed.";
        var bad = name.FirstOrDefault(c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || (dots && c == '.')));
        if (bad != default || name.Contains('\0'))
            return $"the name {Wording.Quote(name)} has the character '{(char.IsControl(bad) ? $"U+{(int)bad:X4}" : bad)}'; allowed are " +
                $"{allowed}.";
        if (name.EndsWith('.')) return $"the name {Wording.Quote(name)} ends with '.', which names a folder above or is lost on Windows.";
        return DeviceName().IsMatch(name) ? $"the name {Wording.Quote(name)} is that of a device on Windows, where no folder can have it."
            : null;
    }

    [GeneratedRegex(@"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", RegexOptions.IgnoreCase)]
    private static partial Regex DeviceName();
}
