using System.Text.RegularExpressions;
using TextGan.Tests.Cli;

namespace TextGan.Tests.Documents;

/// <summary>docs/tutorial.md, followed to the letter in an empty folder, with fewer updates.</summary>
public sealed partial class TutorialTests
{
    [Test]
    public void Its_commands_work_on_its_experiment()
    {
        var tutorial = File.ReadAllText(Path.Combine(Repository.Root, "docs", "tutorial.md")).ReplaceLineEndings("\n");
        var folder = Path.Combine(Path.GetTempPath(), "textgan-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            File.WriteAllText(Path.Combine(folder, "mine.json"), Json().Match(tutorial).Groups[1].Value);
            File.WriteAllLines(Path.Combine(folder, "sentences.txt"), Enumerable.Range(0, 200).Select(i =>
                $"the {(i % 2 == 0 ? "small" : "old")} {(i % 3 == 0 ? "dog" : "cat")} number {i % 7} sat on the mat" +
                (i % 5 < 2 ? " and looked at the moon" : "")));
            var commands = Command().Matches(tutorial).Select(match => match.Groups[1].Value.Trim()).ToList();
            Assert.That(commands.Select(command => command.Split(' ')[0]),
                Is.EqualTo((string[])["validate", "describe", "describe", "run", "plot", "sample", "sample", "measure"]));
            foreach (var command in commands)
            {
                string[] arguments = command.Split(' ');
                if (arguments[0] == "run")
                    arguments = [.. arguments, "--seeds", "1", "--set", "training.iterations=2", "--set", "training.batch=8", "--set",
                        "pretraining.epochs=1", "--set", "evaluation.samples=20", "--set", "threads=1"];
                var run = CommandRun.In(folder, null, arguments);
                Assert.That(run.Code, Is.Zero, $"{command}\n{run.Error}");
            }
            Assert.Multiple(() =>
            {
                Assert.That(File.ReadLines(Path.Combine(folder, "samples.jsonl")).Count(), Is.EqualTo(100));
                foreach (var picture in (string[])["mine", "two-judges/seed-1", "short-or-not"])
                    Assert.That(Directory.EnumerateFiles(Path.Combine(folder, "plots", picture), "*.png"), Is.Not.Empty, picture);
                Assert.That(File.ReadAllText(Path.Combine(folder, "plots", "mine", "summary.csv")), Does.Contain("rule-short"));
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Json();

    [GeneratedRegex("^textgan (.*)$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
