using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Tests.Experiments;
using TextGan.Tests.Tokenization;
using TextGan.Training;

namespace TextGan.Tests.Cli;

/// <summary>Files that change between two commands: a run is what it read, not what its files are called.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ChangedFilesTests : IDisposable
{
    const string Defaults = """
        "length": 8, "threads": 1,
        "data": {
          "texts": { "kind": "text", "path": "texts.txt", "heldOutPath": "held-out.txt" },
          "pairs": { "kind": "preferences", "path": "pairs.jsonl" }
        },
        "tokenizer": { "kind": "bpe", "vocabularyFile": "vocab.json", "mergesFile": "merges.txt" },
        "generator": { "kind": "lstm", "embedding": 8, "hidden": 8 },
        "pretraining": { "data": "texts", "epochs": 1, "batch": 4 },
        "discriminators": [
          { "name": "better", "kind": "cnn", "data": "pairs", "embedding": 4, "widths": [2], "filters": [4], "pretrainingSteps": 2,
            "opponents": { "rejected": 1 } }
        ],
        "training": { "iterations": 2, "batch": 4 },
        "evaluation": { "every": 2, "samples": 4, "metrics": [ { "kind": "nll", "data": "texts" } ] }
        """;

    readonly Workplace place = new($$"""{ "defaults": { {{Defaults}} }, "experiments": [ """ +
        """{ "name": "first" }, { "name": "second", "training": { "iterations": 3 } } ] }""");

    public ChangedFilesTests()
    {
        Write("texts.txt", string.Concat(Enumerable.Repeat("hello hell\nhell\n", 4)));
        Write("held-out.txt", "hello\n");
        Write("pairs.jsonl", string.Concat(Enumerable.Repeat("""{"chosen":"hello","rejected":"hell"}""" + "\n", 4)));
        Write("vocab.json", JsonSerializer.Serialize(SmallBpe.Vocabulary()));
        Write("merges.txt", SmallBpe.Merges);
    }

    public void Dispose() => place.Dispose();

    void Write(string name, string text) => File.WriteAllText(place.At(name), text);

    void Change(string name, Func<string, string> change) => Write(name, change(File.ReadAllText(place.At(name))));

    CommandRun Run(params string[] arguments) => CommandRun.In(place.Folder, null, ["run", .. arguments]);

    string Good(params string[] arguments)
    {
        var run = Run(arguments);
        Assert.That(run.Code, Is.Zero, run.Error + run.Output);
        return run.Output;
    }

    RunFolder Folder(string name) => RunFolder.Of(place.At("runs"), name, 1);

    /// <summary>As an interruption leaves it.</summary>
    void Interrupt(string name) => File.Delete(Folder(name).Outcome);

    static double HeldOutLoss(RunFolder folder) => File.ReadLines(folder.Metrics).Select(MetricLine.Parse)
        .Last(line => line.Phase == "pretraining" && line.Values.ContainsKey("metric/nll-texts")).Values["metric/nll-texts"];

    [Test]
    public void Another_experiment_trains_on_the_files_as_they_are_now()
    {
        Good("--only", "first");
        Change("texts.txt", text => text.Replace("hello", "wwww", StringComparison.Ordinal));
        Change("held-out.txt", text => text.Replace("hello", "wwww", StringComparison.Ordinal));
        // The first one is in the way, as it read something else; nothing is trained beside it.
        var both = Run();
        Assert.That((both.Code, both.Error),
            Is.EqualTo((2, Rejected("first", "data.texts.path: 'texts.txt' is not what the run read",
            "data.texts.heldOutPath: 'held-out.txt' is not what the run read"))));
        Assert.That(File.Exists(Folder("second").Metrics), Is.False);
        Assert.That(Good("--only", "second"), Does.Not.Contain("taken from"));
        Good("--only", "second", "--runs", "alone");
        Assert.That(HeldOutLoss(Folder("second")),
            Is.EqualTo(HeldOutLoss(RunFolder.Of(place.At("alone"), "second", 1))).And.Not.EqualTo(HeldOutLoss(Folder("first"))));
    }

    string Rejected(string name, params string[] differences) =>
        $"{Folder(name).Root}: holds a run of another configuration or of other files ({string.Join("; ", differences)}). " +
        $"Start it over with --restart --only {name}, which deletes that run's files, or give the experiment another name, or choose " +
        $"another folder with --runs.\n";

    [TestCase("texts.txt", "data.texts.path", false)]
    [TestCase("texts.txt", "data.texts.path", true)]
    [TestCase("held-out.txt", "data.texts.heldOutPath", true)]
    [TestCase("pairs.jsonl", "data.pairs.path", false)]
    [TestCase("pairs.jsonl", "data.pairs.path", true)]
    [TestCase("merges.txt", "tokenizer.mergesFile", false)]
    [TestCase("vocab.json", "tokenizer.vocabularyFile", true)]
    public void A_run_whose_files_have_changed_is_neither_resumed_nor_taken_as_finished(string file, string option, bool finished)
    {
        Good("--only", "first");
        if (!finished) Interrupt("first");
        Change(file, text => file switch
        {
            "pairs.jsonl" => text.Replace("chosen", "x", StringComparison.Ordinal).Replace("rejected", "chosen", StringComparison.Ordinal)
                .Replace("\"x\"", "\"rejected\"", StringComparison.Ordinal),
            "merges.txt" => text.Replace("Ġ hello\n", "", StringComparison.Ordinal),
            "vocab.json" => text + "\n",
            _ => text + "hell\n",
        });
        var again = Run("--only", "first");
        Assert.That((again.Code, again.Error), Is.EqualTo((2, Rejected("first", $"{option}: '{file}' is not what the run read"))));
        Good("--only", "first", "--restart");
        Assert.That(Good("--only", "first"), Does.Contain("finished by an earlier command"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_run_whose_plug_in_has_changed_is_neither_resumed_nor_taken_as_finished(bool finished)
    {
        var plugin = Path.Combine(ExperimentFolder.Repository, "experiments", "custom-discriminator", "bin", "CustomDiscriminator.dll");
        File.Copy(plugin, place.At("judge.dll"));
        string[] command = ["--only", "first", "--allow-plugins", "--set", "plugins=[\"judge.dll\"]", "--set",
            "discriminators=[{\"name\":\"own\",\"kind\":\"repetition\",\"data\":\"texts\"}]"];
        Good(command);
        Assert.That(Good(command), Does.Contain("finished by an earlier command"));
        if (!finished) Interrupt("first");
        // In place of the old file, which is loaded still; bytes after its end change nothing about what the assembly does.
        Write("judge.new", "");
        File.WriteAllBytes(place.At("judge.new"), [.. File.ReadAllBytes(plugin), 0]);
        File.Move(place.At("judge.new"), place.At("judge.dll"), overwrite: true);
        var again = Run(command);
        Assert.That((again.Code, again.Error), Is.EqualTo((2, Rejected("first", "plugins[0]: 'judge.dll' is not what the run read"))));
    }

    [Test]
    public void Equal_content_is_the_same_run_wherever_it_lies()
    {
        Good("--only", "first");
        File.Move(place.At("texts.txt"), place.At("moved.txt"));
        Assert.That(Good("--only", "first", "--set", "data.texts.path=moved.txt"), Does.Contain("finished by an earlier command"));
        Directory.CreateDirectory(place.At("elsewhere"));
        foreach (var name in (string[])["experiments.json", "moved.txt", "held-out.txt", "pairs.jsonl", "vocab.json", "merges.txt", "runs"])
            Directory.Move(place.At(name), place.At("elsewhere", name));
        var moved = CommandRun.In(place.At("elsewhere"), null, "run", "--only", "first", "--set",
            $"data.texts.path={place.At("elsewhere", "moved.txt")}");
        Assert.That(moved.Output, Does.Contain("finished by an earlier command"), moved.Error);
    }

    [Test]
    public void Experiments_share_what_they_read_whatever_the_files_are_called()
    {
        File.Copy(place.At("texts.txt"), place.At("copy.txt"));
        Good("--only", "first");
        var output = Good("--set", "data.texts.path=copy.txt");
        Assert.That(output, Does.Contain("pretraining: taken from 'first' (same settings and seed)"));
    }

    [Test]
    public void A_run_of_before_there_were_checksums_is_not_taken_as_the_same()
    {
        Good("--only", "first");
        File.Delete(Path.Combine(Folder("first").Root, "fingerprint.json"));
        var again = Run("--only", "first");
        Assert.That((again.Code, again.Error),
            Is.EqualTo((2, Rejected(
            "first", "an earlier version made it and kept no checksums of its files, so whether they are the same cannot be told"))));
        File.WriteAllText(Path.Combine(Folder("first").Root, "fingerprint.json"), "{\"$.data");
        Assert.That(Run("--only", "first").Error, Is.EqualTo(Rejected("first", "its fingerprint.json is damaged")));
    }

    [Test]
    public void A_run_folder_that_was_moved_has_its_tokenizer_with_it()
    {
        Good("--only", "first");
        CommandRun Sample(string run) =>
            CommandRun.In(place.Folder, null, "sample", run, "--temperature", "0", "-n", "1", "--prompt", "hello");
        var before = Sample("runs/first/1");
        Assert.That((before.Code, before.Error), Is.EqualTo((0, "")));
        // Without its last merge the tokenizer gives other ids, and the model has not learnt what they mean.
        Change("merges.txt", text => text.Replace("Ġ hello\n", "", StringComparison.Ordinal)
            .Replace("hell o\n", "", StringComparison.Ordinal));
        Assert.That(Sample("runs/first/1"), Is.EqualTo(before with
        {
            Error = $"warning: {place.At("merges.txt")} has changed since the run was made; the copy in the run folder is used\n",
        }));
        Directory.Move(place.At("runs"), place.At("moved"));
        foreach (var file in Directory.EnumerateFiles(place.Folder)) File.Delete(file);
        Assert.That(Sample("moved/first/1"), Is.EqualTo(before));

        var copy = Directory.EnumerateFiles(place.At("moved", "first", "1"), "merges.txt", SearchOption.AllDirectories).Single();
        File.AppendAllText(copy, "\n");
        Assert.That(Sample("moved/first/1"),
            Is.EqualTo(new CommandRun(
            2, "", $"{copy}: is not what the run was trained with: its checksum is not the one in fingerprint.json.\n")));
        File.Delete(copy);
        Assert.That(Sample("moved/first/1"), Is.EqualTo(new CommandRun(2, "", $"{place.At("merges.txt")}: The file does not exist.\n")));
    }

    [Test]
    public void The_environment_of_every_command_is_kept_and_another_one_is_said()
    {
        Good("--only", "first");
        var file = Folder("first").Environment;
        JsonObject Environment() => JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        var here = Environment()["textgan"]!.ToString();
        Assert.That(Environment()["history"]!.AsArray().Select(entry => entry!["textgan"]!.ToString()), Is.EqualTo(new[] { here }));

        File.WriteAllText(file, File.ReadAllText(file).Replace(here, "0.0.1+abc", StringComparison.Ordinal));
        Assert.That(Good("--only", "first"),
            Does.Contain($"finished by an earlier command, with the same configuration and files (textgan was 0.0.1+abc and is {here})"));
        Interrupt("first");
        Assert.That(Good("--only", "first", "--set", "threads=2"), Does.Contain(
            $"warning: textgan was 0.0.1+abc and is {here}, threads was 1 and is 2: the result may differ in its last bits from that of " +
            $"an uninterrupted run"));
        Assert.That(Environment()["history"]!.AsArray().Select(entry => (entry!["textgan"]!.ToString(), (int)entry["threads"]!)),
            Is.EqualTo(new[] { ("0.0.1+abc", 1), (here, 2) }));
        Assert.That(Environment()["history"]!.AsArray().Select(entry => (string?)entry!["resumedAt"]?["phase"]),
            Is.EqualTo(new[] { null, "adversarial" }), "where its last checkpoint is");
        Assert.That(((string)Environment()["textgan"]!, (int)Environment()["threads"]!), Is.EqualTo((here, 2)),
            "at the top: the last command's");

        // Its pretraining is not what this program would make, so others make their own.
        Assert.That(Good("--set", "threads=2"), Does.Not.Contain("taken from"));
        Good("--only", "first", "--restart");
        Assert.That(Environment()["history"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public void An_environment_file_of_an_earlier_version_or_a_damaged_one_is_history_too()
    {
        Good("--only", "first");
        Interrupt("first");
        File.WriteAllText(Folder("first").Environment, """{ "textgan": "0.0.1+abc", "device": "cpu", "threads": 1 }""");
        Assert.That(Good("--only", "first"), Does.Contain("warning: textgan was 0.0.1+abc and is "));
        Assert.That(JsonNode.Parse(File.ReadAllText(Folder("first").Environment))!["history"]!.AsArray(), Has.Count.EqualTo(2));
        Interrupt("first");
        File.WriteAllText(Folder("first").Environment, "{ \"history\": [");
        Assert.That(Good("--only", "first"), Does.Contain("warning: textgan was unknown and is "));
    }

    [Test]
    public void What_decides_nothing_may_change()
    {
        Good("--only", "first");
        Assert.That(Good("--only", "first", "--set", "description=new", "--seeds", "1,2", "--plots", "elsewhere"),
            Does.Contain("2 runs finished (1 by an earlier command)"));
    }

    [Test]
    public void A_pipe_cannot_be_recognised_and_is_rejected()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("needs /dev/zero");
        var run = Run("--only", "first", "--set", "data.texts.path=/dev/zero");
        Assert.That((run.Code, run.Error),
            Is.EqualTo((2, "/dev/zero: is not a regular file. A run can read regular files only, so that it can read them again and " +
                "recognise them.\n")));
    }
}
