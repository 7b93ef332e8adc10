using TextGan.Data;
using TextGan.Data.Grammar;
using TextGan.Data.Teachers;
using TextGan.Generators;
using TextGan.Problems;
using TextGan.Tests.Generators.Pretrained;
using TextGan.Tests.Metrics;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Data.Teachers;

public sealed class LanguageModelTeacherTests
{
    // p(next | last); row: last token. 0 is start and end, 1 unknown, 2 "a", 3 "b".
    static readonly double[,] Probabilities = { { .1, .1, .5, .3 }, { .25, .25, .25, .25 }, { .2, .1, .1, .6 }, { .4, .1, .3, .2 } };

    static LanguageModelTeacher Teacher(double temperature = 1, double lengthPower = 1, double? above = null)
    {
        var logits = new float[4, 4];
        for (var i = 0; i < 4; i++)
            for (var j = 0; j < 4; j++) logits[i, j] = (float)Math.Log(Probabilities[i, j]);
        return new LanguageModelTeacher(new BigramGenerator(logits), Encoder(100),
            new() { Temperature = temperature, LengthPower = lengthPower, Above = above });
    }

    static TextEncoder Encoder(int length) => new(WordTokenizer.Restore(["<end>", "<unk>", "a", "b"]), length);

    static void AssertScores(LanguageModelTeacher teacher, TeacherText[] texts, double[] expected) =>
        Assert.That(teacher.Score(texts), Is.EqualTo(expected).Within(1e-5));

    [Test]
    public void Scores_by_hand_with_ends_and_prompts()
    {
        using var teacher = Teacher();
        AssertScores(teacher, [new("a b"), new("a b", null, false), new("b", "a"), new("")],
        [
            Math.Log(.5 * .6 * .4) / 3, // start a b end
            Math.Log(.5 * .6) / 2, // cut: no end
            Math.Log(.6 * .4) / 2, // the prompt is read, and not counted
            Math.Log(.1), // the end alone
        ]);
        using var between = Teacher(lengthPower: 0.5);
        AssertScores(between, [new("a b")], [Math.Log(.5 * .6 * .4) / Math.Sqrt(3)]);
        using var sums = Teacher(lengthPower: 0);
        AssertScores(sums, [new("a b"), new("b", "a")], [Math.Log(.5 * .6 * .4), Math.Log(.6 * .4)]);
        // Logits halved: p ∝ √p; the rows' sums of roots.
        double Half(int from, int to) => Math.Log(Math.Sqrt(Probabilities[from, to])
            / Enumerable.Range(0, 4).Sum(id => Math.Sqrt(Probabilities[from, id])));
        using var warm = Teacher(temperature: 2);
        AssertScores(warm, [new("a b")], [(Half(0, 2) + Half(2, 3) + Half(3, 0)) / 3]);
    }

    [Test]
    public void Texts_of_other_lengths_beside_it_and_other_batches_change_nothing()
    {
        using var teacher = Teacher();
        string Words(int i) => string.Join(' ', Enumerable.Range(0, i % 7).Select(k => (i + k) % 3 == 0 ? "a" : "b"));
        TeacherText[] texts = [.. Enumerable.Range(0, 70).Select(i => new TeacherText(Words(i), i % 2 == 0 ? "b a" : null))];
        Assert.That(teacher.Score(texts), Is.EqualTo(texts.Select(text => teacher.Score([text])[0])).Within(1e-5));
    }

    [Test]
    public void It_prefers_the_likelier_text_and_labels_by_a_threshold()
    {
        using var teacher = Teacher(above: -0.7);
        // "a b" -0.71, "b a" (.3 .3 .2) -1.34, the empty text ln .1.
        Assert.That(teacher.Prefer([(new("a b"), new("b a")), (new("b a"), new("a b")), (new("a"), new("a"))]),
            Is.EqualTo(new[] { 1, 0, 0.5 }));
        Assert.That(teacher.Label([new("a b"), new("b a"), new("a b", null, false)]), Is.EqualTo(new[] { false, false, true }));
        Assert.That((new LanguageModelTeacherOptions().CanLabel, new LanguageModelTeacherOptions { Above = -1 }.CanLabel),
            Is.EqualTo((false, true)));
        // Of a text without any token nothing can be said; its sum, 0, would make it the best of all.
        Assert.That(teacher.Score([new("", null, false)])[0], Is.NaN);
        Assert.That(teacher.Prefer([(new("", null, false), new("b a"))]), Is.EqualTo(new[] { 0.5 }));
        Assert.That(teacher.Label([new("", null, false)]), Is.EqualTo(new[] { false }));
        using var blunt = Teacher();
        Assert.That(() => blunt.Label([new("a")]), Throws.TypeOf<NotSupportedException>());
    }

    /// <summary>Gives each text a higher score than the one before, as last bits may.</summary>
    sealed class Rising : Teacher
    {
        public override IReadOnlyList<double> Score(IReadOnlyList<TeacherText> texts) => [.. texts.Select((_, i) => (double)i)];
    }

    [Test]
    public void Of_two_equal_texts_none_is_preferred()
    {
        using var teacher = new Rising();
        Assert.That(teacher.Prefer([(new("a"), new("a")), (new("a"), new("b")), (new("a", "q"), new("a", "r"))]),
            Is.EqualTo(new[] { 0.5, 0, 0 }));
    }

    /// <summary>A GPT-2 of 16 positions: of a prompt the last 8 tokens are read, of the text what still has room.</summary>
    [Test]
    public void What_the_model_does_not_read_is_left_out()
    {
        manual_seed(1);
        using var teacher = new LanguageModelTeacher(new Gpt2Generator(new Gpt2Shape(4, 8, 2, 2, 12, 16)), Encoder(16), new());
        string Words(int count, string word) => string.Join(' ', Enumerable.Repeat(word, count));
        var cut = teacher.Score([new(Words(30, "b"), Words(20, "a"))])[0];
        Assert.That(cut, Is.EqualTo(teacher.Score([new(Words(8, "b"), Words(8, "a"), Ended: false)])[0]).Within(1e-6));
        Assert.That(cut, Is.Not.EqualTo(teacher.Score([new(Words(8, "b"), Words(7, "a"), Ended: false)])[0]).Within(1e-6));
    }

    [Test]
    public void A_real_model_prefers_stories_to_their_words_in_another_order()
    {
        if (SharedData.Find("models/stories260k") is not { } model) { Assert.Ignore("The model stories260k is not there."); return; }
        using var teacher = new LanguageModelTeacherOptions { Model = model }.Build(new TeacherContext("", CPU));
        const string story = "Once upon a time, there was a little girl named Lily. She loved to play with her dog.";
        var scores = teacher.Score([new(story, null, false), new(string.Join(' ', story.Split(' ').Reverse()), null, false)]);
        Assert.That(scores[0], Is.GreaterThan(-1.5));
        Assert.That(scores[1], Is.LessThan(scores[0] - 1));
    }

    [Test]
    public void A_folder_without_a_tokenizer_is_rejected()
    {
        using var files = new TemporaryFiles();
        TinyModel.Write(files.PathOf("model"), TinyModel.Llama);
        var options = new LanguageModelTeacherOptions { Model = files.PathOf("model") };
        Assert.That(Assert.Throws<InvalidInputException>(() => options.Check(new TeacherContext("", CPU)))!.Message,
            Does.Contain("The folder has no tokenizer"));
        Assert.That(new LanguageModelTeacherOptions().Validate("$.t").Single().ToString(),
            Is.EqualTo("$.t.model: is empty; name the folder of a model."));
    }

    [Test]
    public void The_truth_labels_and_prefers()
    {
        var set = new GrammarDataOptions { Set = GrammarSet.Helpfulness, Sentences = 20, HeldOut = 0 }
            .Load(new DataContext("grammar", "", 26));
        var context = new TeacherContext("", CPU) { DataSet = _ => set, Place = "$.teacher" };
        var options = new AttributeTeacherOptions { Data = "grammar", Attribute = "helpful" };
        options.Check(context);
        using var teacher = options.Build(context);
        TeacherText[] good = [.. set.Train.Texts.Select(text => new TeacherText(text))];
        TeacherText[] bad = [.. set.Train.Rejected!.Select(text => new TeacherText(text))];
        Assert.That(teacher.Label(good), Is.All.True);
        Assert.That(teacher.Label(bad), Is.All.False);
        Assert.That(teacher.Prefer([(good[0], bad[0]), (bad[1], good[1]), (good[0], good[1])]), Is.EqualTo(new[] { 1, 0, 0.5 }));
        Assert.That(Assert.Throws<InvalidInputException>(() => (options with { Attribute = "witty" }).Check(context))!.Message,
            Is.EqualTo("$.teacher: data set 'grammar' does not decide the attribute 'witty'; it decides: grammatical, harmless, helpful."));
    }
}
