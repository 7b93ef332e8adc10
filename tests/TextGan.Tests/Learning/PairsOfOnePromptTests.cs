using TextGan.Data;
using TextGan.Data.Teachers;
using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Experiments;
using TextGan.Learning.Updates;
using TextGan.Runs;
using TextGan.Runs.Recording;
using TextGan.Tests.Runs;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

/// <summary>Adversarial distillation: Bradley-Terry's loss on a real and a generated answer to the same prompt.</summary>
public sealed class PairsOfOnePromptTests
{
    const int Batch = 6;

    static readonly string[] Letters = ["a", "b", "c", "d", "e", "f"];

    /// <summary>Prompts of one and of two words, each once: "a", "b a", "c", "d a", ...</summary>
    static readonly string[] Prompts =
        [.. Letters.Select((one, i) => i % 2 == 0 ? one : $"{one} a"), .. Letters.Select(one => $"e {one}"), "c c"];

    readonly List<(long[] Ids, int Prompt)[]> updates = []; // of each update the rows of both sides

    /// <summary>Three iterations of a discriminator that learns twice in each and once before, and of another one with the same
    /// data.</summary>
    MetricLine[] Train(AdversarialLossOptions loss, OpponentOptions opponents, bool answers = true, DiscriminatorOptions? more = null)
    {
        updates.Clear();
        using var files = new TemporaryFiles();
        DataSplit Split(int count) => new([.. Prompts.Take(count).Select((_, i) => $"x {Letters[i % 6]}")],
            [.. Prompts.Take(count).Select((_, i) => $"y {Letters[i % 5]}")], answers ? [.. Prompts.Take(count)] : null);
        var set = new DataSet("answers", Split(Prompts.Length), Split(3), "");
        var encoder = new TextEncoder(WordTokenizer.Restore(["<end>", "<unk>", .. Letters, "x", "y"]), TrainingRig.Length, 3);
        using var materials = new Materials(new Dictionary<string, DataSet> { ["answers"] = set }, encoder,
            new Dictionary<string, EncodedSet> { ["answers"] = TrainingRig.Encode(set, encoder) });
        var options = TrainingRig.Experiment with
        {
            Prompts = answers ? "answers" : null, PromptLength = answers ? 3 : null, Pretraining = null,
            Training = TrainingRig.Experiment.Training with { Iterations = 3 },
            Discriminators =
            [
                TrainingRig.Read("""{"kind":"bag","name":"other","data":"answers","batch":4}""")[0],
                new ScriptedOptions
                {
                    Name = "d", Data = "answers", Batch = Batch, Loss = loss, Opponents = opponents, StepsPerIteration = 2,
                    PretrainingSteps = 1, Seen = Note,
                },
                .. more is null ? (DiscriminatorOptions[])[] : [more],
            ],
            Estimator = new PolicyGradientOptions { GroupSize = more is null ? null : 2 },
        };
        var assembly = new RunAssembly(options, materials, CPU, 1);
        using var parts = assembly.BuildAdversarialParts(assembly.BuildGenerator());
        using (var log = new MetricLog(files.PathOf("metrics.jsonl")))
        {
            var recorder = new Recorder(files.PathOf("samples"), files.PathOf("checkpoints"), 2, log, new SilentObserver());
            using var loop = new TextGan.Learning.AdversarialLoop(options.Training, options.Evaluation, parts, encoder,
                assembly.BuildEvaluator(), recorder, 1);
            loop.Run(default);
        }
        return [.. MetricLog.ReadLines(files.PathOf("metrics.jsonl")).Select(MetricLine.Parse)];
    }

    void Note(TextBatch texts, bool learns)
    {
        if (!learns) return;
        var prompts = (texts.Mask - texts.Response).sum(1).data<float>().ToArray();
        updates.Add([.. texts.Ids.data<long>().ToArray().Chunk(TrainingRig.Length).Zip(prompts, (ids, prompt) => (ids, (int)prompt))]);
    }

    static long[] PromptOf((long[] Ids, int Prompt) row) => row.Ids[..row.Prompt];

    /// <summary>Of all updates: the share of generated texts that answer the prompt of the real text so many rows further.</summary>
    double Sharing(int shift = 0, int from = 0) => updates.SelectMany(rows => Enumerable.Range(from, Batch - from).Select(i =>
        PromptOf(rows[(i + shift) % Batch]).SequenceEqual(PromptOf(rows[Batch + i])) ? 1.0 : 0)).Average();

    [Test]
    public void ARealAndAGeneratedTextOfAPairAnswerTheSamePrompt()
    {
        using var scope = NewDisposeScope();
        var lines = Train(new BradleyTerryLossOptions(), new OpponentOptions());
        Assert.That(updates, Has.Count.EqualTo(7), "one before, two in each iteration");
        Assert.That(Sharing(), Is.EqualTo(1));
        Assert.That(Sharing(shift: 1), Is.Zero, "a shift by one row would be seen");
        Assert.That(updates.SelectMany(rows => rows[..Batch]).Select(row => string.Join(' ', PromptOf(row))).Distinct().Count(),
            Is.EqualTo(Prompts.Length), "all texts have their turn");
        var answers = updates.SelectMany(rows => rows).GroupBy(row => string.Join(' ', PromptOf(row)));
        Assert.That(answers.Select(group => group.Select(row => string.Join(' ', row.Ids)).Distinct().Count()), Has.Some.GreaterThan(2),
            "the generated side is the generator's");
        // -log σ(D(real) - D(generated)) by hand; the logit is the mean over positions up to the end of -1 + 2·id/9.
        var line = lines.Last(one => one.Values.ContainsKey("discriminator/d/loss"));
        var expected = updates[^2..].Average(rows => Enumerable.Range(0, Batch).Average(i =>
            Math.Log(1 + Math.Exp(Logit(rows[Batch + i]) - Logit(rows[i])))));
        Assert.That(line.Values["discriminator/d/loss"], Is.EqualTo(expected).Within(0.02), "its weights move by 0.001 in each update");
    }

    static double Logit((long[] Ids, int Prompt) row)
    {
        var end = Array.IndexOf(row.Ids, 0L);
        return row.Ids[..(end < 0 ? row.Ids.Length : end + 1)].Sum(id => -1 + 2 * id / 9.0) / row.Ids.Length;
    }

    /// <summary>Rejected texts come with their own chosen ones.</summary>
    [Test]
    public void RejectedTextsKeepTheirPartners()
    {
        using var scope = NewDisposeScope();
        Train(new BradleyTerryLossOptions(), new OpponentOptions { Rejected = 1 });
        Assert.That(Sharing(from: 3), Is.EqualTo(1));
        Assert.That(updates.SelectMany(rows => rows[Batch..(Batch + 3)]).Select(row => row.Ids[row.Prompt]), Is.All.EqualTo(9), "y");
        Assert.That(Sharing(), Is.EqualTo(1), "a rejected text answers the prompt of its chosen one");
        Assert.That(updates.SelectMany(rows => rows[..Batch]).Select(row => row.Ids[row.Prompt]), Is.All.EqualTo(8), "x");
    }

    sealed record SpyOptions(List<(TeacherText First, TeacherText Second)> Asked) : TeacherOptions
    {
        public override bool CanPrefer => true;

        public override Teacher Build(TeacherContext context) => new Spy(Asked);
    }

    sealed class Spy(List<(TeacherText First, TeacherText Second)> asked) : Teacher
    {
        public override IReadOnlyList<double> Prefer(IReadOnlyList<(TeacherText First, TeacherText Second)> pairs)
        {
            asked.AddRange(pairs);
            return [.. pairs.Select(_ => 1.0)];
        }
    }

    /// <summary>Those before the first update as well as those of the generator's batches.</summary>
    [Test]
    public void ATeacherComparesTwoAnswersToOnePrompt()
    {
        using var scope = NewDisposeScope();
        var asked = new List<(TeacherText First, TeacherText Second)>();
        Train(new NonSaturatingLossOptions(), new OpponentOptions(), more: new BagDiscriminatorOptions
        {
            Name = "p", Embedding = 4, Hidden = 4, Loss = new BradleyTerryLossOptions(),
            TeacherPreference = new() { Teacher = new SpyOptions(asked), WarmUp = 7 },
        });
        Assert.That(asked, Has.Count.EqualTo(7 + (3 * 4)), "7 before, 4 of each batch of 8");
        Assert.That(asked.Select(pair => pair.First.Prompt), Is.EqualTo(asked.Select(pair => pair.Second.Prompt)).And.None.Null);
        Assert.That(asked[..7].Select(pair => pair.First.Prompt).Distinct().Count(), Is.GreaterThan(4));
        Assert.That(asked.Count(pair => pair.First.Text != pair.Second.Text), Is.GreaterThan(5));
    }

    [Test]
    public void OtherLossesDrawRealTextsByThemselves()
    {
        using var scope = NewDisposeScope();
        Train(new NonSaturatingLossOptions(), new OpponentOptions());
        Assert.That(Sharing(), Is.LessThan(0.5));
    }

    [Test]
    public void WithoutPromptsAnyTwoTextsAreAPair()
    {
        using var scope = NewDisposeScope();
        Train(new BradleyTerryLossOptions(), new OpponentOptions { Replayed = 1 }, answers: false);
        Assert.That(updates, Has.Count.EqualTo(7));
        Assert.That(updates.SelectMany(rows => rows).Select(row => row.Prompt), Is.All.Zero);
    }
}
