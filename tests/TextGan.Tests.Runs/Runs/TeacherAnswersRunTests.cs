using TextGan.Experiments.Reading;
using TextGan.Tests.Cli;
using TextGan.Tests.Data.Teachers;
using TextGan.Tests.Generators.Pretrained;
using TextGan.Tests.Tokenization.ByteLevel;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>Whole runs that learn from a teacher's answers.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TeacherAnswersRunTests : IDisposable
{
    const string Key = "TEXTGAN_TEST_KEY_OF_A_RUN";

    const string Experiment = """
        {
          "name": "taught", "device": "cpu", "threads": 1, "length": 12, "prompts": "answers", "promptLength": 4,
          "data": { "answers": { "kind": "teacher-answers", "path": "prompts.txt", "heldOut": 0.2, "teacher": TEACHER } },
          "tokenizer": TOKENIZER,
          "generator": { "kind": "lstm", "embedding": 8, "hidden": 8 },
          "pretraining": { "data": "answers", "epochs": 1, "batch": 4 },
          "discriminators": [
            { "name": "teacher", "kind": "cnn", "data": "answers", "embedding": 8, "widths": [2], "filters": [4],
              "loss": { "kind": "bradley-terry" }, "pretrainingSteps": 2 }
          ],
          "estimator": { "kind": "reinforce", "groupSize": 2 },
          "training": { "iterations": 4, "batch": 8, "checkpointEvery": 3 },
          "evaluation": { "samples": 4, "metrics": [ { "kind": "nll", "data": "answers" } ] }
        }
        """;

    readonly ChatServer server = ChatServer.Saying(question => $"{question}\n says  yes");
    readonly Workplace place;

    public TeacherAnswersRunTests()
    {
        place = new Workplace(Experiment.Replace("TOKENIZER", """{ "kind": "word" }""").Replace("TEACHER",
            $$"""{ "kind": "chat", "endpoint": "{{server.Endpoint}}", "modelName": "m", "keyVariable": "{{Key}}", "retries": 0 }"""));
        File.WriteAllLines(place.At("prompts.txt"), Enumerable.Range(0, 10).Select(i => $"word{i} and"));
        Environment.SetEnvironmentVariable(Key, "secret-0815");
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Key, null);
        server.Dispose();
        place.Dispose();
    }

    CommandRun Do(params string[] arguments) => CommandRun.In(place.Folder, null, arguments);

    [Test]
    public void A_chat_model_teaches_is_asked_once_and_its_key_is_in_no_file()
    {
        var checkedOnly = Do("validate", "--allow-chat");
        Assert.That(checkedOnly.Code, Is.Zero, checkedOnly.Error + checkedOnly.Output);
        Assert.That(checkedOnly.Output, Does.Contain("8 prompts and 2 held out from ").And.Contain("not answered yet"));
        Assert.That(server.Requests, Is.Empty);

        var run = Do("run", "--allow-chat");
        Assert.That(run.Code, Is.Zero, run.Error + run.Output);
        Assert.That(server.Requests, Has.Count.EqualTo(10));
        Assert.That(server.Requests.Select(one => one.Key), Is.All.EqualTo("Bearer secret-0815"));
        var vocabulary = File.ReadAllText(place.At("runs", "taught", "1", "vocabulary.json"));
        Assert.That(vocabulary, Does.Contain("\"says\""), "it learns from what the server said");
        string[] files = [.. Directory.GetFiles(place.Folder, "*", SearchOption.AllDirectories)];
        Assert.That(files.Where(file => File.ReadAllText(file).Contains("0815")), Is.Empty);
        Assert.That(run.Output + run.Error, Does.Not.Contain("0815"));

        Assert.That(Do("run", "--allow-chat", "--set", "training.iterations=5").Code, Is.Zero);
        Assert.That(Do("run", "--allow-chat", "--restart", "--set", "seeds=[1,2]").Code, Is.Zero);
        Environment.SetEnvironmentVariable(Key, null);
        var measured = Do("measure", "runs/taught/1");
        Assert.That(measured.Code, Is.Zero, measured.Error + measured.Output);
        Assert.That(server.Requests, Has.Count.EqualTo(10), "all of that is answered by what is kept");
    }

    [Test]
    public void Who_does_not_allow_it_asks_nobody()
    {
        var run = Do("run", "--quiet");
        Assert.That(run.Code, Is.EqualTo(2));
        Assert.That(run.Error.ReplaceLineEndings(" "), Does.Contain("$.data.answers.teacher.endpoint: a run sends prompts and texts to \"")
            .And.Contain("If you trust the experiment, add --allow-chat to the command."));
        run = Do("run", "--quiet", "--allow-chat", "--set", "data.answers.teacher.keyVariable=HOME");
        Assert.That((run.Code, server.Requests.Count), Is.EqualTo((2, 0)));
        Assert.That(run.Error.ReplaceLineEndings(" "), Does.Contain("the environment variable \"HOME\" is not read"));
        Environment.SetEnvironmentVariable(Key, null);
        run = Do("run", "--quiet", "--allow-chat");
        Assert.That((run.Code, server.Requests.Count), Is.EqualTo((2, 0)));
        Assert.That(run.Error, Does.Contain($"{Key}: the environment variable is not set, or empty"));
    }

    [TestCase("data.answers.teacher.endpoint=localhost:1", "endpoint: 'localhost:1' is not the address of a server")]
    [TestCase("data.answers.teacher={\"kind\":\"rule\",\"rule\":{\"kind\":\"contains\",\"text\":\"a\"}}",
        "$.data.answers.teacher: this kind of teacher does not answer prompts; take \"language-model\" or \"chat\".")]
    public void Wrong_options_are_bad_input(string edit, string problem)
    {
        var run = Do("run", "--quiet", "--allow-chat", "--set", edit);
        Assert.That(run.Code, Is.EqualTo(2), run.Output);
        Assert.That(run.Error.ReplaceLineEndings(" "), Does.Contain(problem));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public void A_server_that_fails_fails_the_run()
    {
        using var broken = new ChatServer((_, _) => (503, ""));
        var run = Do("run", "--quiet", "--allow-chat", "--set", $"data.answers.teacher.endpoint={broken.Endpoint}");
        Assert.That(run.Code, Is.EqualTo(1), run.Output);
        Assert.That(run.Error.ReplaceLineEndings(" "), Does.Contain("gave no usable reply: status 503").And.Not.Contain("   at "));
    }

    [Test]
    public void A_model_teaches_and_a_stop_leaves_no_trace()
    {
        var tokenizer = TinyTokenizer.Gpt2();
        var size = tokenizer["added_tokens"]!.AsArray().Max(token => token!["id"]!.GetValue<int>()) + 4;
        var config = TinyModel.With(TinyModel.Gpt2, "vocab_size", $"{size}");
        foreach (var key in (string[])["bos_token_id", "eos_token_id"]) config = TinyModel.With(config, key, $"{size - 4}");
        TinyModel.Write(place.At("model"), config);
        File.WriteAllText(place.At("model", "tokenizer.json"), tokenizer.ToJsonString());
        File.WriteAllText(place.At("model", "tokenizer_config.json"), """{ "tokenizer_class": "PreTrainedTokenizerFast" }""");
        File.WriteAllText(place.At("experiments.json"), Experiment
            .Replace("TOKENIZER", """{ "kind": "pretrained", "path": "model" }""")
            .Replace("TEACHER", """{ "kind": "language-model", "model": "model" }"""));
        File.WriteAllLines(place.At("prompts.txt"), Enumerable.Range(0, 10).Select(i => $"{"abcde"[i % 5]}{"abc"[i % 3]}"));
        var experiment = ExperimentFile.Read(place.At("experiments.json")).Single();
        using var straight = new InterruptedRun(experiment, place.At("straight"));
        Assert.That(straight.Go().Outcome, Is.EqualTo("finished"));
        using var stopped = new InterruptedRun(experiment, place.At("stopped"));
        stopped.Go((phase, step) => phase == Phase.DiscriminatorPretraining && step == 1);
        stopped.Go((phase, step) => phase == Phase.Adversarial && step == 2);
        stopped.Go();
        Assert.That(stopped.Messages, Has.Some.EqualTo("resumed at adversarial step 2"));
        RunTrace.AssertSame(stopped.Folder.Root, straight.Folder.Root);

        Assert.That(Do("run").Code, Is.Zero);
        RunTrace.AssertSame(place.At("runs", "taught", "1"), straight.Folder.Root);
        var again = Do("run", "--restart");
        Assert.That(again.Output + again.Error, Does.Contain("data 'answers': drawn by an earlier run (same settings)"));
        again = Do("run", "--restart", "--set", "promptLength=1");
        Assert.That(again.Output + again.Error, Does.Not.Contain("drawn by an earlier run"), "the teacher reads other prompts");
        File.AppendAllText(place.At("prompts.txt"), "e a\n");
        Assert.That(Do("run").Code, Is.EqualTo(2), "other prompts are another run");
    }
}
