using TextGan.Data.Rules;
using TextGan.Data.Teachers;
using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Learning;
using TextGan.Storage;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

public sealed class PreferenceLabelsTests
{
    // Ids of the rig: 0 end, 1 unknown, 2 to 7 "a" to "f".
    static readonly TeacherPreferenceOptions Options = new()
    {
        Teacher = new RuleTeacherOptions { Rule = new ContainsRuleOptions { Text = "a" } },
    };

    static PreferenceLabels Labels(TrainingRig rig, TeacherPreferenceOptions options, Teacher? teacher = null) =>
        new(options, teacher ?? options.Teacher.Build(new TeacherContext("", CPU)), rig.Materials.Encoder, 1, "p");

    /// <summary>Each text has one word, by its id; texts 2i and 2i+1 are a pair.</summary>
    static TextBatch Pairs(params long[] words)
    {
        var ids = zeros(words.Length, TrainingRig.Length, int64);
        for (var i = 0; i < words.Length; i++) ids[i, 0] = tensor(words[i]);
        return new TextBatch(ids, 0);
    }

    static (long Better, long Worse)[] Drawn(PreferenceLabels labels, int count)
    {
        var (better, worse) = labels.Next(count, 0, CPU);
        Assert.That((worse.Rejected, worse.Replayed, worse.Generated), Is.EqualTo((count, 0, 0)));
        return [.. Words(better).Zip(Words(worse.Texts))];

        static long[] Words(TextBatch texts) => texts.Ids.select(1, 0).data<long>().ToArray();
    }

    [Test]
    public void Updates_read_the_preferred_text_of_each_pair_first()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        using var labels = Labels(rig, Options);
        Assert.That(labels.HasPairs, Is.False);
        Assert.That(labels.Label(Pairs(2, 3, 4, 2, 5, 6)), Is.EqualTo(new[] { 1, 0, 0.5 }));
        var drawn = Drawn(labels, 300);
        Assert.That(drawn.Distinct(), Is.EquivalentTo(new (long, long)[] { (2, 3), (2, 4), (5, 6), (6, 5) }));
        // Where none is preferred each is the better one about half of the time (100 of 300 draws; five deviations are 25).
        Assert.That(drawn.Count(pair => pair == (5, 6)), Is.EqualTo(drawn.Count(pair => pair == (6, 5))).Within(50));
    }

    [Test]
    public void A_share_of_the_labels_is_wrong_for_good_and_the_answers_are_the_teachers()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        using var labels = Labels(rig, Options with { LabelNoise = 0.3, Keep = 1000 });
        long[] words = [.. Enumerable.Range(0, 1000).SelectMany(i => new long[] { 2, 3 + i % 5 })];
        Assert.That(labels.Label(Pairs(words)), Is.All.EqualTo(1));
        var wrong = Drawn(labels, 3000).Count(pair => pair.Worse == 2) / 3000.0;
        Assert.That(wrong, Is.EqualTo(0.3).Within(0.08)); // 1,000 labels: deviation .014, draws .008
        using var right = Labels(rig, Options);
        right.Label(Pairs(words));
        Assert.That(Drawn(right, 1000).Select(pair => pair.Better), Is.All.EqualTo(2));
    }

    [Test]
    public void Budget_cadence_and_warm_up()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        using var labels = Labels(rig, Options with { Labels = 5, Every = 2, Batch = 2, WarmUp = 2 });
        Assert.That(labels.ToWarmUp, Is.EqualTo(2));
        labels.Label(Pairs(2, 3, 4, 5));
        Assert.That((labels.ToWarmUp, labels.Labels), Is.EqualTo((0, 2L)));
        Assert.That(Enumerable.Range(0, 4).Select(i => labels.CountAt(i, 4)), Is.EqualTo(new[] { 2, 0, 2, 0 }));
        Assert.That(labels.CountAt(0, 1), Is.EqualTo(1), "no more than there are");
        labels.Label(Pairs(2, 3, 4, 5));
        Assert.That(labels.CountAt(4, 4), Is.EqualTo(1), "what is left");
        using var few = Labels(rig, Options with { Labels = 5 });
        Assert.That(few.ToWarmUp, Is.EqualTo(5));
    }

    [Test]
    public void The_newest_pairs_are_kept_and_a_checkpoint_holds_them()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var options = Options with { Keep = 2, LabelNoise = 0.5 };
        using var labels = Labels(rig, options);
        labels.Label(Pairs(2, 3, 2, 4));
        labels.Label(Pairs(5, 2));
        var bag = new StateBag();
        labels.Save(bag);
        using var resumed = Labels(rig, options);
        resumed.Load(bag);
        var drawn = Drawn(labels, 40);
        Assert.That(drawn.Select(pair => Math.Max(pair.Better, pair.Worse)).Distinct().Order(), Is.EqualTo(new long[] { 4, 5 }));
        Assert.That(Drawn(resumed, 40), Is.EqualTo(drawn));
        labels.Label(Pairs(2, 6, 2, 7));
        resumed.Label(Pairs(2, 6, 2, 7));
        Assert.That((resumed.Labels, Drawn(resumed, 40)), Is.EqualTo((labels.Labels, Drawn(labels, 40))), "the same labels are wrong");
        bag.Clear();
    }

    [Test]
    public void Agreement_counts_pairs_with_a_preference()
    {
        Assert.That(PreferenceLabels.Agreement([1, 0, 0.5, 1], [2, 1, 5, 4, 1, 0, 3, 3]), Is.EqualTo((1 + 0 + 0.5) / 3));
        Assert.That(PreferenceLabels.Agreement([0.5], [1, 2]), Is.Null);
        Assert.That(PreferenceLabels.Agreement([1, 1, 0], [double.NaN, 1, double.PositiveInfinity, double.PositiveInfinity, 1, 2]),
            Is.EqualTo((0.5 + 0.5 + 1) / 3), "a reward model that diverges says nothing, and does not end the run here");
    }

    sealed class Spy : Teacher
    {
        public List<(TeacherText, TeacherText)> Asked { get; } = [];

        public override IReadOnlyList<double> Prefer(IReadOnlyList<(TeacherText First, TeacherText Second)> pairs)
        {
            Asked.AddRange(pairs);
            return [.. pairs.Select(_ => 1.0)];
        }
    }

    [Test]
    public void The_teacher_reads_responses_prompts_and_whether_a_text_ended()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var spy = new Spy();
        using var labels = Labels(rig, Options, spy);
        labels.Label(new TextBatch(tensor(new long[,] { { 2, 3, 4, 0, 0, 0 }, { 2, 3, 5, 6, 7, 2 } }), 0,
            promptLengths: tensor(new long[] { 2, 2 })));
        labels.Label(new TextBatch(tensor(new long[,] { { 2, 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0, 0 } }), 0));
        Assert.That(spy.Asked, Is.EqualTo(new[]
        {
            (new TeacherText("c", "a b"), new TeacherText("d e f a", "a b", Ended: false)), (new TeacherText("a"), new TeacherText("")),
        }));
    }

    static MetricLine[] Train(TrainingRig rig, string preference, string more = "", int iterations = 4)
    {
        var options = TrainingRig.Experiment with
        {
            Pretraining = null,
            Training = TrainingRig.Experiment.Training with { Iterations = iterations, Batch = 16 },
            Discriminators = TrainingRig.Read($$"""
                {"kind":"bag","name":"p","embedding":8,"hidden":8,"batch":16,"loss":{"kind":"bradley-terry"},{{more}}
                 "optimizer":{"kind":"adam","learningRate":0.02},
                 "teacherPreference":{"teacher":{"kind":"rule","rule":{"kind":"contains","text":"a"} }, {{preference}} } }
                """),
        };
        return rig.Train(options);
    }

    [Test]
    public void A_run_logs_labels_and_learns_before_it_begins()
    {
        using var rig = new TrainingRig();
        var lines = Train(rig, """ "warmUp":10,"labels":24,"every":2 """, """ "pretrainingSteps":2, """);
        var labels = lines.Where(line => line.Values.ContainsKey("discriminator/p/labels"))
            .Select(line => line.Values["discriminator/p/labels"]);
        Assert.That(labels, Is.EqualTo(new double[] { 18, 18, 24, 24 }));
        Assert.That(lines.Count(line => line.Phase == "discriminator-pretraining" && line.Values.ContainsKey("discriminator/p/loss")),
            Is.GreaterThan(0));
        var last = lines.Last(line => line.Values.ContainsKey("discriminator/p/loss"));
        Assert.That(last.Values.Keys, Has.None.EqualTo("discriminator/p/accuracyGenerated")
            .And.Some.EqualTo("discriminator/p/accuracyRejected"));
    }

    [Test]
    public void Without_a_warm_up_it_learns_from_the_first_labels_on()
    {
        using var rig = new TrainingRig();
        var lines = Train(rig, """ "warmUp":0 """);
        Assert.That(lines.Where(line => line.Values.ContainsKey("total")).Select(line => line.Values.ContainsKey("discriminator/p/loss")),
            Is.EqualTo(new[] { false, true, true, true }));
    }

    /// <summary>A reward model comes to agree with its teacher on pairs that it has not seen; from noise alone it learns nothing.</summary>
    [Test]
    public void It_learns_what_the_teacher_prefers([Values(0, 0.2, 0.5)] double noise)
    {
        using var rig = new TrainingRig();
        var lines = Train(rig, $""" "warmUp":400,"labelNoise":{noise.ToString(System.Globalization.CultureInfo.InvariantCulture)} """,
            """ "pretrainingSteps":150,"freezeAfter":12,"weight":0, """, iterations: 12);
        var agreement = lines.Where(line => line.Values.ContainsKey("discriminator/p/labelAgreement"))
            .Average(line => line.Values["discriminator/p/labelAgreement"]);
        if (noise < 0.5) Assert.That(agreement, Is.GreaterThan(0.85));
        else Assert.That(agreement, Is.LessThan(0.7)); // it may as well have learnt the opposite
    }

    [TestCase(""" "loss":{"kind":"hinge"} """,
        "$.d.loss: 'teacherPreference' gives pairs of a better and a worse text; write \"loss\": { \"kind\": \"bradley-terry\" }.")]
    [TestCase(""" "loss":{"kind":"bradley-terry"},"opponents":{"generated":0,"rejected":1} """,
        "$.d.opponents: it learns from the pairs of 'teacherPreference' alone; leave it out.")]
    [TestCase(""" "loss":{"kind":"bradley-terry"},"match":{"length":true} """,
        "$.d.match: it learns from the pairs of 'teacherPreference' alone; leave it out.")]
    [TestCase(""" "loss":{"kind":"bradley-terry"} """, null)]
    public void Contradictions_are_rejected(string more, string? message)
    {
        var options = TrainingRig.Read($$$"""
            {"kind":"bag","name":"p",{{{more}}},"teacherPreference":{"teacher":{"kind":"rule","rule":{"kind":"contains","text":"a"} } } }
            """)[0];
        Assert.That(options.Validate("$.d").Select(problem => problem.ToString()), Is.EqualTo(message is null ? [] : new[] { message }));
    }
}
