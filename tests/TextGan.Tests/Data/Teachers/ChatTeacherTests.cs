using TextGan.Data.Teachers;
using TextGan.Problems;
using TextGan.Tests.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Data.Teachers;

/// <summary>A teacher behind a server of this test's own.</summary>
public sealed class ChatTeacherTests
{
    static Teacher TeacherOf(ChatServer server, string? folder = null, Func<ChatTeacherOptions, ChatTeacherOptions>? change = null,
        Action<string>? say = null)
    {
        var options = new ChatTeacherOptions { Endpoint = server.Endpoint, ModelName = "m", Retries = 1, Timeout = 20 };
        return (change?.Invoke(options) ?? options).Build(new TeacherContext("", CPU) { ReplyFolder = folder, Say = say ?? (_ => { }) });
    }

    [Test]
    public void A_question_is_asked_once_however_often_and_by_whom_it_is_put()
    {
        using var files = new TemporaryFiles();
        using var server = ChatServer.Saying(question => question.ToUpperInvariant());
        string[] prompts = ["one", "two", "one", "dréi"];
        void Answers(int requests, Func<ChatTeacherOptions, ChatTeacherOptions>? change = null)
        {
            using var teacher = TeacherOf(server, files.PathOf("shared"), change);
            Assert.That(teacher.Answer(prompts), Is.EqualTo(new[] { "ONE", "TWO", "ONE", "DRÉI" }));
            Assert.That(server.Requests, Has.Count.EqualTo(requests));
        }
        Answers(3);
        Answers(3);
        var file = Directory.GetFiles(files.PathOf("shared"), "chat-*.jsonl").Single();
        File.AppendAllText(file, "{\"messages\":[{\"role\":\"us"); // a process ended here
        Answers(3);
        prompts[0] = prompts[2] = "One";
        Answers(4);
        var lines = File.ReadAllLines(file);
        Assert.That(lines, Has.Length.EqualTo(4).And.All.Match("^\\{.*\\}$"));
        File.WriteAllLines(file, lines.Select(line => line.Contains("two") ? "nonsense" : line));
        Answers(5);
        Answers(8, options => options with { Temperature = 0 });
        Answers(11, options => options with { SystemPrompt = "Be brief." });
        Answers(11, options => options with { SystemPrompt = "Be brief.", Parallel = 1, Timeout = 9 });
        Assert.That(server.Requests.Last().Body["messages"]![0]!.ToJsonString(), Is.EqualTo("""{"role":"system","content":"Be brief."}"""));
    }

    [Test]
    public void Two_at_the_same_time_do_not_ask_the_same()
    {
        using var files = new TemporaryFiles();
        using var server = ChatServer.Saying(question => { Thread.Sleep(20); return question + "!"; });
        string[] prompts = [.. Enumerable.Range(0, 12).Select(i => $"p{i}")];
        Parallel.For(0, 3, _ =>
        {
            using var teacher = TeacherOf(server, files.PathOf("shared"));
            Assert.That(teacher.Answer(prompts), Is.EqualTo(prompts.Select(prompt => prompt + "!")));
        });
        Assert.That(server.Requests, Has.Count.EqualTo(12));
    }

    [Test]
    public void A_refusal_for_a_moment_is_repeated()
    {
        using var server = new ChatServer((question, before) => before == 0 ? (429, "{}") : (200, ChatServer.Completion("at last")));
        using var teacher = TeacherOf(server);
        Assert.That(teacher.Answer(["a"]), Is.EqualTo(new[] { "at last" }));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    static IEnumerable<TestCaseData> Failures()
    {
        TestCaseData Case(string name, Func<(int, string)> reply, string reason, int requests) =>
            new TestCaseData(reply, reason, requests).SetArgDisplayNames(name);
        yield return Case("500 for ever", () => (500, ""), "status 500: Service request failed.", 2);
        yield return Case("no JSON", () => (200, "{\"choi"), "it is not a chat completion (", 1);
        yield return Case("other JSON", () => (200, "{}"), "it is not a chat completion (", 1);
        yield return Case("slow", () => { Thread.Sleep(5000); return (200, ChatServer.Completion("late")); },
            "none came within 1 second ('timeout').", 2);
    }

    [TestCaseSource(nameof(Failures))]
    public void What_is_no_reply_fails_the_run_and_is_not_kept(Func<(int, string)> reply, string reason, int requests)
    {
        using var files = new TemporaryFiles();
        using var server = new ChatServer((_, _) => reply());
        using var teacher = TeacherOf(server, files.PathOf("shared"), options => options with { Timeout = 1 });
        Assert.That(() => teacher.Answer(["a"]), Throws.TypeOf<RunFailedException>().With.Message.StartsWith(
            $"The teacher 'm' at {server.Endpoint} gave no usable reply: {reason}"));
        Assert.That(server.Requests, Has.Count.EqualTo(requests));
        Assert.That(new FileInfo(Directory.GetFiles(files.PathOf("shared")).Single()).Length, Is.Zero);
    }

    [Test]
    public void A_server_that_is_not_there_fails_the_run()
    {
        var server = ChatServer.Saying(_ => "");
        server.Dispose();
        using var teacher = TeacherOf(server, change: options => options with { Retries = 0 });
        Assert.That(() => teacher.Answer(["a"]), Throws.TypeOf<RunFailedException>().With.Message.Contains("Connection refused"));
    }

    [Test]
    public void No_message_shows_the_key()
    {
        const string variable = "TEXTGAN_TEST_KEY_OF_A_TEACHER";
        Environment.SetEnvironmentVariable(variable, "secret-4711");
        try
        {
            using var server = new ChatServer((_, _) => (401, """{"error":{"message":"no such key: secret-4711"}}"""));
            using var teacher = TeacherOf(server, change: options => options with { KeyVariable = variable });
            var message = Assert.Throws<RunFailedException>(() => teacher.Answer(["a"]))!.Message;
            Assert.That(message, Does.Contain("status 401").And.Contain("no such key: ***").And.Not.Contain("4711"));
            Assert.That(server.Requests.Single().Key, Is.EqualTo("Bearer secret-4711"));
            Environment.SetEnvironmentVariable(variable, "two\nlines");
            Assert.That(() => TeacherOf(server, change: options => options with { KeyVariable = variable }),
                Throws.TypeOf<InvalidInputException>().With.Message.EndsWith("has characters that no key has."));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
        using var other = ChatServer.Saying(_ => "");
        Assert.That(() => TeacherOf(other, change: options => options with { KeyVariable = variable }),
            Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
                $"{variable}: the environment variable is not set, or empty; it must hold the teacher's key."));
    }

    static readonly (TeacherText, TeacherText)[] pairs =
        [(new("good", "why"), new("bad", "why")), (new("bad"), new("good")), (new("bad"), new("bad too"))];

    /// <summary>Which of the two texts has the word, as a reply.</summary>
    static string Better(string question) => question.Split("\n\nB:\n") is [var a, var b]
        ? (a.Contains("good"), b.Contains("good")) switch { (true, false) => "A", (false, true) => "**B**.", _ => "A" } : "?";

    [Test]
    public void The_better_text_is_named_in_both_orders()
    {
        using var server = ChatServer.Saying(Better);
        using var teacher = TeacherOf(server);
        Assert.That(teacher.Prefer(pairs), Is.EqualTo(new[] { 1, 0, 0.5 }), "of two equal ones it names the first each time");
        Assert.That(server.Requests, Has.Count.EqualTo(6));
        Assert.That(server.Requests.Select(one => (string?)one.Body["messages"]![0]!["content"]), Has.Some.EqualTo(
            "Which of these two texts is better?\n\nPrompt:\nwhy\n\nA:\ngood\n\nB:\nbad\n\nReply with one letter: A or B."));
    }

    [TestCase("A"), TestCase("B")]
    public void One_that_always_names_a_place_prefers_nothing(string place)
    {
        using var server = ChatServer.Saying(_ => place);
        using var teacher = TeacherOf(server);
        Assert.That(teacher.Prefer(pairs), Is.All.EqualTo(0.5));
        Assert.That(((ChatTeacher)teacher).NotUnderstood, Is.Zero);
    }

    [Test]
    public void Other_replies_are_ties_and_counted()
    {
        var said = new List<string>();
        using var server = ChatServer.Saying(question => question.Contains("too") ? "Both are fine.\u001b[31m" : Better(question));
        using var teacher = TeacherOf(server, say: said.Add);
        Assert.That(teacher.Prefer(pairs), Is.EqualTo(new[] { 1, 0, 0.5 }));
        Assert.That(((ChatTeacher)teacher).NotUnderstood, Is.EqualTo(2));
        Assert.That(said.Single(),
            Does.StartWith("2 replies of 6 of the teacher 'm' are not what was asked for, such as \"Both are fine."));
        Assert.That(said.Single(), Does.Not.Contain("\u001b"));
    }

    [Test]
    public void Labels_are_replies_to_the_question()
    {
        using var server = ChatServer.Saying(question =>
            question.Contains("dog") ? "Yes." : question.Contains("cat") ? "no" : "Yes and no");
        using var teacher = TeacherOf(server, change: options => options with { Question = "Is it about animals that bark?" });
        Assert.That(teacher.Label([new("a dog"), new("a cat"), new("a bird")]), Is.EqualTo(new[] { true, false, false }));
        Assert.That(((ChatTeacher)teacher).NotUnderstood, Is.EqualTo(1));
        Assert.That(new ChatTeacherOptions().CanLabel, Is.False);
    }
}
