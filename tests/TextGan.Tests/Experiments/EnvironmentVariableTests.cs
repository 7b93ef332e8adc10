using System.Text.Json.Nodes;
using TextGan.Data;
using TextGan.Data.Oracle;
using TextGan.Experiments.Reading;
using TextGan.Runs;
using TextGan.Storage;

namespace TextGan.Tests.Experiments;

/// <summary>
/// What a variable holds is for opening files: it comes into nothing that is stored or shown, and a stranger's file cannot ask for what it
/// likes.
/// </summary>
public sealed class EnvironmentVariableTests : IDisposable
{
    readonly ExperimentFolder folder = new();

    string Root => Path.GetDirectoryName(folder["texts.txt"])!;

    public void Dispose() => folder.Dispose();

    ReadingSettings Settings(params string[] allowed) => new()
    {
        AllowedVariables = allowed,
        EnvironmentVariable = name => name is "TEXTGAN_FOLDER" or "SECRET" ? Root : name == "TEXTGAN_EMPTY" ? "" : null,
    };

    static string With(Action<JsonObject> change) => ExperimentFolder.Changed(change).ToJsonString();

    static string WithPath(string path) => With(experiment => experiment["data"]!["texts"]!["path"] = path);

    [Test]
    public void They_stand_in_paths_and_stay_written_in_what_is_stored()
    {
        var read = folder.One(With(experiment =>
        {
            experiment["data"]!["texts"]!["path"] = "${TEXTGAN_FOLDER}/texts.txt";
            experiment["data"]!["texts"]!["heldOut"] = 0;
            experiment["data"]!["texts"]!["heldOutPath"] = "${SECRET}/texts.txt";
            experiment["data"]!["pairs"]!["path"] = "${TEXTGAN_NOWHERE:-pairs.jsonl}";
            experiment["description"] = "costs $${FOLDER} and $5";
        }), Settings("SECRET"));
        var texts = (TextDataOptions)read.Options.Data["texts"];
        Assert.That((texts.Path, texts.HeldOutPath), Is.EqualTo((Root + "/texts.txt", Root + "/texts.txt")));
        Assert.That(((PreferenceDataOptions)read.Options.Data["pairs"]).Path, Is.EqualTo("pairs.jsonl"));
        Assert.That(read.Options.Description, Is.EqualTo("costs ${FOLDER} and $5"));

        var stored = read.Resolved["data"]!;
        Assert.That(stored["texts"]!["path"]!.GetValue<string>(), Is.EqualTo("${TEXTGAN_FOLDER}/texts.txt"));
        Assert.That(stored["texts"]!["heldOutPath"]!.GetValue<string>(), Is.EqualTo("${SECRET}/texts.txt"));
        Assert.That(stored["pairs"]!["path"]!.GetValue<string>(), Is.EqualTo("${TEXTGAN_NOWHERE:-pairs.jsonl}"));

        var config = folder.Write("runs/valid/1/config.json", read.ToJson());
        var again = ExperimentFile.ReadConfig(config, Settings("SECRET"));
        Assert.That(((TextDataOptions)again.Options.Data["texts"]).Path, Is.EqualTo(texts.Path));
        Assert.That(again.ToJson(), Is.EqualTo(read.ToJson()));
        Assert.That(ExperimentFile.ReadConfig(config, new ReadingSettings { EnvironmentVariable = _ => null }).ToJson(),
            Is.EqualTo(read.ToJson()), "readable without the variables");
    }

    [Test]
    public void A_base_folder_keeps_its_variable()
    {
        var read = folder.One(With(experiment => experiment["$base"] = "${TEXTGAN_FOLDER}"), Settings());
        Assert.That(read.BaseFolder, Is.EqualTo(Root));
        Assert.That(read.ToJson(), Does.Not.Contain(Root));
        Assert.That(ExperimentFile.ReadConfig(folder.Write("runs/valid/1/config.json", read.ToJson()), Settings()).BaseFolder,
            Is.EqualTo(Root));
        Assert.That(folder.Problems(
            With(experiment => (experiment["$base"], experiment["data"]!["texts"]!["path"]) = ("${TEXTGAN_FOLDER}", "text.txt")),
            Settings()).Single(),
            Is.EqualTo("experiment.json:1: $.data.texts.path: the file '${TEXTGAN_FOLDER}/text.txt' is not there; did you mean " +
                "'texts.txt'?"));
    }

    [TestCase("description")]
    [TestCase("device")]
    [TestCase("name")]
    public void Texts_that_are_no_paths_cannot_have_them(string key) =>
        Assert.That(folder.Problems(With(experiment => experiment[key] = "a ${TEXTGAN_FOLDER} b"), Settings()), Has.Some.EqualTo(
            $"experiment.json:1: $.{key}: \"${{TEXTGAN_FOLDER}}\" is in a text that is not a path; environment variables are allowed " +
            $"only in paths of files and folders. " +
            "Write $${ for the characters ${ themselves."));

    /// <summary>What holds no texts out because its path cannot be read is not said to hold none out.</summary>
    [Test]
    public void A_path_that_cannot_be_read_is_one_problem() => Assert.That(folder.Problems(With(experiment =>
    {
        var texts = experiment["data"]!["texts"]!.AsObject();
        texts.Remove("heldOut");
        texts["heldOutPath"] = "${TEXTGAN_EMPTY}/held-out.txt";
        experiment["pretraining"]!["patience"] = 2;
    }), Settings()), Has.Length.EqualTo(1).And.All.Contains("'TEXTGAN_EMPTY' is not set"));

    [Test]
    public void Kinds_and_names_within_parts_cannot_have_them()
    {
        var problems = folder.Problems(With(experiment =>
        {
            experiment["generator"]!["kind"] = "${TEXTGAN_FOLDER}";
            experiment["discriminators"]![0]!["name"] = "${TEXTGAN_FOLDER:-x}";
        }), Settings());
        Assert.That(problems, Has.Length.EqualTo(2).And.All.Contains("not a path"));
    }

    [Test]
    public void Only_those_of_the_program_and_those_that_the_user_names_are_read()
    {
        string Problem(string path, params string[] allowed) => folder.Problems(WithPath(path), Settings(allowed)).Single();
        const string place = "experiment.json:1: $.data.texts.path: ";
        Assert.That(Problem("${SECRET}/texts.txt"), Is.EqualTo(
            place + "the environment variable 'SECRET' is not read: paths may have those that begin with TEXTGAN_; to allow it, add " +
                "--env SECRET to the command."));
        Assert.That(Problem("${SECRET:-.}/texts.txt"), Does.Contain("'SECRET' is not read"),
            "whether it is set is not for the file to know");
        Assert.That(Problem("${textgan_folder}/texts.txt", "SECRET"), Does.Contain("'textgan_folder' is not read"));
        Assert.That(Problem("${TEXTGAN_EMPTY}/x"),
            Is.EqualTo(place + "the environment variable 'TEXTGAN_EMPTY' is not set, or empty; set it, or give a default: " +
                "${TEXTGAN_EMPTY:-...}."));
        Assert.That(Problem("${1}"), Does.Contain("begins no reference"));
        Assert.That(((TextDataOptions)folder.One(WithPath("${SECRET}/texts.txt"), Settings("SECRET")).Options.Data["texts"]).Path,
            Is.EqualTo(Root + "/texts.txt"));
    }

    [Test]
    public void Edits_follow_the_same_rule()
    {
        var settings = Settings() with { Edits = ["data.texts.path=${TEXTGAN_FOLDER}/texts.txt"] };
        var read = folder.One(ExperimentFolder.Valid, settings);
        Assert.That(((TextDataOptions)read.Options.Data["texts"]).Path, Is.EqualTo(Root + "/texts.txt"));
        Assert.That(read.Resolved["data"]!["texts"]!["path"]!.GetValue<string>(), Is.EqualTo("${TEXTGAN_FOLDER}/texts.txt"));
        Assert.That(folder.Problems(ExperimentFolder.Valid, settings with { Edits = ["description=${TEXTGAN_FOLDER}"] }).Single(),
            Does.StartWith("--set description: $.description: ").And.Contain("not a path"));
    }

    [TestCase("${TEXTGAN_FOLDER}/text.txt", "the file '${TEXTGAN_FOLDER}/text.txt' is not there; did you mean 'texts.txt'?")]
    [TestCase("${TEXTGAN_FOLDER}/no/text.txt",
        "the file '${TEXTGAN_FOLDER}/no/text.txt' is not there, nor is its folder '${TEXTGAN_FOLDER}/no'.")]
    [TestCase("${TEXTGAN_NOWHERE:-/no/where}/text.txt",
        "the file '${TEXTGAN_NOWHERE:-/no/where}/text.txt' is not there, nor is its folder '${TEXTGAN_NOWHERE:-/no/where}'.")]
    public void A_missing_file_is_named_as_it_was_written(string path, string problem) =>
        Assert.That(folder.Problems(WithPath(path), Settings()).Single(), Is.EqualTo("experiment.json:1: $.data.texts.path: " + problem));

    [Test]
    public void A_listed_file_is_named_as_it_was_written()
    {
        Assert.That(folder.Problems("""{ "experiments": ["${TEXTGAN_FOLDER}/no/x.json"] }""", Settings()).Single(),
            Does.Not.Contain(Root).And.Contain("'${TEXTGAN_FOLDER}/no/x.json'"));
        folder.Write("x.json", "{ \"name\": 1 }");
        Assert.That(folder.Problems("""{ "experiments": ["${TEXTGAN_FOLDER}/x.json"] }""", Settings()),
            Is.Not.Empty.And.All.StartsWith("${TEXTGAN_FOLDER}/x.json:1: "));
    }

    [Test]
    public void A_plug_in_is_named_as_it_was_written()
    {
        var json = With(experiment => experiment["plugins"] = new JsonArray("${TEXTGAN_FOLDER}/mine.dll"));
        Assert.That(folder.Problems(json, Settings()).Single(), Does.Contain("\"${TEXTGAN_FOLDER}/mine.dll\" would run code"));
        Assert.That(folder.Problems(json, Settings() with { Plugins = PluginPolicy.Allow }).Single(),
            Does.Contain("(${TEXTGAN_FOLDER}/mine.dll)"));
    }

    [Test]
    public void Loading_tells_of_files_as_they_were_written()
    {
        var said = Load(WithPath("${TEXTGAN_FOLDER}/texts.txt"));
        Assert.That(said, Has.Some.StartsWith("data 'texts': ").And.All.Not.Contain(Root + "/texts.txt"));
        Assert.That(said, Has.Some.Contains(" from ${TEXTGAN_FOLDER}/texts.txt"));
        folder.Write("broken.txt", "a\n\0\n");
        Assert.That(Assert.Throws<InvalidInputException>(() => Load(WithPath("${TEXTGAN_FOLDER}/broken.txt")))!.Message,
            Does.StartWith("${TEXTGAN_FOLDER}/broken.txt:2: "));

        List<string> Load(string json)
        {
            var messages = new List<string>();
            var experiment = folder.One(json, Settings());
            var (fingerprint, hashes) = (RunFingerprint.Of(experiment, new ContentHashes()), new ContentHashes());
            using var shared = new SharedMaterials([fingerprint], hashes, messages.Add);
            shared.Load(fingerprint);
            return messages;
        }
    }

    [Test]
    public void Oracle_weights_are_named_as_they_were_written()
    {
        folder.Write("weights.npz", "none");
        var experiment = folder.One(
            With(experiment => experiment["data"]!["oracle"] =
            new JsonObject { ["kind"] = "oracle-lstm", ["path"] = "${TEXTGAN_FOLDER}/weights.npz" }), Settings());
        Assert.That(((OracleLstmDataOptions)experiment.Options.Data["oracle"]).Path, Is.EqualTo(Root + "/weights.npz"));
        var (fingerprint, hashes) = (RunFingerprint.Of(experiment, new ContentHashes()), new ContentHashes());
        using var shared = new SharedMaterials([fingerprint], hashes, _ => { });
        Assert.That(Assert.Throws<InvalidInputException>(() => shared.Load(fingerprint))!.Message,
            Does.StartWith("${TEXTGAN_FOLDER}/weights.npz: "));
    }
}
