using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using TextGan.Experiments.Catalogue;
using TextGan.Experiments.Reading;

namespace TextGan.Tests.Experiments;

/// <summary>Whatever is in the file, reading gives experiments or an <see cref="InvalidInputException"/>, soon.</summary>
public sealed class ReadingMutationTests : IDisposable
{
    static readonly string list = $$"""
        { "$schema": "s", "defaults": {{ExperimentFolder.Changed(experiment => experiment.Remove("name"))}}, // all
          "experiments": [ { "name": "a", "extends": "b" },
            { "name": "b", "training": { "batch": 8 }, "pretraining": null, "regularizers": {} },
            { "name": "c", "description": "${HOME:-x}", "combiner": { "kind": "fixed" }, "discriminators": [] } ] }
        """;

    readonly ExperimentFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Test]
    public void Changed_bytes_never_do_worse_than_a_refusal()
    {
        byte[][] texts = [Encoding.UTF8.GetBytes(ExperimentFolder.Valid), Encoding.UTF8.GetBytes(list)];
        var scraps = new[] { "{", "}", "[", "]", ",", ":", "\"", "null", "1e999", "-1", "\\ud800", "${", "//", "/*", "\0", "\"kind\":",
            "\"extends\":\"a\",", "NaN" }.Select(Encoding.UTF8.GetBytes).ToArray();
        var mutation = Gen.Select(Gen.Int[0, 8].Select(what => Math.Min(what, 5)), Gen.Int[0, 100_000], Gen.Int[0, 60], Gen.Byte,
            Gen.Int[0, scraps.Length - 1]);
        var (read, refused) = (0, 0);
        Gen.Select(Gen.Int[0, 1], mutation.Array[1, 3]).Sample(
            (which, mutations) =>
            {
                var bytes = texts[which].ToList();
                foreach (var (what, where, length, value, scrap) in mutations)
                {
                    var at = where % bytes.Count;
                    var count = Math.Min(length, bytes.Count - at);
                    switch (what)
                    {
                        case 0: bytes.RemoveRange(at, Math.Min(count, bytes.Count - 1)); break;
                        case 1: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
                        case 2: bytes[at] = value; break;
                        case 5: bytes[at] = Slip(bytes[at], value); break;
                        case 3: bytes.InsertRange(at, scraps[scrap]); break;
                        default: bytes.Insert(at, value); break;
                    }
                }
                if (Reads([.. bytes])) Interlocked.Increment(ref read);
                else Interlocked.Increment(ref refused);
            }, iter: 3000, threads: 1);
        TestContext.Out.WriteLine($"{read} read, {refused} refused");
        Assert.That(read, Is.GreaterThan(20), "some changes do no harm");
        Assert.That(refused, Is.GreaterThan(1000));
    }

    [Test]
    public void Changed_structure_never_does_worse_than_a_refusal_and_the_schema_agrees()
    {
        var valid = JsonNode.Parse(ExperimentFolder.Valid)!;
        var checker = new SchemaChecker(ExperimentSchema.Create());
        var (accepted, refused) = (0, 0);
        Gen.Int[0, int.MaxValue].Array[1, 2].Sample(
            choices =>
            {
                var tree = valid.DeepClone();
                foreach (var choice in choices) Mutate(tree, new Random(choice));
                var json = tree.ToJsonString();
                var findings = new Findings();
                var root = JsonTreeReader.Read(Encoding.UTF8.GetBytes(json), Origin.Root(new JsonSource("mutated", 0, true)), findings)!;
                new OptionWalker(KindRegistry.BuiltIn, findings).Mend(root, typeof(TextGan.Experiments.ExperimentOptions));
                var problem = checker.Problem(JsonNode.Parse(json));
                Assert.That(problem is null, Is.EqualTo(findings.Count == 0), () =>
                    $"{json}\nschema: {problem ?? "valid"}\nreader: {Said(findings)}");
                if (problem is null) Interlocked.Increment(ref accepted);
                else Interlocked.Increment(ref refused);
                Reads(Encoding.UTF8.GetBytes(json));
            }, iter: 1500, threads: 1);
        TestContext.Out.WriteLine($"{accepted} accepted, {refused} refused");
        Assert.That(accepted, Is.GreaterThan(100));
        Assert.That(refused, Is.GreaterThan(500));
    }

    /// <summary>Another digit for a digit, another letter for a letter: the text stays JSON.</summary>
    static byte Slip(byte old, byte random) => old switch
    {
        >= (byte)'0' and <= (byte)'9' => (byte)('0' + random % 10),
        >= (byte)'a' and <= (byte)'z' => (byte)('a' + random % 26),
        _ => old,
    };

    static string Said(Findings findings)
    {
        try
        {
            findings.ThrowIfAny();
            return "valid";
        }
        catch (InvalidInputException error)
        {
            return error.Message;
        }
    }

    bool Reads(byte[] json)
    {
        File.WriteAllBytes(folder["mutated.json"], json);
        var clock = new ProcessorClock();
        try
        {
            ExperimentFile.Read(folder["mutated.json"]);
            return true;
        }
        catch (InvalidInputException)
        {
            return false;
        }
        finally
        {
            // The first call of the process compiles the reader.
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        }
    }

    static void Mutate(JsonNode root, Random random)
    {
        var places = new List<JsonNode>();
        Collect(root);
        var place = places[random.Next(places.Count)];
        switch (place)
        {
            case JsonObject members when members.Count > 0:
                var key = members.ElementAt(random.Next(members.Count)).Key;
                switch (random.Next(4))
                {
                    case 0: members.Remove(key); break;
                    case 1: members[key] = Value(); break;
                    case 2: members[key + "x"] = Value(); break;
                    default: members[key] = places[random.Next(places.Count)].DeepClone(); break;
                }
                break;
            case JsonArray items:
                if (items.Count > 0 && random.Next(2) == 0) items[random.Next(items.Count)] = Value();
                else items.Add(items.Count > 0 && random.Next(2) == 0 ? items[0]?.DeepClone() : Value());
                break;
        }

        JsonNode? Value() => random.Next(10) switch
        {
            0 => null, 1 => JsonValue.Create(true), 2 => JsonValue.Create(-1), 3 => JsonValue.Create(0.5), 4 =>
                JsonValue.Create("cnn"), 5 => new JsonObject(), 6 => new JsonArray(),
            7 => JsonValue.Create(3_000_000_000), 8 => JsonValue.Create(""), _ => JsonValue.Create(2),
        };

        void Collect(JsonNode? node)
        {
            if (node is JsonObject members)
            {
                places.Add(node);
                foreach (var (_, value) in members) Collect(value);
            }
            else if (node is JsonArray items)
            {
                places.Add(node);
                foreach (var item in items) Collect(item);
            }
        }
    }
}
