using System.Text.Json;
using TextGan.Data;
using TextGan.Data.Worlds;

namespace TextGan.Tests.Data.Worlds;

public sealed class EnumerableWorldTests
{
    static readonly JsonSerializerOptions json = TextGan.Experiments.Reading.KindRegistry.BuiltIn.Json;

    [Test]
    public void Probabilities_sum_to_one_and_depend_on_as_many_tokens_as_said()
    {
        var world = new EnumerableWorld(3, 4, order: 1, deviation: 1.5, seed: 2);
        Assert.That(world.Ids, Has.Count.EqualTo(81));
        var p = world.LogProbabilitiesOfAll.Select(Math.Exp).ToArray();
        Assert.That(p.Sum(), Is.EqualTo(1).Within(1e-12));
        double Of(Func<int[], bool> holds) => world.Ids.Zip(p, (row, one) => holds(row) ? one : 0).Sum();
        // p(x_4 | x_1 x_2 x_3) is p(x_4 | x_3), and p(x_3 | x_2) is the same table: a chain.
        foreach (var (first, second) in ((int, int)[])[(0, 1), (2, 2), (1, 0)])
            Assert.That(Of(x => x[0] == first && x[1] == second && x[2] == 1 && x[3] == 2)
                / Of(x => x[0] == first && x[1] == second && x[2] == 1),
                Is.EqualTo(Of(x => x[1] == 1 && x[2] == 2) / Of(x => x[1] == 1)).Within(1e-12));
        // Order 2 does depend on the token before that one.
        var two = new EnumerableWorld(3, 4, order: 2, deviation: 1.5, seed: 2);
        double Given(int second) => Math.Exp(two.LogProbabilitiesOfAll[27 * 0 + 9 * second + 3 * 1 + 2])
            / Enumerable.Range(0, 3).Sum(last => Math.Exp(two.LogProbabilitiesOfAll[9 * second + 3 + last]));
        Assert.That(Math.Abs(Given(0) - Given(1)), Is.GreaterThan(0.01));
        Assert.That(new EnumerableWorld(3, 4, 2, deviation: 0, 2).LogProbabilitiesOfAll, Is.All.EqualTo(-4 * Math.Log(3)).Within(1e-12));
    }

    [Test]
    public void Texts_have_their_attributes()
    {
        var world = new EnumerableWorld(4, 3, 2, 1, 1);
        Assert.That(world.Attributes, Is.EqualTo(new[] { "rising", "falling", "high", "even" }));
        (string Text, bool[] Has)[] texts =
        [
            ("0 1 1", [true, false, false, true]), ("2 2 2", [true, true, true, true]), ("3 1 0", [false, true, false, true]),
            ("3 0 3", [false, false, true, true]), ("1 2 2", [true, false, true, false]), // a sum of 5 is above 3 · 1.5
            ("0 1", [false, false, false, false]), ("0 1 4", [false, false, false, false]), ("0 1 x", [false, false, false, false]),
        ];
        for (var a = 0; a < 4; a++)
            Assert.That(world.Judge(world.Attributes[a], [.. texts.Select(text => text.Text)]),
                Is.EqualTo(texts.Select(text => text.Has[a])));
        var logs = world.LogProbabilities(["0 1 1", "0 1", "0 1 4", ""]);
        Assert.That(logs[0], Is.EqualTo(world.LogProbabilitiesOfAll[0 * 16 + 1 * 4 + 1]));
        Assert.That(logs.Skip(1), Is.All.EqualTo(double.NegativeInfinity));
        Assert.That(() => world.Judge("helpful", []), Throws.ArgumentException.With.Message.StartsWith(
            "There is no attribute 'helpful'; there are rising, falling, high, even."));
    }

    [Test]
    public void Samples_follow_the_probabilities_and_pairs_the_attribute()
    {
        var world = new EnumerableWorld(3, 3, 2, 1, 5);
        const int n = 100_000;
        void Compare(IReadOnlyList<string> texts, Func<int, double> weight)
        {
            var counts = texts.GroupBy(text => text).ToDictionary(group => group.Key, group => group.Count());
            var total = Enumerable.Range(0, 27).Sum(weight);
            var (chiSquare, cells) = (0.0, 0);
            for (var i = 0; i < 27; i++)
            {
                var expected = n * weight(i) / total;
                var found = counts.GetValueOrDefault(string.Join(' ', world.Ids[i]));
                if (expected == 0) Assert.That(found, Is.Zero);
                else (chiSquare, cells) = (chiSquare + (found - expected) * (found - expected) / expected, cells + 1);
            }
            // Chi-square with c - 1 degrees of freedom: mean c - 1, deviation √(2(c - 1)); 4 deviations.
            Assert.That(chiSquare, Is.LessThan(cells - 1 + 4 * Math.Sqrt(2.0 * (cells - 1))));
        }
        double P(int i) => Math.Exp(world.LogProbabilitiesOfAll[i]);
        Compare(world.Sample(n, new SeededRandom(1, "t")), P);
        foreach (var wanted in (bool[])[true, false])
            Compare(world.Sample(n, new SeededRandom(1, "t"), WorldProperty.Rising, wanted),
                i => world.Has(WorldProperty.Rising, world.Ids[i]) == wanted ? P(i) : 0);
        Assert.That(world.Rate(WorldProperty.Rising), Is.EqualTo(
            Enumerable.Range(0, 27).Where(i => world.Has(WorldProperty.Rising, world.Ids[i])).Sum(P)).Within(1e-12));
    }

    [Test]
    public void It_is_a_kind_of_data_of_one_world_for_each_seed()
    {
        DataSet Load(string more, int length = 3) => JsonSerializer.Deserialize<DataOptions>(
            $$"""{"kind":"enumerable","vocabulary":4,"sentences":50,"heldOut":7,"seed":3{{more}}}""", json)!.Load(
            new DataContext("world", ".", length));
        var (natural, rising, even) = (Load(""), Load(",\"attribute\":\"rising\""), Load(",\"attribute\":\"even\""));
        Assert.That((natural.Train.Texts.Count, natural.HeldOut.Texts.Count, natural.Train.Rejected), Is.EqualTo((50, 7, (object?)null)));
        Assert.That(natural.Summary, Is.EqualTo("enumerable: 50 texts and 7 held out, seed 3, 64 possible texts"));
        Assert.That(rising.Summary, Does.Match(@"^enumerable: 50 pairs \(0\.\d{3} of the world's texts are rising\) and 7 held out"));
        foreach (var (set, name) in new[] { (rising, "rising"), (even, "even") })
        {
            Assert.That(set.Source!.Judge(name, [.. set.Train.Texts, .. set.HeldOut.Texts]), Is.All.True);
            Assert.That(set.Source!.Judge(name, [.. set.Train.Rejected!, .. set.HeldOut.Rejected!]), Is.All.False);
            Assert.That(set.Source.LogProbabilities(natural.Train.Texts),
                Is.EqualTo(natural.Source!.LogProbabilities(natural.Train.Texts)));
        }
        Assert.That(Load("").Train.Texts, Is.EqualTo(natural.Train.Texts));
        Assert.That(natural.HeldOut.Texts, Is.Not.EqualTo(natural.Train.Texts.Take(7)));
        Assert.That(() => Load("", 10), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            "$.data.world.vocabulary: is 4: there are more than 250,000 texts of 10 tokens ('length') from so many, which cannot all be " +
            "listed; take fewer, such as 12 and a 'length' of 5."));
        Assert.That(() => Load(",\"attribute\":\"rising\"", 1), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            "$.data.world.attribute: is \"rising\", which each of the 4 texts is, so that there are no pairs; take another, or a larger " +
            "'length'."));
    }
}
