namespace TextGan.Data.Rules;

/// <summary>The check that rules made of several rules share.</summary>
internal static class RuleLists
{
    public static IEnumerable<Problem> Problems(IReadOnlyList<TextRuleOptions> rules, string path) =>
        rules.Count > 0 ? [] : [new($"{path}.rules", "the list is empty; give at least one rule.")];
}
