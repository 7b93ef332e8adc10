using TextGan.Cli;

namespace TextGan.Tests.Cli;

/// <summary>A run that asks a person at the terminal.</summary>
public sealed class PersonTests
{
    const string Experiment = """
        {
          "name": "asked", "length": 6, "threads": 1,
          "data": {
            "sentences": { "kind": "text", "path": "sentences.txt" },
            "property": { "kind": "labelled", "data": "sentences", "rule": { "kind": "contains", "text": "cat" } }
          },
          "tokenizer": { "kind": "word" }, "generator": { "kind": "lstm", "embedding": 8, "hidden": 8 },
          "discriminators": [{
            "name": "p", "kind": "bag", "data": "property", "embedding": 4, "hidden": 4, "members": 2, "batch": 4,
            "opponents": { "generated": 0, "rejected": 1 },
            "oracleQuery": { "teacher": { "kind": "person", "question": "A cat?" }, "labels": 6, "batch": 2, "pool": 12 }
          }],
          "training": { "iterations": 5, "batch": 4, "checkpointEvery": 1 },
          "evaluation": { "samples": 4, "metrics": [{ "kind": "length" }] }
        }
        """;

    /// <summary>The command with a person who gives these answers and then leaves.</summary>
    static CommandRun Run(Workplace place, params string[] answers)
    {
        var (output, error, given) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" }, new Queue<string>(answers));
        var terminal = new Terminal(output, error, new ManualTime(), place.Folder)
        {
            ReadLine = () => given.TryDequeue(out var answer) ? answer : null,
        };
        return new(Application.Run(["run"], terminal), output.ToString(), error.ToString());
    }

    static string[] Shown(CommandRun run) => [.. run.Output.Split('\n').Where(line => line.StartsWith("text: ", StringComparison.Ordinal))];

    [Test]
    public void What_was_answered_is_not_asked_again()
    {
        using var place = new Workplace(Experiment);
        var first = Run(place, "y", "maybe", "no");
        Assert.That(first.Code, Is.EqualTo(1), first.Error);
        Assert.That(first.Error, Does.Contain("The person at the terminal has left"));
        Assert.That(first.Output, Does.Contain("Answer y, n or s."));
        Assert.That(Shown(first), Has.Length.EqualTo(3), "the third was left unanswered");
        var labels = place.At("runs", "asked", "1", "teachers", "p", "labels.jsonl");
        Assert.That(File.ReadAllLines(labels), Has.Length.EqualTo(2));

        var second = Run(place, "s", "y", "y", "n", "y", "y", "y");
        Assert.That(second.Code, Is.Zero, second.Error);
        Assert.That(Shown(second)[0], Is.EqualTo(Shown(first)[2]));
        string[] asked = [.. Shown(first)[..2], .. Shown(second)];
        Assert.That(asked, Is.Unique);
        var known = File.ReadAllLines(labels);
        Assert.That(known, Has.Length.EqualTo(asked.Length));
        Assert.That(known.Count(line => !line.Contains("\"label\":null")), Is.LessThanOrEqualTo(6));
        Assert.That(known.Count(line => line.Contains("\"label\":null")), Is.EqualTo(1));
    }

    [Test]
    public void Without_a_terminal_there_is_nobody_to_ask()
    {
        using var place = new Workplace(Experiment);
        var run = CommandRun.In(place.Folder, null, "run");
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error, Does.Contain("$.discriminators[0].oracleQuery.teacher: asks a person, but there is none: the run has " +
            "no terminal"));
    }
}
