using TextGan.Tests.Cli;
using TextGan.Tests.Data.Teachers;

namespace TextGan.Tests.Runs;

/// <summary>A whole run in which a chat model prefers for one discriminator and labels for another.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChatJudgeRunTests : IDisposable
{
    const string Key = "TEXTGAN_TEST_KEY_OF_JUDGES";

    const string Experiment = """
        {
          "name": "judged", "device": "cpu", "threads": 1, "length": 6,
          "data": {
            "sentences": { "kind": "text", "path": "sentences.txt" },
            "cats": { "kind": "labelled", "data": "sentences", "rule": { "kind": "contains", "text": "cat" } }
          },
          "tokenizer": { "kind": "word" }, "generator": { "kind": "lstm", "embedding": 8, "hidden": 8 },
          "pretraining": { "data": "sentences", "epochs": 1, "batch": 4 },
          "discriminators": [
            { "name": "p", "kind": "bag", "members": 2, "embedding": 4, "hidden": 4, "loss": { "kind": "bradley-terry" },
              "teacherPreference": { "warmUp": 4, "teacher": { "kind": "chat", "endpoint": "SERVER", "modelName": "m",
                  "keyVariable": "KEY" } } },
            { "name": "q", "kind": "bag", "data": "cats", "members": 2, "embedding": 4, "hidden": 4,
              "opponents": { "generated": 0, "rejected": 1 },
              "oracleQuery": { "labels": 6, "batch": 2, "pool": 8, "teacher": {
                "kind": "chat", "endpoint": "SERVER", "modelName": "m", "keyVariable": "KEY", "question": "Is it about a cat?" } } }
          ],
          "estimator": { "kind": "reinforce" }, "training": { "iterations": 3, "batch": 8 }, "evaluation": { "samples": 4, "metrics": [] }
        }
        """;

    readonly ChatServer server = ChatServer.Saying(question =>
        question.EndsWith("A or B.")
            ? question.IndexOf("cat", StringComparison.Ordinal) < question.IndexOf("B:\n", StringComparison.Ordinal) ? "A" : "B"
        : question.Contains("cat\n") ? "yes" : "perhaps");

    readonly Workplace place;

    public ChatJudgeRunTests()
    {
        place = new Workplace(Experiment.Replace("SERVER", server.Endpoint).Replace("KEY", Key));
        Environment.SetEnvironmentVariable(Key, "secret-0816");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Key, null);
        server.Dispose();
        place.Dispose();
    }

    CommandRun Do(params string[] arguments) => CommandRun.In(place.Folder, null, arguments);

    [Test]
    public void It_is_asked_by_a_run_alone_and_nothing_twice()
    {
        var refused = Do("run", "--quiet");
        Assert.That(refused.Code, Is.EqualTo(2));
        Assert.That(refused.Error.ReplaceLineEndings(" "),
            Does.Contain("$.discriminators[0].teacherPreference.teacher.endpoint: a run sends")
            .And.Contain("$.discriminators[1].oracleQuery.teacher.endpoint: a run sends"));
        Environment.SetEnvironmentVariable(Key, null);
        Assert.That(Do("validate", "--allow-chat").Code, Is.Zero);
        Environment.SetEnvironmentVariable(Key, "secret-0816");
        Assert.That(server.Requests, Is.Empty);

        var run = Do("run", "--allow-chat");
        Assert.That(run.Code, Is.Zero, run.Error + run.Output);
        var count = server.Requests.Count;
        Assert.That(count, Is.GreaterThan(10));
        Assert.That((run.Output + run.Error).ReplaceLineEndings(" "), Does.Contain("discriminator 'q': ")
            .And.Contain("such as \"perhaps\""));
        Assert.That(Do("run", "--allow-chat", "--restart").Code, Is.Zero);
        Environment.SetEnvironmentVariable(Key, null);
        var scored = Do("score", "runs/judged/1", "sentences.txt");
        Assert.That(scored.Code, Is.Zero, scored.Error);
        Assert.That(server.Requests, Has.Count.EqualTo(count), "all of that is answered by what is kept");
        Assert.That(Directory.GetFiles(place.Folder, "*", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("secret-0816")),
            Is.Empty);
    }

    [Test]
    public void A_key_that_is_not_there_is_missed_before_anything_is_trained()
    {
        Environment.SetEnvironmentVariable(Key, null);
        var run = Do("run", "--quiet", "--allow-chat");
        Assert.That(run.Code, Is.EqualTo(2), run.Error);
        Assert.That(run.Error, Does.Contain($"{Key}: the environment variable is not set, or empty"));
        var metrics = place.At("runs", "judged", "1", "metrics.jsonl");
        Assert.That(!File.Exists(metrics) || File.ReadAllText(metrics).Length == 0, "nothing was trained");
    }
}
