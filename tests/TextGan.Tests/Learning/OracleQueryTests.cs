using TextGan.Data.Rules;
using TextGan.Data.Teachers;
using TextGan.Discriminators;
using TextGan.Learning;
using TextGan.Storage;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

/// <summary>Which texts a teacher is asked about. Ids of the rig: 0 end, 1 unknown, 2 to 7 "a" to "f"; "a" has the property.</summary>
public sealed class OracleQueryTests
{
    static readonly OracleQueryOptions Options = new()
    {
        Teacher = new RuleTeacherOptions { Rule = new ContainsRuleOptions { Text = "a" } }, Labels = 5, Batch = 2, Pool = 4, Share = 1,
    };

    /// <summary>Notes what it is asked, and says nothing of texts with "b".</summary>
    sealed class NotingTeacher : Teacher
    {
        public List<string> Asked { get; } = [];

        public override IReadOnlyList<bool?> LabelSome(IReadOnlyList<TeacherText> texts)
        {
            Asked.AddRange(texts.Select(one => one.Text));
            return [.. texts.Select(one => one.Text == "b" ? (bool?)null : one.Text == "a")];
        }
    }

    static TextBatch Batch(params long[] firsts)
    {
        var ids = zeros(firsts.Length, TrainingRig.Length, int64);
        for (var i = 0; i < firsts.Length; i++) ids[i, 0] = tensor(firsts[i]);
        return new TextBatch(ids, 0);
    }

    static OracleQuery Query(TrainingRig rig, OracleQueryOptions options, Teacher teacher, bool resample = false) =>
        new(options, teacher, rig.Materials.Encoder, 1, "q", resample);

    [Test]
    public void Those_on_which_the_members_disagree_most_are_asked_about()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var teacher = new NotingTeacher();
        using var query = Query(rig, Options, teacher);
        var figures = query.Ask(0, Batch(2, 4, 5, 6), [0.3, 0.1, 0.4, 0.3]);
        Assert.That(teacher.Asked, Is.EqualTo(new[] { "d", "a" }), "of equal ones the first");
        Assert.That(figures.Keys, Is.EqualTo(new[] { "labels", "asked", "poolDisagreement", "askedDisagreement", "labelRate" }));
        Assert.That(figures.Values, Is.EqualTo(new[] { 2, 2, 0.275, 0.35, 0.5 }).Within(1e-12));
        var (real, opposing) = query.Mix(Batch(7, 7), Batch(7, 7), 0);
        Assert.That(real.Ids.select(1, 0).data<long>().ToArray(), Is.EqualTo(new long[] { 2, 2 }));
        Assert.That(opposing.Ids.select(1, 0).data<long>().ToArray(), Is.EqualTo(new long[] { 5, 5 }));
    }

    [Test]
    public void Nothing_is_asked_twice_and_the_budget_is_never_exceeded()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var teacher = new NotingTeacher();
        using var query = Query(rig, Options with { Every = 2 }, teacher);
        Assert.That(Enumerable.Range(0, 4).Select(i => query.PoolAt(i)), Is.EqualTo(new[] { 4, 0, 4, 0 }));
        query.Ask(0, Batch(4, 4, 4, 2), [0.4, 0.4, 0.4, 0.1]);
        Assert.That(teacher.Asked, Is.EqualTo(new[] { "c", "a" }), "three times the same");
        query.Ask(2, Batch(2, 4, 5, 6), [0.4, 0.4, 0.1, 0.2]);
        Assert.That(teacher.Asked[2..], Is.EqualTo(new[] { "e", "d" }), "the first two were labelled before");
        Assert.That(query.Ask(4, Batch(7, 1, 5, 5), [0.4, 0.3, 0.2, 0.1])["labels"], Is.EqualTo(5));
        Assert.That(teacher.Asked[4..], Is.EqualTo(new[] { "f" }), "one label was left");
        Assert.That((query.PoolAt(6), query.Labels), Is.EqualTo((0, 5)));
    }

    sealed class Spy : Teacher
    {
        public List<TeacherText> Asked { get; } = [];

        public override IReadOnlyList<bool> Label(IReadOnlyList<TeacherText> texts)
        {
            Asked.AddRange(texts);
            return [.. texts.Select(one => one.Ended)];
        }
    }

    [Test]
    public void The_teacher_reads_responses_prompts_and_whether_a_text_ended()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var spy = new Spy();
        using var query = Query(rig, Options, spy);
        var texts = new TextBatch(tensor(new long[,] { { 2, 3, 4, 0, 0, 0 }, { 2, 5, 6, 7, 2, 2 } }), 0,
            promptLengths: tensor(new long[] { 2, 1 }));
        TeacherText[] expected = [new("c", "a b"), new("d e f a a", "a", Ended: false)];
        query.Ask(0, texts, [0.2, 0.1]);
        Assert.That(spy.Asked, Is.EqualTo(expected));
        spy.Asked.Clear();
        Assert.That(query.Truth(texts, [1, -1])["oracleAuc"], Is.EqualTo(1));
        Assert.That(spy.Asked, Is.EqualTo(expected));
    }

    [Test]
    public void A_text_without_an_answer_costs_no_label()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        using var query = Query(rig, Options, new NotingTeacher());
        var figures = query.Ask(0, Batch(3, 4, 5, 6), [0.4, 0.3, 0.2, 0.1]);
        Assert.That((figures["asked"], figures["labels"], figures["labelRate"]), Is.EqualTo((2, 1, 0)));
    }

    /// <summary>The control: which texts are asked about depends on chance alone, and each of the four comes first about as
    /// often.</summary>
    [Test]
    public void Random_ones_are_asked_about_whatever_the_members_say()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        IReadOnlyList<string> Asked(double[] disagreement)
        {
            var asked = new List<string>();
            for (var i = 0; i < 400; i++)
            {
                var teacher = new NotingTeacher();
                using var query = Query(rig, Options with { Select = QuerySelection.Random, Batch = 1 }, teacher);
                query.Ask(i, Batch(4, 5, 6, 7), disagreement);
                asked.Add(teacher.Asked.Single());
            }
            return asked;
        }
        var first = Asked([0.4, 0.1, 0, 0]);
        Assert.That(first, Is.EqualTo(Asked([0, 0, 0, 0.5])));
        Assert.That(first.CountBy(text => text).Select(pair => pair.Value), Is.All.InRange(65, 140).And.Exactly(4).Items);
    }

    [Test]
    public void Members_learn_from_bootstrap_samples_of_their_own()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        // e^-1 = .368 of the numbers are 0, as many 1, half as many 2.
        Assert.That(((double[])[0.3, 0.5, 0.9, 0.95]).Select(OracleQuery.Poisson), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        var options = Options with
        {
            Labels = 6, Batch = 6, Pool = 6, Teacher = new RuleTeacherOptions { Rule = new LengthRuleOptions { Minimum = 1 } },
        };
        long[][] Seen(bool resample)
        {
            using var query = Query(rig, options, options.Teacher.Build(new TeacherContext("", CPU)), resample);
            query.Ask(0, Batch(2, 3, 4, 5, 6, 7), new double[6]);
            return [.. Enumerable.Range(0, 4)
                .Select(member => query.Mix(Batch([.. new long[300]]), Batch(7), 0, member).Real.Ids.select(1, 0)
                .data<long>().ToArray().Distinct().Order().ToArray())];
        }
        Assert.That(Seen(false), Is.All.EqualTo(new long[] { 2, 3, 4, 5, 6, 7 }));
        var own = Seen(true);
        Assert.That(own.Select(texts => string.Join(' ', texts)).Distinct().Count(), Is.GreaterThan(2));
        Assert.That(own.Sum(texts => texts.Length), Is.InRange(10, 20), "24 · (1 - 1/e) = 15.2 on average");
        Assert.That(Seen(true), Is.EqualTo(own));
    }

    [Test]
    public void A_checkpoint_holds_what_was_labelled()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        var options = Options with { Keep = 2, Labels = 100 };
        var (teacher, later) = (new NotingTeacher(), new NotingTeacher());
        using var query = Query(rig, options, teacher, resample: true);
        query.Ask(0, Batch(4, 5), [0.1, 0.2]);
        query.Ask(1, Batch(6, 2), [0.1, 0.2]);
        var bag = new StateBag();
        query.Save(bag);
        using var resumed = Query(rig, options, later, resample: true);
        resumed.Load(bag);
        bag.Clear();
        Assert.That(resumed.Labels, Is.EqualTo(4));
        long[] Draw(OracleQuery from) =>
            from.Mix(Batch(7), Batch([.. new long[30]]), 0, 1).Opposing.Ids.select(1, 0).data<long>().ToArray();
        Assert.That(Draw(resumed), Is.EqualTo(Draw(query)));
        resumed.Ask(2, Batch(6, 7), [0.5, 0.1]);
        Assert.That(later.Asked, Is.EqualTo(new[] { "f" }));
    }

    [Test]
    public void The_truth_about_samples_is_told_unless_a_person_would_have_to()
    {
        using var scope = NewDisposeScope();
        using var rig = new TrainingRig();
        using var query = Query(rig, Options, Options.Teacher.Build(new TeacherContext("", CPU)));
        // With the property 2 and -1, without 1 and -3: of four pairs three are in order, of four signs two are right.
        var truth = query.Truth(Batch(2, 3, 2, 4), [2, 1, -1, -3]);
        Assert.That((truth["oracleAuc"], truth["oracleAccuracy"], truth["oracleRate"]), Is.EqualTo((0.75, 0.5, 0.5)));
        using var asking = Query(rig, Options with { Teacher = new PersonTeacherOptions() }, new NotingTeacher());
        Assert.That(asking.Truth(Batch(2, 3), [1, 2]), Is.Empty);
    }

    const string Discriminator = """
        {"kind":"bag","name":"a","data":"pairs","embedding":4,"hidden":4,"batch":4,"members":3,"opponents":{"generated":0,"rejected":1},
         "oracleQuery":{"teacher":{"kind":"rule","rule":{"kind":"contains","text":"a"}},"labels":7,"batch":3,"pool":16,"select":"SELECT"}}
        """;

    [TestCase("disagreement"), TestCase("random")]
    public void A_run_spends_its_labels_and_logs_what_they_went_to(string select)
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Discriminators = TrainingRig.Read(Discriminator.Replace("SELECT", select)),
            Evaluation = TrainingRig.Experiment.Evaluation with { Every = 2 },
        };
        var lines = rig.Train(options);
        double[] Values(string name) => [.. lines.Select(line => line.Values.GetValueOrDefault($"discriminator/a/{name}", -1))
            .Where(value => value >= 0)];
        Assert.That(Values("labels"), Is.EqualTo(new double[] { 3, 6, 7 }));
        Assert.That(Values("oracleAuc"), Has.Length.EqualTo(3).And.All.InRange(0, 1));
        if (select == "disagreement")
            Assert.That(Values("askedDisagreement").Zip(Values("poolDisagreement"), (asked, pool) => asked - pool), Is.All.GreaterThan(0));
        Assert.That(Values("askedDisagreement"), Has.Length.EqualTo(3).And.All.InRange(0, 0.5));
    }

    /// <summary>Asking draws numbers of its own: what else a step draws stays as it was.</summary>
    [Test]
    public void The_generators_texts_are_those_of_a_run_that_asks_nobody()
    {
        using var rig = new TrainingRig();
        string[] Lengths(string json) => [.. rig.Train(TrainingRig.Experiment with
        {
            Discriminators = TrainingRig.Read(json.Replace("SELECT", "disagreement")),
        }).Where(line => line.Values.ContainsKey("texts/length")).Take(1).Select(line => $"{line.Values["texts/length"]}")];
        var without = Discriminator[..Discriminator.IndexOf(",\n \"oracleQuery", StringComparison.Ordinal)] + "}";
        Assert.That(Lengths(Discriminator), Is.EqualTo(Lengths(without)));
    }

    static IEnumerable<TestCaseData> Bad()
    {
        static TestCaseData Case(OracleQueryOptions query, int members, params string[] problems) => new(new BagDiscriminatorOptions
        {
            Name = "a", Data = "pairs", Members = members, Opponents = new() { Generated = 0, Rejected = 1 }, OracleQuery = query,
        }, problems);
        yield return Case(Options, 2);
        yield return Case(Options, 1,
            "$.d.oracleQuery.select: is \"disagreement\", but there is nobody to disagree with: 'members' is 1; take 2 or more, or " +
            "\"random\".");
        yield return Case(Options with { Select = QuerySelection.Random }, 1);
        yield return Case(Options with { Labels = null, Batch = null }, 2,
            "$.d.oracleQuery.labels: is missing: how many labels may be asked for in all.",
            "$.d.oracleQuery.batch: is missing: how many labels are asked for each time.");
        yield return Case(Options with { Batch = 5 }, 2, "$.d.oracleQuery.batch: is 5, but the pool has 4 texts ('pool') to choose from.");
    }

    [TestCaseSource(nameof(Bad))]
    public void What_cannot_go_together_is_rejected(DiscriminatorOptions options, string[] problems) => Assert.That(
        options.Validate("$.d").Concat(options.OracleQuery!.Validate("$.d.oracleQuery")).Select(problem => problem.ToString()),
        Is.EqualTo(problems));

    [Test]
    public void Relabelling_and_generated_opponents_do_not_go_with_it()
    {
        var options = new BagDiscriminatorOptions { Name = "a", Members = 2, OracleQuery = Options,
            Relabel = new RelabelOptions { Rule = new ContainsRuleOptions { Text = "a" } } };
        Assert.That(options.Validate("$.d").Select(problem => problem.Place), Is.EqualTo(new[] { "$.d.opponents", "$.d.oracleQuery" }));
    }
}
