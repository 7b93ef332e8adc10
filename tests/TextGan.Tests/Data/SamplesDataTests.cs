using TextGan.Data;
using TextGan.Problems;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Data;

/// <summary>Texts drawn from a model that others trained (stories260k).</summary>
public sealed class SamplesDataTests
{
    const int Length = 24;

    static string Model => SharedData.Find("models/stories260k")
        ?? throw new IgnoreException("The model stories260k is not in the shared data (models/stories260k).");

    static DataSet Load(int seed = 1, int count = 70) => new SamplesDataOptions { Model = Model, Count = count, HeldOut = 5, Seed = seed }
        .Load(new DataContext("reference", "", Length));

    [Test]
    public void The_seed_decides_the_texts_and_both_sides_are_drawn_apart()
    {
        var set = Load();
        Assert.That((set.Train.Texts.Count, set.HeldOut.Texts.Count), Is.EqualTo((70, 5)));
        Assert.That(Load().Train.Drawn, Is.EqualTo(set.Train.Drawn));
        Assert.That(Load(seed: 2).Train.Drawn, Is.Not.EqualTo(set.Train.Drawn));
        Assert.That(set.Train.Texts.Distinct().Count(), Is.EqualTo(70));
        Assert.That(set.Train.Texts.Intersect(set.HeldOut.Texts), Is.Empty);
        Assert.That(set.Train.Texts, Has.Some.StartsWith("Once upon a time"));
        Assert.That(set.Summary, Does.StartWith("70 texts of at most 24 tokens and 5 held out, drawn from ").And.EndsWith(", seed 1"));
    }

    [Test]
    public void Rows_are_the_ids_that_were_drawn_and_a_text_that_is_cut_has_no_end()
    {
        using var scope = NewDisposeScope();
        var set = Load();
        var tokenizer = new PretrainedTokenizerOptions { Path = Model }.Build(new TokenizerContext("", []));
        using var side = EncodedSide.Of(set.Train, new TextEncoder(tokenizer, Length));
        var rows = TrainingRig.All(side.Texts).data<long>().ToArray().Chunk(Length).ToArray();
        Assert.That(rows.Length, Is.EqualTo(70));
        foreach (var (row, drawn) in rows.Zip(set.Train.Drawn!))
        {
            Assert.That(row[..drawn.Length], Is.EqualTo(drawn.Select(id => (long)id)));
            Assert.That(row[drawn.Length..],
                Is.All.EqualTo((long)tokenizer.EndId!.Value).Or.All.EqualTo((long)tokenizer.PaddingId).Or.Empty);
        }
        Assert.That(set.Train.Drawn!.Count(ids => ids.Length == Length), Is.GreaterThan(60), "most are cut");
        // Some texts have other ids when they are encoded anew, which is why those that were drawn are kept.
        var anew = set.Train.Texts.Select(tokenizer.Encode).Zip(set.Train.Drawn!).Count(pair => !pair.First.SequenceEqual(pair.Second));
        TestContext.Out.WriteLine($"{anew} of 70 texts would be encoded to other ids");
    }

    [Test]
    public void A_text_too_long_for_the_model_is_rejected()
    {
        var options = new SamplesDataOptions { Model = Model };
        Assert.That(Assert.Throws<InvalidInputException>(() => options.Load(new DataContext("r", "", 513)))!.Message,
            Does.StartWith("$.length: is 513; the model of the data set 'r' reads at most 512 tokens ("));
    }
}
