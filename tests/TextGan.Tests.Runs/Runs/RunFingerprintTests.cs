using TextGan.Metrics;
using TextGan.Metrics.Judges;
using TextGan.Discriminators;
using TextGan.Data;
using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Data.Rules;
using TextGan.Data.Teachers;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Runs;
using TextGan.Generators;
using TextGan.Storage;
using TextGan.Tokenization;
using TextGan.Training;
using TextGan.Tests.Experiments;

namespace TextGan.Tests.Runs;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RunFingerprintTests : IDisposable
{
    readonly ExperimentFolder folder = new();

    public void Dispose() => folder.Dispose();

    LoadedExperiment Valid(params string[] edits) => folder.One(ExperimentFolder.Valid, new ReadingSettings { Edits = edits });

    static RunFingerprint Of(LoadedExperiment experiment) => RunFingerprint.Of(experiment, new ContentHashes());

    /// <summary>Records that need a part which has no default.</summary>
    static readonly Dictionary<Type, object> Filled = new()
    {
        [typeof(ExperimentOptions)] =
            new ExperimentOptions { Tokenizer = new WordTokenizerOptions(), Generator = new LstmGeneratorOptions() },
        [typeof(LabelledDataOptions)] = new LabelledDataOptions { Rule = new ContainsRuleOptions() },
        [typeof(RelabelOptions)] = new RelabelOptions { Rule = new ContainsRuleOptions() },
        [typeof(TeacherPreferenceOptions)] =
            new TeacherPreferenceOptions { Teacher = new RuleTeacherOptions { Rule = new ContainsRuleOptions() } },
        [typeof(OracleQueryOptions)] = new OracleQueryOptions { Teacher = new RuleTeacherOptions { Rule = new ContainsRuleOptions() } },
        [typeof(TeacherAnswersDataOptions)] = new TeacherAnswersDataOptions { Teacher = new LanguageModelTeacherOptions() },
        [typeof(SearchMetricOptions)] =
            new SearchMetricOptions { Judge = new RuleJudgeOptions { Rule = new ContainsRuleOptions() } },
        [typeof(RuleTeacherOptions)] = new RuleTeacherOptions { Rule = new ContainsRuleOptions() },
        [typeof(RuleJudgeOptions)] = new RuleJudgeOptions { Rule = new ContainsRuleOptions() },
        [typeof(TailRuleOptions)] = new TailRuleOptions { Rule = new ContainsRuleOptions() },
        [typeof(NotRuleOptions)] = new NotRuleOptions { Rule = new ContainsRuleOptions() },
    };

    /// <summary>A record of the type with its defaults as JSON, and for each kind of each part one with that kind there.</summary>
    static IEnumerable<JsonObject> Variants(Type type)
    {
        return KindRegistry.BuiltIn.FamilyOf(type) is { } family
            ? family.Kinds.SelectMany(kind => Variants(kind.Type).Select(one => { one.Insert(0, "kind", kind.Name); return one; }))
            : OfRecord(type);

        static IEnumerable<JsonObject> OfRecord(Type type)
        {
            var record = Filled.GetValueOrDefault(type) ?? Activator.CreateInstance(type);
            JsonObject Default() => (JsonObject)JsonSerializer.SerializeToNode(record, type, KindRegistry.BuiltIn.Json)!;
            yield return Default();
            foreach (var property in KindRegistry.BuiltIn.PropertiesOf(type))
            {
                var isList = property.Type.IsGenericType && property.Type.IsAssignableTo(typeof(IEnumerable));
                var part = isList ? property.Type.GetGenericArguments()[^1] : property.Type;
                if (!part.IsAssignableTo(typeof(ComponentOptions)) || type.IsAssignableTo(part)) continue; // rules hold rules
                foreach (var variant in Variants(part))
                {
                    var whole = Default();
                    whole[property.Name] = !isList ? variant : property.Type.GetGenericArguments().Length == 2
                        ? new JsonObject { ["x"] = variant } : new JsonArray(variant);
                    yield return whole;
                }
            }
        }
    }

    /// <summary>The places of single values, and of lists and objects without any.</summary>
    static IEnumerable<(string Place, Action<JsonNode> Set)> Leaves(JsonNode? node, string place, Action<JsonNode> set) => node switch
    {
        JsonObject { Count: > 0 } members => members.ToList()
            .SelectMany(member => Leaves(member.Value, $"{place}.{member.Key}", value => members[member.Key] = value)),
        JsonArray { Count: > 0 } items => Enumerable.Range(0, items.Count)
            .SelectMany(i => Leaves(items[i], $"{place}[]", value => items[i] = value)),
        _ => [(place, set)],
    };

    [Test]
    public void Every_option_of_every_kind_is_part_of_it_or_left_out_on_purpose()
    {
        var (decides, leftOut) = (new HashSet<string>(), new SortedSet<string>(StringComparer.Ordinal));
        var none = new Dictionary<string, string>();
        foreach (var variant in Variants(typeof(ExperimentOptions)))
        {
            var before = RunFingerprint.ConfigurationOf(variant, none).ToJsonString();
            foreach (var (place, set) in Leaves(variant.DeepClone(), "", _ => { }).ToList())
            {
                if (decides.Contains(place + variant["kind"])) continue;
                var changed = variant.DeepClone();
                Leaves(changed, "", _ => { }).First(leaf => leaf.Place == place).Set(JsonValue.Create("changed"));
                if (RunFingerprint.ConfigurationOf((JsonObject)changed, none).ToJsonString() != before) decides.Add(place);
                else leftOut.Add(place);
            }
        }
        Assert.That(leftOut, Is.EqualTo(
            new[] { ".description", ".device", ".discriminators[].device", ".discriminators[].start.step", ".name",
                ".published", ".published[].metric", ".published[].name", ".published[].steps", ".published[].values", ".seeds[]",
                ".start.step", ".swept", ".swept[].name",
            ".swept[].option", ".swept[].scale", ".swept[].value", ".threads", ".trackers", ".trackers[].experiment",
            ".trackers[].kind", ".trackers[].texts", ".training.iterations" }));
        Assert.That(decides, Has.Count.GreaterThan(150).And.Some.EqualTo(".discriminators[].loss.gradientPenalty")
            .And.Some.EqualTo(".combiner.weights.x.at"));
    }

    [TestCase("data.texts.seed=2", "materials, pretraining, discriminators")]
    [TestCase("tokenizer.vocabulary=99", "materials, pretraining, discriminators")]
    [TestCase("length=17", "materials, pretraining, discriminators")]
    [TestCase("threads=1", "materials, pretraining, discriminators")]
    [TestCase("generator.hidden=9", "pretraining, discriminators")]
    [TestCase("pretraining.epochs=3", "pretraining, discriminators")]
    [TestCase("evaluation.samples=11", "pretraining, discriminators")]
    [TestCase("guards={\"notANumber\":{\"action\":\"stop\"}}", "")]
    [TestCase("guards={\"notANumber\":{\"action\":\"roll-back\"}}", "pretraining, discriminators")]
    [TestCase("discriminators.real.loss={\"kind\":\"wasserstein\"}", "discriminators")]
    [TestCase("estimator.temperature=1", "discriminators")]
    [TestCase("training.iterations=6", "discriminators",
        Description = "they learn from relaxed tokens, whose temperature follows a schedule")]
    [TestCase("training.batch=5", "discriminators")]
    [TestCase("training.optimizer={\"kind\":\"sgd\"}", "")]
    [TestCase("discriminators.real.weight=2", "")]
    [TestCase("regularizers.entropy=1", "")]
    [TestCase("combiner={\"kind\":\"fixed\"}", "")]
    [TestCase("description=x", "")]
    public void What_is_shared_agrees_in_what_it_depends_on(string edit, string changes)
    {
        var (one, other) = (Of(Valid()), Of(Valid(edit)));
        string[] changed =
        [
            .. one.Materials != other.Materials ? ["materials"] : Array.Empty<string>(),
            .. one.Pretraining(1) != other.Pretraining(1) ? ["pretraining"] : Array.Empty<string>(),
            .. one.DiscriminatorPretraining(1) != other.DiscriminatorPretraining(1) ? ["discriminators"] : Array.Empty<string>(),
        ];
        Assert.That(string.Join(", ", changed), Is.EqualTo(changes));
        Assert.That((one.Pretraining(1), one.DiscriminatorPretraining(1)),
            Is.Not.EqualTo((one.Pretraining(2), one.DiscriminatorPretraining(2))));
    }

    [TestCase("discriminators.real.widths=[2]", true)]
    [TestCase("discriminators.better.hidden=9", false)]
    public void The_pretraining_of_a_generator_depends_on_the_discriminator_whose_features_it_reads(string edit, bool changes)
    {
        string[] leak = ["generator={\"kind\":\"leak\",\"discriminator\":\"real\"}", "estimator={\"kind\":\"reinforce\"}"];
        Assert.That(Of(Valid([.. leak, edit])).Pretraining(1) != Of(Valid(leak)).Pretraining(1), Is.EqualTo(changes));
    }

    [Test]
    public void Content_takes_the_place_of_paths()
    {
        var one = Of(Valid());
        Assert.That(one.Contents.Keys, Is.EquivalentTo(new[] { "$.data.texts.path", "$.data.pairs.path" }));
        folder.Write("elsewhere/copy", File.ReadAllText(folder["texts.txt"]));
        Assert.That(Of(Valid("data.texts.path=elsewhere/copy")).Materials, Is.EqualTo(one.Materials));
        folder.Write("texts.txt", File.ReadAllText(folder["texts.txt"]) + "c\n");
        Assert.That(Of(Valid()).Materials, Is.Not.EqualTo(one.Materials));
    }

    [Test]
    public void Of_a_folder_of_data_the_splits_count_that_are_read()
    {
        foreach (var split in (string[])["train", "validation", "test"]) folder.Write($"set/data/{split}-00000-of-00001.txt", "a b\nb c\n");
        LoadedExperiment Read() => Valid("data.texts.path=set", "data.texts.heldOut=0", "data.texts.heldOutSplit=validation");
        var before = Of(Read()).Materials;
        folder.Write("set/data/test-00000-of-00001.txt", "other\n");
        folder.Write("set/README.md", "other\n");
        Assert.That(Of(Read()).Materials, Is.EqualTo(before));
        foreach (var split in (string[])["train", "validation"])
        {
            folder.Write($"set/data/{split}-00000-of-00001.txt", "a b\nb d\n");
            var after = Of(Read()).Materials;
            Assert.That(after, Is.Not.EqualTo(before), split);
            before = after;
        }
    }

    static readonly string Plugin = Path.Combine(
        ExperimentFolder.Repository, "tests", "TextGan.Tests.Plugin", "bin", "TextGan.Tests.Plugin.dll");

    [Test]
    public void Files_of_plug_in_components_are_part_of_it_and_their_tokenizers_are_copied()
    {
        folder.Write("words/a.txt", "a");
        var text = ExperimentFolder.Changed(experiment =>
        {
            experiment["plugins"] = new JsonArray(Plugin);
            experiment["tokenizer"] = JsonNode.Parse("""{ "kind": "faulty", "words": "words" }""");
        }).ToJsonString();
        var experiment = folder.One(text, ExperimentFolder.WithPlugins);
        var fingerprint = Of(experiment);
        Assert.That(fingerprint.Contents.Keys,
            Is.EquivalentTo(new[] { "$.data.texts.path", "$.data.pairs.path", "$.tokenizer.words", "$.plugins[0]" }));

        var run = new RunFolder(folder["run"]);
        StoredTokenizer.Keep(run, fingerprint);
        fingerprint.Write(run);
        var stored = StoredTokenizer.Options(run, experiment, message => Assert.Fail(message));
        Assert.That(stored.GetType().GetProperty("Words")!.GetValue(stored), Is.EqualTo(Path.Combine(run.Tokenizer, "words", "words")));
        Assert.That(File.ReadAllText(Path.Combine(run.Tokenizer, "words", "words", "a.txt")), Is.EqualTo("a"));

        folder.Write("words/b.txt", "b");
        Assert.That(Of(experiment).Materials, Is.Not.EqualTo(fingerprint.Materials));
        Assert.That(() => StoredTokenizer.Keep(run, fingerprint),
            Throws.TypeOf<InvalidInputException>()
            .With.Message.EqualTo($"{folder["words"]}: was changed while the command was running. Give the command again."));
        Assert.That(Directory.Exists(run.Tokenizer), "the earlier copy stays");
    }

    [Test]
    public void A_plug_in_is_also_what_lies_beside_it()
    {
        // An assembly of the runtime stands for a plug-in: those that it refers to lie beside it.
        var files = PluginLoader.FilesOf(typeof(Enumerable).Assembly.Location).Select(Path.GetFileName).ToList();
        Assert.That(files, Has.Some.EqualTo("System.Private.CoreLib.dll").And.Some.EqualTo("System.Runtime.dll")
            .Or.Some.EqualTo("System.Collections.dll"));
        Assert.That(PluginLoader.FilesOf(Plugin), Is.EqualTo(new[] { Plugin }), "what the program has is the program's");
    }
}
