using TextGan.Data;
using TextGan.Problems;

namespace TextGan.Tests.Data;

public sealed class UnionDataTests
{
    static readonly UnionDataOptions Options = new() { Data = ["one", "two"] };

    static DataSet Load(UnionDataOptions options, params DataSplit[] sets) => options.Load(new DataContext("all", "", 8)
    {
        Other = name => name == "one" ? new DataSet(name, sets[0], new DataSplit(["x"]), "")
            : new DataSet(name, sets[1], DataSplit.Empty, ""),
    });

    [Test]
    public void The_texts_follow_one_another()
    {
        var set = Load(Options, new DataSplit(["a", "b"], ["c", "d"], ["p", "q"]), new DataSplit(["e"]));
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "a", "b", "e" }));
        Assert.That(set.Train.Rejected, Is.Null);
        Assert.That(set.Train.Prompts, Is.Null, "one of the sets has none");
        Assert.That(set.HeldOut.Texts, Is.EqualTo(new[] { "x" }));
        Assert.That(set.Summary, Is.EqualTo("2 texts of 'one' and 1 text of 'two'"));
        Assert.That((Options.HasRejected, Options.MadeOf), Is.EqualTo((false, Options.Data)));
    }

    [Test]
    public void Pairs_stay_pairs_and_keep_their_prompts()
    {
        var set = Load(Options with { Pairs = true }, new DataSplit(["a"], ["b"], ["p"]), new DataSplit(["c"], ["d"], ["q"]));
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "a", "c" }));
        Assert.That(set.Train.Rejected, Is.EqualTo(new[] { "b", "d" }));
        Assert.That(set.Train.Prompts, Is.EqualTo(new[] { "p", "q" }));
        Assert.That((Options with { Pairs = true }).HasRejected);
    }

    [Test]
    public void Texts_of_users_are_never_read_as_control_tokens() => Assert.That(
        () => Load(Options, new DataSplit(["a"]) { HasControls = true }, new DataSplit(["b"])),
        Throws.TypeOf<InvalidInputException>().With.Message.StartsWith(
            "$.data.all.data: some of the sets have a template with control tokens and some have none"));

    [Test]
    public void Texts_without_pairs_are_no_pairs() => Assert.That(
        () => Load(Options with { Pairs = true }, new DataSplit(["a"], ["b"]), new DataSplit(["c"])),
        Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            "$.data.all.data[1]: the data set 'two' has no rejected texts, which \"pairs\" takes over from all sets."));
}
