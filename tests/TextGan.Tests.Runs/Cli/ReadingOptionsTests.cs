using System.Text.Json.Nodes;

namespace TextGan.Tests.Cli;

/// <summary>No command runs a plug-in's code, or reads an environment variable, before the user allows it.</summary>
public class ReadingOptionsTests
{
    static string PluginFolder => Path.Combine(Repository.Root, "experiments", "custom-discriminator", "bin");

    static Workplace Place(params string[] plugins)
    {
        var experiments = JsonNode.Parse(Workplace.Experiments)!;
        experiments["defaults"]!["plugins"] = new JsonArray([.. plugins.Select(plugin => JsonValue.Create(plugin))]);
        return new Workplace(experiments.ToJsonString());
    }

    static Workplace Place() => Place(Path.Combine(PluginFolder, "CustomDiscriminator.dll"));

    static readonly string[][] readers =
    [
        ["validate"], ["list"], ["run"], ["list", "--kinds", "--plugins-of", "experiments.json"],
        ["describe", "repetition", "--plugins-of", "experiments.json"], ["schema", "-o", "-", "--plugins-of", "experiments.json"],
    ];

    [TestCaseSource(nameof(readers))]
    public void Every_command_that_reads_an_experiment_refuses_and_says_what_to_type(params string[] command)
    {
        using var place = Place();
        var result = CommandRun.In(place.Folder, null, command);
        Assert.That((result.Code, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1));
        Assert.That(result.Error, Does.Contain("$.defaults.plugins[0]: the plug-in \"")
            .And.Contain("would run code with your rights. If you trust it, add --allow-plugins to the command, or --plugin-folder " +
                "FOLDER "));
    }

    [TestCaseSource(nameof(readers))]
    public void Every_command_that_reads_an_experiment_takes_both_options(params string[] command)
    {
        if (command[0] == "run") command = [.. command, "--only", "first"];
        using var place = Place();
        Assert.That(CommandRun.In(place.Folder, (_, _, _, _) => [], [.. command, "--allow-plugins"]),
            Has.Property("Code").EqualTo(0).And.Property("Error").Empty);
        Assert.That(CommandRun.In(place.Folder, (_, _, _, _) => [], [.. command, "--plugin-folder", PluginFolder]),
            Has.Property("Code").EqualTo(0).And.Property("Error").Empty);
        Assert.That(CommandRun.In(place.Folder, (_, _, _, _) => [], [.. command, "--plugin-folder", place.Folder]),
            Has.Property("Code").EqualTo(2));
    }

    [Test]
    public void A_folder_is_trusted_by_where_a_file_is_and_not_by_how_it_is_spelt()
    {
        using var place = Place(
            Path.Combine(PluginFolder, "..", "bin-of-another", "..", "..", "custom-discriminator", "bin", "CustomDiscriminator.dll"),
            "trusted/../mine.dll", "trustedness/x.dll");
        Directory.CreateDirectory(place.At("trusted"));
        var result = CommandRun.In(place.Folder, null, "validate", "--plugin-folder", "trusted", "--plugin-folder", PluginFolder);
        Assert.That(result.Code, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain("the plug-ins \"trusted/../mine.dll\", \"trustedness/x.dll\" would run code"));
    }

    [Test]
    public void A_folder_that_is_not_there_is_refused()
    {
        using var place = Place();
        Assert.That(CommandRun.In(place.Folder, null, "validate", "--plugin-folder", "trsuted").Error,
            Is.EqualTo("--plugin-folder: the folder 'trsuted' does not exist.\n"));
        Assert.That(CommandRun.In(place.Folder, null, "validate", "--plugin-folder", "sentences.txt").Error,
            Is.EqualTo("--plugin-folder: 'sentences.txt' is a file; a folder is needed.\n"));
    }

    static Workplace PlaceWithVariable(string name)
    {
        var experiments = JsonNode.Parse(Workplace.Experiments)!;
        experiments["defaults"]!["data"]!["sentences"]!["path"] = $"${{{name}}}/sentences.txt";
        return new Workplace(experiments.ToJsonString());
    }

    [TestCase("validate")]
    [TestCase("list")]
    [TestCase("run --only first")]
    public void Commands_that_read_an_experiment_take_the_names_of_variables(string command)
    {
        using var place = PlaceWithVariable("PLACE");
        CommandRun With(params string[] more) =>
            CommandRun.With(place.Folder, (_, _, _, _) => [], name => name == "PLACE" ? place.Folder
            : null, [.. command.Split(' '), .. more]);
        Assert.That(With(), Has.Property("Code").EqualTo(2).And.Property("Error").Contains("add --env PLACE to the command"));
        Assert.That(With("--env", "OTHER", "--env", "PLACE"), Has.Property("Code").EqualTo(0).And.Property("Error").Empty);
        Assert.That(With("--env", "PLACE=1"),
            Is.EqualTo(new CommandRun(
            2, "", "--env: 'PLACE=1' is not a name of an environment variable; names have letters, digits and '_'.\n")));
    }

    [Test]
    public void Kinds_are_listed_without_the_variables()
    {
        using var place = PlaceWithVariable("PLACE");
        Assert.That(CommandRun.In(place.Folder, null, "list", "--kinds", "--plugins-of", "experiments.json").Code, Is.Zero);
    }

    [Test]
    public void A_run_keeps_and_shows_the_name_and_is_sampled_without_the_variable()
    {
        using var place = PlaceWithVariable("TEXTGAN_PLACE");
        var data = Path.Combine(place.Folder, "here");
        Directory.CreateDirectory(data);
        File.Move(place.At("sentences.txt"), Path.Combine(data, "sentences.txt"));
        var run = CommandRun.With(place.Folder, null, name => name == "TEXTGAN_PLACE" ? data : null, "run", "--only", "first");
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain("8 texts from ${TEXTGAN_PLACE}/sentences.txt").And.Not.Contain(data));
        Assert.That(File.ReadAllText(place.At("runs", "first", "1", "config.json")),
            Does.Contain("\"${TEXTGAN_PLACE}/sentences.txt\"").And.Not.Contain(data));
        Directory.Move(place.At("runs", "first", "1"), place.At("moved"));
        Directory.Delete(data, recursive: true);
        Assert.That(CommandRun.In(place.Folder, null, "sample", "moved", "-n", "2"),
            Has.Property("Code").EqualTo(0).And.Property("Error").Empty);
    }

    [Test]
    public void A_sampled_run_says_which_variable_its_tokenizer_needs()
    {
        using var place = Place();
        Directory.CreateDirectory(place.At("run"));
        var config = JsonNode.Parse(Workplace.Experiments)!["defaults"]!.DeepClone();
        config["name"] = "stored";
        config["tokenizer"] = new JsonObject { ["kind"] = "sentencepiece", ["model"] = "${PLACE}/tokenizer.model" };
        File.WriteAllText(place.At("run", "config.json"), config.ToJsonString());
        Assert.That(CommandRun.In(place.Folder, null, "sample", "run").Error,
            Does.Contain("${PLACE}/tokenizer.model: The file does not exist. The environment variable 'PLACE' is not read: "));
        var allowed = CommandRun.With(place.Folder, null, name => name == "PLACE" ? place.Folder : null, "sample", "run", "--env", "PLACE");
        Assert.That(allowed.Error, Is.EqualTo("${PLACE}/tokenizer.model: The file does not exist.\n"));
    }

    [Test]
    public void A_stored_run_with_a_plug_in_is_sampled_only_with_leave()
    {
        using var place = Place();
        Directory.CreateDirectory(place.At("run"));
        var config = JsonNode.Parse(Workplace.Experiments)!["defaults"]!.DeepClone();
        config["name"] = "stored";
        config["plugins"] = new JsonArray("mine.dll");
        File.WriteAllText(place.At("run", "config.json"), config.ToJsonString());
        var refused = CommandRun.In(place.Folder, null, "sample", "run");
        Assert.That(refused.Code, Is.EqualTo(2));
        Assert.That(refused.Error, Does.Contain("--allow-plugins"));
        Assert.That(CommandRun.In(place.Folder, null, "sample", "run", "--allow-plugins").Error, Does.Contain("the plug-in is not there"));
    }
}
