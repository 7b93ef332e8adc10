using System.Text.RegularExpressions;
using TextGan.Runs.Format;

namespace TextGan.Experiments.Reading;

/// <summary>Names become folders, files and parts of metrics' names, so they must be fit for every operating system.</summary>
public static partial class NameRules
{
    const int MaximumLength = SweepName.Longest;

    /// <summary>What is wrong with a name, or null. Experiments may have a '.' in theirs; parts of one may not.</summary>
    /// <param name="name">The name.</param>
    /// <param name="dots">Whether it is an experiment's.</param>
    /// <param name="isOfSweep">Whether a sweep made the name.</param>
    public static string? ProblemOf(string name, bool dots, bool isOfSweep = false)
    {
        var allowed = $"letters (A-Z, a-z), digits, '-' and '_'{(dots ? " and '.'" : "")}";
        if (name.Length == 0) return $"the name is empty; it has {allowed}.";
        if (name.Length > MaximumLength)
            return $"the name {Wording.Quote(name)} has {name.Length} characters; at most {MaximumLength} are allowed.";
        var bad = name.FirstOrDefault(c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || (dots && c == '.')
            || (isOfSweep && SweepName.Marks.Contains(c))));
        if (bad != default || name.Contains('\0'))
            return $"the name {Wording.Quote(name)} has the character '{(char.IsControl(bad) ? $"U+{(int)bad:X4}" : bad)}'; allowed are " +
                $"{allowed}.";
        if (name.EndsWith('.')) return $"the name {Wording.Quote(name)} ends with '.', which names a folder above or is lost on Windows.";
        return IsDevice(name) ? $"the name {Wording.Quote(name)} is that of a device on Windows, where no folder can have it."
            : null;
    }

    /// <summary>Whether a name is that of a device on Windows ("con", "nul.txt"), where no file and no folder can have it.</summary>
    public static bool IsDevice(string name) => DeviceName().IsMatch(name);

    /// <summary>Whether a folder can have a name, which may have blanks and any letters, on every operating system.</summary>
    public static bool CanBeFolder(string name) => name.Trim() == name && name.Length > 0 && !name.EndsWith('.') && !IsDevice(name)
        && !name.Any(c => char.IsControl(c) || "<>:\"/\\|?*".Contains(c));

    [GeneratedRegex(@"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", RegexOptions.IgnoreCase)]
    private static partial Regex DeviceName();
}
