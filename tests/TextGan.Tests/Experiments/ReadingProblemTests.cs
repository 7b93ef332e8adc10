using System.Text;
using System.Text.Json.Nodes;
using TextGan.Experiments.Reading;

namespace TextGan.Tests.Experiments;

/// <summary>The exact words of each refusal.</summary>
public sealed class ReadingProblemTests : IDisposable
{
    readonly ExperimentFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>The kinds of a family as messages list them; they grow with the library.</summary>
    static string Kinds(string family) =>
        Wording.List(KindRegistry.BuiltIn.Families.Single(one => one.Name == family).Kinds.Select(kind => kind.Name));

    [Test]
    public void Everything_that_is_wrong_is_reported_at_once_with_its_line()
    {
        var problems = folder.Problems("""
            {
              "name": "broken/name",
              "seeds": [1, 1, -2],
              "data": {
                "texts": { "kind": "text", "path": "missing.txt" },
                "pairs": { "kind": "prefrences", "path": "pairs.jsonl" }
              },
              "tokenizer": { "kind": "word", "vocabulary": 2 },
              "generator": { "kind": "lstm", "hidden": "64", "hiden": 8 },
              "length": 3.5,
              "length": 4,
              "pretraining": { "data": "txets" },
              "discriminators": [
                { "name": "a", "kind": "cnn", "data": "pairs", "loss": { "kind": "hinges" } },
                { "name": "a", "kind": "cnn", "data": "nowhere", "weight": -1 },
                { "kind": "lstm", "data": "texts", "loss": { } }
              ],
              "combiner": { "kind": "scheduled", "weights": { "b": 1 } },
              "training": { "itertions": 5, "batch": null },
              "evaluation": { "metrics": { "kind": "nll" } }
            }
            """);
        Assert.That(problems.Select(
            problem => System.Text.RegularExpressions.Regex.Replace(problem, "'[^']*missing.txt'", "'missing.txt'")), Is.EqualTo(new[]
        {
            "experiment.json:2: $.name: the name \"broken/name\" has the character '/'; allowed are letters (A-Z, a-z), digits, '-' and " +
            "'_' and '.'.",
            "experiment.json:3: $.seeds[1]: the seed 1 is given twice; each run needs its own.",
            "experiment.json:3: $.seeds[2]: the seed -2 is negative; seeds are from 0 to 2147483647.",
            "experiment.json:5: $.data.texts.path: the file 'missing.txt' is not there.",
            $"experiment.json:6: $.data.pairs.kind: the kind \"prefrences\" is unknown; a data set is one of {Kinds("data")}. Did you " +
            $"mean 'preferences'?",
            "experiment.json:8: $.tokenizer.vocabulary: 2 is out of range; expected a whole number from 3 to 10000000.",
            "experiment.json:9: $.generator.hidden: found the text \"64\", expected a whole number from 1 to 65536. Write it without " +
            "quotes: 64.",
            "experiment.json:9: $.generator.hiden: the key \"hiden\" is unknown; 'lstm' has 'embedding', 'hidden', 'layers', 'dropout', " +
            "'tieEmbeddings' and 'initialStandardDeviation'. Did you mean 'hidden'?",
            "experiment.json:10: $.length: 3.5 is not a whole number; expected a whole number from 1 to 65536.",
            "experiment.json:11: $.length: the key \"length\" is given twice in this object, first on line 10; keep one.",
            "experiment.json:12: $.pretraining.data: there is no data set \"txets\"; the experiment's 'data' has 'texts' and 'pairs'. " +
            "Did you mean 'texts'?",
            $"experiment.json:14: $.discriminators[0].loss.kind: the kind \"hinges\" is unknown; an adversarial loss is one of " +
            $"{Kinds("adversarial-loss")}. Did you mean 'hinge'?",
            "experiment.json:15: $.discriminators[1].weight: -1 is out of range; expected a number from 0 to 1000000.",
            "experiment.json:15: $.discriminators[1].name: the name 'a' is that of $.discriminators[0] too; each discriminator needs its " +
            "own.",
            "experiment.json:15: $.discriminators[1].data: there is no data set \"nowhere\"; the experiment's 'data' has 'texts' and " +
            "'pairs'.",
            $"experiment.json:16: $.discriminators[2].loss: the \"kind\" is missing; an adversarial loss is one of " +
            $"{Kinds("adversarial-loss")}.",
            "experiment.json:16: $.discriminators[2]: the key 'name' is missing; it must be given: text.",
            "experiment.json:18: $.combiner.weights.b: there is no term \"b\"; the objective's terms are 'a', 'entropy', 'likelihood', " +
            "'kl', 'distillation', 'mediator', 'manager' and 'intrinsic'.",
            "experiment.json:19: $.training.itertions: the key \"itertions\" is unknown; 'training' has 'iterations', 'batch', " +
            "'accumulate', 'generatorSteps', 'optimizer', 'clipGradient', 'weightAverage', 'logEvery', 'checkpointEvery', " +
            "'keepCheckpoints', 'keepBest' and 'conflict'. Did you mean 'iterations'?",
            "experiment.json:19: $.training.batch: null is not allowed here; expected a whole number from 1 to 1000000, or leave the key " +
            "out for the default.",
            "experiment.json:20: $.evaluation.metrics: found an object, expected a list of metrics (objects with a \"kind\"). Write it " +
            "in brackets, [ ], even where it is alone.",
        }));
    }

    static IEnumerable<TestCaseData> Slips()
    {
        yield return Slip("length", "99999999999999999999999999999999",
            "$.length: the number 99999999999999999999999999999999 is too large; expected a whole number from 1 to 65536.");
        yield return Slip("length", "3000000000", "$.length: 3000000000 is out of range; expected a whole number from 1 to 65536.");
        yield return Slip("seeds", "[3000000000]",
            "$.seeds[0]: 3000000000 is out of range; expected a whole number from -2147483648 to 2147483647.");
        yield return Slip("seeds", "[]", "$.seeds: the list is empty; give at least one seed, such as [1].");
        yield return Slip("seeds", "7",
            "$.seeds: found the number 7, expected a list of whole numbers. Write it in brackets, [ ], even where it is alone.");
        yield return Slip("seeds", "[null]", "$.seeds[0]: null is not allowed here; expected a whole number.");
        yield return Slip("regularizers", "{\"kl\": 1e999}",
            "$.regularizers.kl: the number 1e999 is too large; expected a number from 0 to 1000000.");
        yield return Slip("name", "7", "$.name: found the number 7, expected text. Write it in quotes.");
        yield return Slip("name", "\"\"", "$.name: the text is empty; expected at least one character.");
        yield return Slip("name", "\"..\"", "$.name: the name \"..\" ends with '.', which names a folder above or is lost on Windows.");
        yield return Slip("name", "\"Con.x\"", "$.name: the name \"Con.x\" is that of a device on Windows, where no folder can have it.");
        yield return Slip("name", $"\"{new string('n', 101)}\"",
            $"$.name: the name \"{new string('n', 57)}...\" has 101 characters; at most 100 are allowed.");
        yield return Slip("device", "\"gpu\"",
            "$.device: the device \"gpu\" is unknown; allowed are 'auto', 'cpu', 'cuda' and 'cuda:N'. Did you mean 'cpu'?");
        yield return Slip("tokenizer", "null", "$.tokenizer: null is not allowed here; expected a tokenizer (an object with a \"kind\").");
        yield return Slip("estimator", "\"gumbel\"",
            "$.estimator: found the text \"gumbel\", expected an estimator (an object with a \"kind\"). Write { \"kind\": " +
            "\"gumbel-softmax\" }.");
        yield return Slip("estimator", "{\"kind\": \"reinforce\", \"temperature\": 1}",
            "$.estimator.temperature: the key \"temperature\" is unknown; 'reinforce' has 'reward', 'credit', 'rankRescaling', " +
            "'baseline', 'loss', 'groupSize', 'epochs', 'minibatches' and 'truncated'. It belongs to the kind 'gumbel-softmax'.");
        yield return Slip("estimator", "{\"kind\": \"gumbel-softmax\", \"relaxation\": \"straight\"}",
            "$.estimator.relaxation: \"straight\" is unknown; expected one of 'relaxed', 'straight-through', 'gumbel-rao', " +
            "'reinmax' and 'softmax'. Did you mean 'straight-through'?");
        yield return Slip("estimator", "{\"Kind\": \"reinforce\"}",
            "$.estimator: the \"kind\" is missing; an estimator is one of 'gumbel-softmax', 'reinforce', 'relax' and 'expert-iteration'. " +
            "Did you mean 'kind' by 'Kind'?");
        yield return Slip("estimator", "{\"kind\": \"gumbel-softmax\", \"temperature\": \"1\"}",
            "$.estimator.temperature: found the text \"1\", expected a number or a schedule (an object with a \"kind\"). In words: a " +
            "schedule is one of 'constant', 'linear', 'exponential', 'cosine', 'power', 'logarithmic', 'sigmoid' and 'step'.");
        yield return Slip("batch", "5",
            "$.batch: the key \"batch\" is unknown; 'experiment' has 'name', 'description', 'seeds', 'device', 'precision', 'threads', " +
            "'data', 'tokenizer', 'length', 'prompts', 'promptLength', 'generator', 'start', 'pretraining', 'discriminators', " +
            "'estimator', 'regularizers', 'normalization', 'combiner', 'training', 'guards', 'evaluation', 'trackers', " +
            "'published', 'plugins', 'sweep' and 'swept'. It belongs into 'pretraining'.");
        yield return Slip("regularizers", "{\"likelihood\": 1, \"likelihoodData\": \"text\"}",
            "$.regularizers.likelihoodData: there is no data set \"text\"; the experiment's 'data' has 'texts' and 'pairs'. Did you mean " +
            "'texts'?");
        yield return Slip("data",
            "{\"texts\": {\"kind\": \"text\", \"path\": \"texts.txt\", \"heldOut\": 0.1}, \"pairs\": {\"kind\": \"preferences\", " +
            "\"path\": \"pairs.jsonl\"}, \"a b\": {\"kind\": \"text\", \"path\": \"texts.txt\"}}", "$.data['a b']: the name \"a b\" has " +
            "the character ' '; allowed are letters (A-Z, a-z), digits, '-' and '_'.");
        yield return Slip("evaluation", "{\"metrics\": [{\"kind\": \"nll\"}]}",
            "$.evaluation.metrics[0]: the key 'data' is missing; this metric compares with a data set. The experiment's 'data' has " +
            "'texts' and 'pairs'.");
        yield return Slip("extends", "\"x\"",
            "$.extends: 'extends' names another experiment of a list; this file has one experiment only.");

        static TestCaseData Slip(string key, string value, string problem) =>
            new(key, value, problem) { TestName = $"Slip({key}: {(value.Length > 60 ? value[..60] : value)})" };
    }

    [TestCaseSource(nameof(Slips))]
    public void A_slip_is_reported_alone(string key, string value, string problem)
    {
        var experiment = ExperimentFolder.Changed(whole => whole[key] = "CHANGED").ToJsonString()
            .Replace("\"CHANGED\"", value, StringComparison.Ordinal);
        Assert.That(folder.Problems(experiment), Is.EqualTo(new[] { "experiment.json:1: " + problem }));
    }

    [TestCase("{ \"name\": \"a\",\n  \"length\" 5 }",
        "experiment.json:2: : syntax error at line 2, column 12: '5' is invalid after a property name. Expected a ':'.")]
    [TestCase("", "experiment.json:1: : syntax error at line 1, column 1: the file is empty.")]
    [TestCase("{ \"ä\": NaN }",
        "experiment.json:1: : syntax error at line 1, column 8: 'N' is an invalid start of a value. NaN and Infinity are not JSON " +
        "numbers.")]
    [TestCase("{ 'a': 1 }",
        "experiment.json:1: : syntax error at line 1, column 3: ''' is an invalid start of a property name. Expected a '\"'. JSON " +
        "strings need double quotes.")]
    [TestCase("[]", "experiment.json:1: $: found a list, expected an object: an experiment with a \"name\", or a list with " +
        "\"experiments\".")]
    [TestCase("{ \"experiments\": [], \"default\": {} }",
        "experiment.json:1: $.default: the key \"default\" is unknown; a list of experiments has '$schema', 'defaults' and " +
        "'experiments'. Did you mean 'defaults'?", "experiment.json:1: $.experiments: the list is empty; it needs at least one " +
        "experiment or the name of a file.")]
    [TestCase("{ \"name\": \"\\ud800\" }",
        "experiment.json:1: $.name: the text has half of a surrogate pair (an escape \\uD800 to \\uDFFF alone), which is not a character.")]
    public void A_broken_document_is_refused(string json, params string[] expected)
    {
        var problems = folder.Problems(json);
        foreach (var problem in expected) Assert.That(problems, Does.Contain(problem));
    }

    [Test]
    public void Limits_hold()
    {
        Assert.That(folder.Problems(string.Concat(Enumerable.Repeat("{\"a\":", 65)) + "1" + new string('}', 65)).Single(),
            Does.EndWith("objects and lists are nested deeper than 64 levels."));
        Assert.That(folder.Problems(new string('[', 100_000)).Single(),
            Does.EndWith("objects and lists are nested deeper than 64 levels."));
        Assert.That(folder.Problems("{\"a\":[" + string.Join(',', Enumerable.Repeat("1", 1_000_001)) + "]}").Single(),
            Does.EndWith("the document has more than 1000000 values."));
        Assert.That(folder.Problems(new string(' ', (16 << 20) + 1)).Single(),
            Does.EndWith("is larger than 16 MB, which no experiment file is."));
        File.WriteAllBytes(folder["latin.json"], Encoding.Latin1.GetBytes("{\n\"name\": \"ä\" }"));
        Assert.That(folder.Problems(() => ExperimentFile.Read(folder["latin.json"])),
            Is.EqualTo(new[] { "latin.json:2: : the text is not UTF-8; store the file in that encoding." }));
        Assert.That(folder.Problems(() => ExperimentFile.Read(folder["."])).Single(), Does.Contain("is a folder"));
        Assert.That(folder.Problems(
            ExperimentFolder.Changed(experiment =>
            experiment["seeds"] = new JsonArray([.. Enumerable.Range(0, 5000).Select(_ => JsonValue.Create("x"))])).ToJsonString()),
            Has.Length.EqualTo(1001));
    }

    [Test]
    public void A_problem_in_the_defaults_is_reported_where_it_stands_and_once()
    {
        var defaults = ExperimentFolder.Changed(experiment =>
        {
            experiment.Remove("name");
            experiment["training"]!["batch"] = 0;
        }).ToJsonString();
        Assert.That(folder.Problems($$"""
            { "defaults": {{defaults}},
              "experiments": [ { "name": "a" }, { "name": "b", "data": { "texts": null }, "discriminators": [], "combiner": { "kind": "fixed" }, "regularizers": null, "evaluation": null }, { "name": "B" } ] }
            """), Is.EqualTo(new[]
        {
            "experiment.json:1: $.defaults.training.batch: 0 is out of range; expected a whole number from 1 to 1000000.",
            "experiment.json:1: $.defaults.pretraining.data: there is no data set \"texts\"; the experiment's 'data' has 'pairs'. " +
            "(experiment 'b')",
            "experiment.json:2: $.experiments[2].name: the name \"B\" is that of the experiment at experiment.json:2: " +
            "$.experiments[1].name too; each needs its own.",
        }));
    }
}
