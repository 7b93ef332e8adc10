using TextGan.Data;
using TextGan.Data.Teachers;
using TextGan.Generators.Pretrained;
using TextGan.Generators.Sampling;
using TextGan.Problems;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Data;

/// <summary>Answers of a model that others trained (stories260k).</summary>
public sealed class TeacherAnswersDataTests
{
    const int Length = 32;

    static readonly string[] Beginnings =
        ["Once upon a time", "Lily", "The dog was very happy and", "Tom saw a big", "One day, a little girl"];

    static string Model => SharedData.Find("models/stories260k")
        ?? throw new IgnoreException("The model stories260k is not in the shared data (models/stories260k).");

    static DataSet Load(string[] prompts, LanguageModelTeacherOptions? teacher = null, double heldOut = 0)
    {
        using var files = new TemporaryFiles();
        var path = files.PathOf("prompts.txt");
        File.WriteAllLines(path, prompts);
        return new TeacherAnswersDataOptions { Path = path, Teacher = teacher ?? new() { Model = Model }, HeldOut = heldOut }
            .Load(new DataContext("answers", "", Length) { PromptLength = 16 });
    }

    static readonly string[] seventy = [.. Enumerable.Range(0, 70).Select(i => Beginnings[i % 5])];

    [Test]
    public void The_seed_decides_the_answers_and_a_share_is_held_out_with_its_prompts()
    {
        var set = Load(seventy, heldOut: 0.1);
        Assert.That((set.Train.Texts.Count, set.HeldOut.Texts.Count, set.IsStandIn), Is.EqualTo((63, 7, false)));
        Assert.That(set.Summary, Does.StartWith("63 prompts and 7 held out from ").And.EndsWith(", answered by the teacher"));
        var whole = Load(seventy);
        Assert.That(whole.Train.Prompts, Is.EqualTo(seventy));
        Assert.That(set.Train.Drawn!.Concat(set.HeldOut.Drawn!), Is.EquivalentTo(whole.Train.Drawn!));
        foreach (var (prompt, ids) in set.Train.Prompts!.Zip(set.Train.Drawn!))
            Assert.That(whole.Train.Prompts!.Zip(whole.Train.Drawn!), Has.Some.Matches<(string Prompt, int[] Ids)>(one =>
                one.Prompt == prompt && one.Ids.SequenceEqual(ids)), "an answer stays with its prompt");
        Assert.That(Load(seventy).Train.Drawn, Is.EqualTo(whole.Train.Drawn));
        Assert.That(Load(seventy, new() { Model = Model, Seed = 2 }).Train.Drawn, Is.Not.EqualTo(whole.Train.Drawn));
        Assert.That(whole.Train.Texts.Distinct().Count(), Is.GreaterThan(60));
    }

    /// <summary>Greedy answers by the model's logits, a token at a time and without a batch or a cache.</summary>
    [Test]
    public void Answers_continue_their_prompts()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var set = Load(Beginnings, new() { Model = Model, Sampling = new SamplingOptions { Temperature = 0 } });
        using var model = PretrainedModel.Read(Model, CPU);
        var tokenizer = new PretrainedTokenizerOptions { Path = Model }.Build(new TokenizerContext("", []));
        for (var i = 0; i < Beginnings.Length; i++)
        {
            var row = new List<long>(tokenizer.Encode(Beginnings[i]).Select(id => (long)id));
            Assert.That(set.Train.Drawn![i], Has.Length.EqualTo(Length - row.Count), "none ends so soon");
            foreach (var id in set.Train.Drawn![i])
            {
                using var state = model.Start(1, Length + 1);
                var read = tensor((long[])[tokenizer.StartId, .. row], [1, row.Count + 1], int64);
                var logits = model.Logits(model.Prefill(read, state).select(1, row.Count));
                Assert.That(logits.argmax(1).item<long>(), Is.EqualTo(id), Beginnings[i]);
                row.Add(id);
            }
            Assert.That(set.Train.Texts[i], Is.EqualTo(tokenizer.Decode(set.Train.Drawn![i])));
        }
    }

    [Test]
    public void Nothing_would_be_left_of_one_prompt()
    {
        _ = Model; // without it there is nothing to test
        Assert.That(() => Load(["one"], heldOut: 0.5), Throws.TypeOf<InvalidInputException>()
            .With.Message.EndsWith("With 1 prompt in all, nothing would be left for training."));
    }
}
