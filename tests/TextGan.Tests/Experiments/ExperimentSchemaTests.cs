using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Experiments.Catalogue;
using TextGan.Experiments.Reading;

namespace TextGan.Tests.Experiments;

public sealed class ExperimentSchemaTests
{
    static readonly JsonObject schema = ExperimentSchema.Create();
    static readonly SchemaChecker checker = new(schema);

    static JsonNode Parse(string json) =>
        JsonNode.Parse(json, documentOptions: new JsonDocumentOptions {
        CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!;

    static IEnumerable<string> Shipped() => ExperimentFolder.Shipped();

    [TestCaseSource(nameof(Shipped))]
    public void Every_shipped_experiment_is_valid(string file)
    {
        var json = Parse(File.ReadAllText(file));
        if (json["plugins"] is null) Assert.That(checker.Problem(json), Is.Null);
        else Assert.That(new SchemaChecker(ExperimentSchema.Create(ExperimentFile.Read(file, ExperimentFolder.WithPlugins)[0].Kinds))
            .Problem(json), Is.Null);
    }

    [Test]
    public void The_shipped_schema_is_that_of_the_code()
    {
        var shipped = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "experiments", "textgan.schema.json")));
        Assert.That(JsonNode.DeepEquals(shipped, JsonNode.Parse(schema.ToJsonString())), Is.True,
            "write it anew: textgan schema -o experiments/textgan.schema.json");
    }

    [Test]
    public void Lists_with_defaults_are_valid()
    {
        var list = $$"""
            { "$schema": "s", "defaults": {{ExperimentFolder.Changed(e => e.Remove("name"))}}, "experiments": [
                "other.json", { "file": "third.json" },
                { "name": "a", "pretraining": null, "data": { "texts": null, "pairs": { "limit": 5 } }, "generator": { "hidden": 5 } },
                { "name": "b", "extends": "a", "$base": "x" } ] }
            """;
        Assert.That(checker.Problem(Parse(list)), Is.Null);
    }

    [TestCase("""{ "kind": "pretrained", "path": "model" }""", true)]
    [TestCase("""{ "kind": "lstm" }""", false)]
    public void Only_a_pretrained_generator_brings_a_tokenizer(string generator, bool isValid)
    {
        var without = ExperimentFolder.Changed(experiment =>
        {
            experiment.Remove("tokenizer");
            experiment["generator"] = JsonNode.Parse(generator);
        });
        Assert.That(checker.Problem(without), isValid ? Is.Null : Is.EqualTo("$: tokenizer is missing"));
    }

    [TestCase("""{ "experiments": [ { "length": 5 } ] }""", "name is missing")]
    [TestCase("""{ "experiments": [ { "name": "a", "training": { "batc": 5 } } ] }""", "batc is unknown")]
    [TestCase("""{ "experiments": [ { "name": "a", "discriminators": [ { "name": "x" } ] } ] }""", "kind is missing")]
    [TestCase("""{ "experiments": [ { "file": 7 } ] }""", "is not")]
    [TestCase("""{ "defaults": {} }""", "experiments is missing")]
    [TestCase("""{ "defaults": { "name": "x" }, "experiments": [ "a" ] }""", "name is unknown")]
    [TestCase("""{ "name": "a" }""", "tokenizer is missing")]
    public void Broken_lists_are_refused(string json, string problem) => Assert.That(checker.Problem(Parse(json)), Does.Contain(problem));

    [Test]
    public void It_documents_what_an_editor_shows()
    {
        Assert.That((string)schema["$schema"]!, Is.EqualTo("https://json-schema.org/draft/2020-12/schema"));
        var decay = schema["$defs"]!["normalization"]!["properties"]!["decay"]!;
        Assert.That(decay.ToJsonString(), Is.EqualTo("""{"type":"number","minimum":0,"maximum":0.999999""" +
            ""","description":"Share of the old mean and variance that is kept at each step; for the statistics \u0022earlier\u0022. """ +
            """Default 0.95.","default":0.95}"""));
        var adam = schema["$defs"]!["optimizer.adam"]!;
        Assert.That((string)adam["properties"]!["kind"]!["const"]!, Is.EqualTo("adam"));
        Assert.That(adam["required"]!.ToJsonString(), Is.EqualTo("""["kind"]"""));
        Assert.That((bool)adam["additionalProperties"]!, Is.False);
        Assert.That(schema["$defs"]!["training"]!["properties"]!["optimizer"]!["default"]!.ToJsonString(),
            Is.EqualTo("""{"kind":"adam","learningRate":0.0001}"""));
        Assert.That(schema["$defs"]!["estimator.gumbel-softmax"]!["properties"]!["relaxation"]!["enum"]!.ToJsonString(),
            Is.EqualTo("""["relaxed","straight-through","gumbel-rao","reinmax","softmax"]"""));
    }

    [Test]
    public void Every_reference_leads_somewhere_and_everything_is_documented()
    {
        var defs = schema["$defs"]!.AsObject();
        Walk(schema, "#");

        void Walk(JsonNode? node, string path)
        {
            if (node is JsonArray items)
            {
                for (var i = 0; i < items.Count; i++) Walk(items[i], $"{path}/{i}");
            }
            if (node is not JsonObject members) return;
            if (members["$ref"] is JsonValue reference && reference.GetValueKind() == JsonValueKind.String)
            {
                Assert.That(defs.ContainsKey(reference.GetValue<string>()["#/$defs/".Length..]), path + ": " + reference);
            }
            foreach (var (name, value) in members)
            {
                if (path.EndsWith("/properties", StringComparison.Ordinal))
                    Assert.That((string?)value!["description"], Is.Not.Null.And.Not.Empty, $"{path}/{name}");
                Walk(value, $"{path}/{name}");
            }
        }
    }
}
