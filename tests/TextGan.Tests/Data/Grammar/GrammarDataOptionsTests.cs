using System.Text.Json;
using System.Text.Json.Serialization;
using TextGan.Data;
using TextGan.Data.Grammar;

namespace TextGan.Tests.Data.Grammar;

public class GrammarDataOptionsTests
{
    static readonly DataContext context = new("texts", ".", 26);
    static readonly JsonSerializerOptions json = new() {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    [Test]
    public void Defaults()
    {
        var options = new GrammarDataOptions();
        Assert.That((options.Set, options.Sentences, options.HeldOut, options.Seed, options.HasRejected),
            Is.EqualTo((GrammarSet.Pretraining, 10_000, 1_000, 1, false)));
    }

    [Test]
    public void Is_read_from_json_by_its_kind()
    {
        var options = JsonSerializer.Deserialize<DataOptions>(
            """{"kind":"grammar","set":"helpfulness","sentences":20,"heldOut":5,"seed":3}""", json);
        Assert.That(options, Is.EqualTo(new GrammarDataOptions { Set = GrammarSet.Helpfulness, Sentences = 20, HeldOut = 5, Seed = 3 }));
        var data = options!.Load(context);
        Assert.That((data.Train.Texts.Count, data.Train.Rejected!.Count, data.HeldOut.Texts.Count, data.HeldOut.Rejected!.Count),
            Is.EqualTo((20, 20, 5, 5)));
        Assert.That((data.Name, data.Summary), Is.EqualTo(("texts", "grammar: 20 helpfulness pairs and 5 held out, seed 3")));
    }

    [TestCase(GrammarSet.Helpfulness, "helpful")]
    [TestCase(GrammarSet.Harmlessness, "harmless")]
    public void Chosen_texts_have_the_attribute_and_rejected_ones_lack_it(GrammarSet set, string attribute)
    {
        var data = new GrammarDataOptions { Set = set, Sentences = 500, HeldOut = 100 }.Load(context);
        foreach (var split in new[] { data.Train, data.HeldOut })
        {
            Assert.That(data.Source!.Judge(attribute, split.Texts), Is.All.True);
            Assert.That(data.Source.Judge(attribute, split.Rejected!), Is.All.False);
            Assert.That(data.Source.Judge("grammatical", split.Rejected!), Is.All.True);
        }
    }

    [Test]
    public void Conditioning_leaves_the_other_attribute_as_it_is()
    {
        var data = new GrammarDataOptions { Set = GrammarSet.Harmlessness, Sentences = 5_000, HeldOut = 0 }.Load(context);
        Assert.That(data.Source!.Judge("helpful", data.Train.Texts).Average(h => h ? 1.0 : 0), Is.EqualTo(.35).Within(.04));
        Assert.That(data.Source.Judge("helpful", data.Train.Rejected!).Average(h => h ? 1.0 : 0), Is.EqualTo(.35).Within(.04));
        Assert.That(data.HeldOut.Texts, Is.Empty);
    }

    [Test]
    public void The_seed_decides_and_every_stream_is_its_own()
    {
        GrammarDataOptions Options(GrammarSet set, int seed) => new() { Set = set, Sentences = 300, HeldOut = 300, Seed = seed };
        var first = Options(GrammarSet.Pretraining, 1).Load(context);
        Assert.That(Options(GrammarSet.Pretraining, 1).Load(context).Train.Texts, Is.EqualTo(first.Train.Texts));
        Assert.That((Options(GrammarSet.Pretraining, 1) with { Sentences = 10 }).Load(context).Train.Texts,
            Is.EqualTo(first.Train.Texts.Take(10)), "more texts begin with the same ones");
        var pairs = Options(GrammarSet.Helpfulness, 1).Load(context);
        var lists = new[] { first.Train.Texts, first.HeldOut.Texts, Options(GrammarSet.Pretraining, 2).Load(context).Train.Texts,
            pairs.Train.Texts, pairs.Train.Rejected!, pairs.HeldOut.Texts, pairs.HeldOut.Rejected! };
        for (var i = 0; i < lists.Length; i++)
            for (var j = 0; j < i; j++)
                Assert.That(lists[i].Intersect(lists[j]).Count(), Is.LessThan(10), $"{i} and {j}");
    }

    [Test]
    public void Random_numbers_are_the_same_for_ever()
    {
        // SplitMix64 with the seed 0 gives E220A8397B1DCDAF (S. Vigna's reference), which is the state of this stream; the two numbers
        // below are what an implementation in Python gives from that state.
        var random = new SeededRandom(0, "");
        Assert.That(random.Next(), Is.EqualTo(0xA706DD2F4D197E6FUL));
        Assert.That(random.Next(), Is.EqualTo(0xB382A305F4414F5EUL));
        var values = Enumerable.Range(0, 10_000).Select(_ => random.NextDouble()).ToList();
        Assert.That(values, Is.All.GreaterThanOrEqualTo(0).And.All.LessThan(1));
        Assert.That(values.Average(), Is.EqualTo(.5).Within(.015), "five standard errors");
    }
}
