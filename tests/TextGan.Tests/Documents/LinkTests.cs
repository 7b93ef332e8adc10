using System.Text.RegularExpressions;

namespace TextGan.Tests.Documents;

/// <summary>Links between the repository's documents lead somewhere.</summary>
public sealed partial class LinkTests
{
    static string[] Documents() =>
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md"),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories),
    ];

    [Test]
    public void Files_and_headings_exist()
    {
        var broken = new List<string>();
        foreach (var document in Documents())
        {
            foreach (var target in Link().Matches(WithoutCode(document)).Select(match => match.Groups[1].Value))
            {
                if (target.Contains("://", StringComparison.Ordinal)) continue;
                var (file, anchor) = target.Split('#', 2) switch { [var only] => (only, null), var parts => (parts[0], parts[1]) };
                var path = file.Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, file);
                if (!File.Exists(path) && !Directory.Exists(path)) broken.Add($"{Name(document)}: {target} is missing");
                else if (anchor is not null && !Anchors(path).Contains(anchor)) broken.Add($"{Name(document)}: {target} is no heading");
            }
        }
        Assert.That(broken, Is.Empty);
    }

    [TestCase("Several runs at once", "several-runs-at-once")]
    [TestCase("PPO, RLOO, GRPO", "ppo-rloo-grpo")]
    [TestCase("Learning from a teacher's answers", "learning-from-a-teachers-answers")]
    [TestCase("`kl`", "kl")]
    public void An_anchor_is_made_as_on_the_page(string heading, string anchor) => Assert.That(AnchorOf(heading), Is.EqualTo(anchor));

    static string Name(string document) => Path.GetRelativePath(Repository.Root, document);

    static HashSet<string> Anchors(string document) =>
        [.. Heading().Matches(WithoutCode(document)).Select(match => AnchorOf(match.Groups[1].Value))];

    static string AnchorOf(string heading) =>
        Sign().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    static string WithoutCode(string document) => Code().Replace(File.ReadAllText(document).ReplaceLineEndings("\n"), "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Sign();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}
