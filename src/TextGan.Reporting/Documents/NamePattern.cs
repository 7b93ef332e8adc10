using System.Text.RegularExpressions;

namespace TextGan.Reporting.Documents;

/// <summary>Names in which '*' stands for any characters, and every other character for itself.</summary>
public static class NamePattern
{
    /// <summary>Whether the pattern fits the whole name.</summary>
    public static bool Fits(string pattern, string name) => Regex.IsMatch(name,
        $@"\A{string.Join(".*", pattern.Split('*').Select(Regex.Escape))}\z", RegexOptions.Singleline | RegexOptions.NonBacktracking);
}
