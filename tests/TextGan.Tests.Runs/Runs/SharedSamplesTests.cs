using TextGan.Tests.Cli;
using TextGan.Tests.Generators.Pretrained;
using TextGan.Tests.Tokenization.ByteLevel;

namespace TextGan.Tests.Runs;

/// <summary>Texts that data sets draw from a model are drawn once, and not at all where nothing is trained.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SharedSamplesTests : IDisposable
{
    const string Experiments = """
        {
          "defaults": {
            "device": "cpu", "threads": 1, "length": 12,
            "data": {
              "reference": { "kind": "samples", "model": "model", "count": 120, "heldOut": 40 },
              "property": { "kind": "labelled", "data": "reference", "rule": { "kind": "regex", "pattern": "[a-e]" } }
            },
            "tokenizer": { "kind": "pretrained", "path": "model" },
            "generator": { "kind": "pretrained", "path": "model" },
            "discriminators": [
              { "name": "property", "kind": "bag", "data": "property", "embedding": 4, "hidden": 4,
                "opponents": { "generated": 0, "rejected": 1 } }
            ],
            "training": { "iterations": 1, "batch": 4 },
            "evaluation": { "samples": 4, "metrics": [ { "kind": "unique-prefixes", "data": "property" } ] }
          },
          "experiments": [
            { "name": "first" },
            { "name": "second", "data": { "property": { "rule": { "kind": "regex", "pattern": "[f-k]" } } } }
          ]
        }
        """;

    readonly Workplace place = new(Experiments);

    public SharedSamplesTests()
    {
        var tokenizer = TinyTokenizer.Gpt2();
        var size = tokenizer["added_tokens"]!.AsArray().Max(token => token!["id"]!.GetValue<int>()) + 4;
        var config = TinyModel.With(TinyModel.Gpt2, "vocab_size", $"{size}");
        foreach (var key in (string[])["bos_token_id", "eos_token_id"]) config = TinyModel.With(config, key, $"{size - 4}");
        TinyModel.Write(place.At("model"), config);
        File.WriteAllText(place.At("model", "tokenizer.json"), tokenizer.ToJsonString());
        File.WriteAllText(place.At("model", "tokenizer_config.json"), """{ "tokenizer_class": "PreTrainedTokenizerFast" }""");
    }

    public void Dispose() => place.Dispose();

    /// <summary>What a command says.</summary>
    string Do(params string[] arguments)
    {
        var run = CommandRun.In(place.Folder, null, arguments);
        Assert.That(run.Code, Is.Zero, run.Error + run.Output);
        return run.Output + run.Error;
    }

    static int Taken(string said) => said.Split("data 'reference': drawn by an earlier run (same settings)").Length - 1;

    [Test]
    public void A_second_experiment_and_a_later_command_take_them_and_a_damaged_file_is_replaced()
    {
        Assert.That(Taken(Do("run")), Is.EqualTo(1), "the second experiment, whose labels differ");
        Assert.That(Taken(Do("run", "--only", "second", "--runs", "alone")), Is.Zero);
        RunTrace.AssertSame(place.At("runs", "second", "1"), place.At("alone", "second", "1"));

        Assert.That(Taken(Do("run", "--only", "first", "--set", "training.batch=3", "--restart")), Is.EqualTo(1));
        var file = Directory.GetFiles(place.At("runs", "shared"), "ids.safetensors", SearchOption.AllDirectories).Single();
        var whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..^9]);
        Assert.That(Taken(Do("run", "--only", "second", "--restart")), Is.Zero);
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(whole));
        RunTrace.AssertSame(place.At("runs", "second", "1"), place.At("alone", "second", "1"));

        Assert.That(Taken(Do("run", "--only", "first", "--set", "data.reference.seed=2", "--restart")), Is.Zero);
    }

    [Test]
    public void Validate_draws_nothing_and_says_so()
    {
        var said = Do("validate");
        Assert.That(said, Does.Contain("first: data 'reference': 120 texts of at most 12 tokens and 40 held out, not drawn yet from "));
        Assert.That(said, Does.Contain("second: data 'property': texts of 'reference', split by the rule once they are drawn"));
        Assert.That(said, Does.Not.Contain("exactly 12 tokens"), "what is found about texts that stand in for others");
        Assert.That(said, Does.Contain("2 experiments, no problems."));
        Assert.That(Directory.Exists(place.At("runs")), Is.False);
    }
}
