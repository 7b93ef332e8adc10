using TextGan.Experiments;
using TextGan.Generators;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Updates.Losses;
using TextGan.Optimizers;
using TextGan.Tests.Runs;
using TextGan.Tests.Training;
using TextGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

/// <summary>Conflict in the loop: what is logged and when, that training does not notice, and what parts of terms are.</summary>
public sealed class ConflictTests
{
    static readonly ExperimentOptions Experiment = TrainingRig.Experiment with
    {
        Discriminators = TrainingRig.Read(
            """{"kind":"bag","name":"one","data":"texts","embedding":4,"hidden":5}""",
            """{"kind":"cnn","name":"two","data":"pairs","weight":0.5,"embedding":4,"widths":[1,2],"filters":[3,3]}"""),
        Regularizers = new RegularizerOptions { Entropy = 0.1, Likelihood = 0.2, LikelihoodData = "texts", Kl = 0.3 },
    };

    static readonly string[] Names = ["one", "two", "entropy", "likelihood", "kl"];

    static ExperimentOptions Measured(ExperimentOptions options, int every) =>
        options with { Training = options.Training with { Conflict = new ConflictOptions { Every = every } } };

    static IEnumerable<TestCaseData> Cases()
    {
        var groups = new PolicyGradientOptions { GroupSize = 2 };
        (string Name, ExperimentOptions Options)[] all =
        [
            ("straight-through", Experiment with { Estimator = new PathwiseOptions() }),
            ("relax", Experiment with { Estimator = new RelaxOptions() }),
            ("relaxed, transformer", Experiment with
            {
                Estimator = new PathwiseOptions { Relaxation = Relaxation.Relaxed }, Generator = TrainingRig.Transformer,
            }),
            ("reinforce, groups, normalised", Experiment with { Estimator = groups, Normalization = new NormalizationOptions() }),
            ("clipped, several passes, critic", Experiment with
            {
                Estimator = new PolicyGradientOptions
                {
                    Loss = new ClippedLossOptions(), Epochs = 2, Minibatches = 2, Baseline = new CriticBaselineOptions(),
                },
            }),
            ("importance-weighted, tokens, transformer", Experiment with
            {
                Estimator = new PolicyGradientOptions
                {
                    Loss = new ImportanceWeightedLossOptions { LengthNormalization = LengthNormalization.Tokens }, Epochs = 2,
                },
                Generator = TrainingRig.Transformer,
            }),
            ("pcgrad, gspo", Experiment with
            {
                Estimator = groups with { Loss = new GspoLossOptions(), Epochs = 2 }, Combiner = new PcGradCombinerOptions(),
            }),
            ("kl in the reward", Experiment with
            {
                Estimator = groups,
                Regularizers = Experiment.Regularizers with { Kl = new KlRewardOptions { Weight = 0.3 } },
            }),
            ("parts", Experiment with { Estimator = groups, Training = Experiment.Training with { Accumulate = 2 } }),
            ("parts, Gumbel-softmax", Experiment with
            {
                Estimator = new PathwiseOptions(), Training = Experiment.Training with { Accumulate = 3 },
            }),
            ("several steps", Experiment with
            {
                Estimator = new PathwiseOptions(), Training = Experiment.Training with { GeneratorSteps = 2 },
            }),
        ];
        return all.Select(one => new TestCaseData(one.Options).SetArgDisplayNames(one.Name));
    }

    static (double[] Weights, MetricLine[] Lines) Trained(ExperimentOptions options)
    {
        using var rig = new TrainingRig();
        using var parts = rig.Parts(options);
        var lines = rig.Train(options, parts).Where(line => line.Values.ContainsKey("total")).ToArray();
        return (TrainingRig.Weights(parts.Generator), lines);
    }

    static Dictionary<string, double> Others(MetricLine line) => line.Values
        .Where(value => value.Key != "tokensPerSecond" && !value.Key.StartsWith("conflict/")).ToDictionary();

    static string[] Logged(MetricLine line) => [.. line.Values.Keys.Where(name => name.StartsWith("conflict/"))];

    /// <summary>Weights and all other values have the same bits; conflict is logged at every second iteration, and only there.</summary>
    [TestCaseSource(nameof(Cases))]
    public void Training_does_not_notice(ExperimentOptions options)
    {
        var (plain, measured) = (Trained(options), Trained(Measured(options, 2)));
        Assert.That(measured.Weights, Is.EqualTo(plain.Weights));
        Assert.That(measured.Lines.Select(Others), Is.EqualTo(plain.Lines.Select(Others)));
        string[] expected = [.. from k in Enumerable.Range(0, 5) from name in (string[])
            [.. new[] { "norm", "share", "halves" }.Select(end => $"{Names[k]}/{end}"),
                .. Names[(k + 1)..].Select(other => $"{Names[k]}/{other}/cosine")]
            select $"conflict/{name}"];
        if (options.Regularizers.Kl is KlRewardOptions) // the estimator's term, before the regularisers'
            expected = [.. expected.Select(name => name.Replace("entropy/kl", "kl/entropy").Replace("likelihood/kl", "kl/likelihood"))];
        // At the start the generator is the reference: the gradient of the KL may be 0.
        foreach (var (i, line) in measured.Lines.Index())
            Assert.That(Logged(line), i % 2 == 0 ? Is.Empty : Is.EquivalentTo(expected), $"iteration {i + 1}");
    }

    /// <summary>
    /// A fixed combiner's step is the sum of the weighted terms, also of clipped losses, whose ratios are 1 at the first pass.
    /// </summary>
    [TestCaseSource(nameof(Cases))]
    public void Shares_sum_to_1_and_cosines_are_cosines(ExperimentOptions options)
    {
        var values = Trained(Measured(options, 4)).Lines[^1].Values;
        double[] Each(string end) => [.. values.Where(value => value.Key.StartsWith("conflict/") && value.Key.EndsWith($"/{end}"))
            .Select(value => value.Value)];
        Assert.That(Each("norm"), Has.Length.EqualTo(5).And.All.Positive);
        Assert.That(Each("cosine"), Has.Length.EqualTo(10).And.All.InRange(-1, 1));
        Assert.That(Each("halves"), Has.Length.EqualTo(5).And.All.InRange(-1, 1));
        if (options.Combiner is FixedCombinerOptions) Assert.That(Each("share").Sum(), Is.EqualTo(1).Within(1e-4));
        else Assert.That(Each("share").Sum(), Is.Not.EqualTo(1).Within(1e-4));
    }

    /// <summary>
    /// The gradients of two parts are those of the whole once they are weighted by their texts (Gumbel-softmax; REINFORCE, which divides
    /// by texts) or their tokens (regularisers); of a part that is the whole anyway.
    /// </summary>
    [TestCaseSource(nameof(Cases))]
    public void Parts_make_the_whole(ExperimentOptions options)
    {
        using var rig = new TrainingRig();
        using var parts = rig.Parts(options);
        using var scope = NewDisposeScope();
        manual_seed(3);
        var request = new RolloutRequest(parts.Generator, [.. parts.Discriminators.Select(d => d.Judge)], 8, TrainingRig.Length, 0, 0, 0, 4,
            NeedsLogits: options.Training.Accumulate == 1)
        {
            Parts = options.Training.Accumulate, Reference = parts.Update.NeedsReference ? parts.Reference : null,
        };
        var estimate = parts.Update.Estimate(request);
        Term[] terms = [.. estimate.Terms, .. parts.Regularizers.Select(regularizer => regularizer.TermOf(estimate.Generated))];
        var gradients = new TermGradients(terms, [.. parts.Generator.parameters()]);
        var response = estimate.Generated.Tokens.Response;
        var rows = response.shape[0];
        foreach (var term in terms)
        {
            Tensor Of(long from, long count) => gradients.GradientOf(term.Part!(from, count), keepGraph: true);
            var whole = gradients.GradientOf(term.Surrogate(), keepGraph: true);
            var scale = 1e-6 + 1e-4 * whole.abs().max().item<float>();
            Assert.That((Of(0, rows) - whole).abs().max().item<float>(), Is.LessThan(scale), term.Name);
            if (term.Name == "likelihood") continue; // its tokens are those of real texts
            var byTokens = parts.Regularizers.Any(one => one.Name == term.Name)
                || options.Estimator is PolicyGradientOptions { Loss: ImportanceWeightedLossOptions };
            var share = byTokens ? response.narrow(0, 0, 2).sum().item<float>() / response.sum().item<float>() : 2f / rows;
            var made = Of(0, 2) * share + Of(2, rows - 2) * (1 - share);
            Assert.That((made - whole).abs().max().item<float>(), Is.LessThan(scale), term.Name);
        }
    }

    /// <summary>Why halves are missing is said once: a batch whose size a library caller chose has one group.</summary>
    [Test]
    public void What_is_missing_is_said_once()
    {
        using var rig = new TrainingRig();
        var observer = new SilentObserver();
        rig.Train(Measured(Experiment with
        {
            Estimator = new PolicyGradientOptions { GroupSize = 8 }, Regularizers = new RegularizerOptions(),
        }, 1), observer);
        Assert.That(observer.Messages.Where(message => message.Contains("conflict")), Is.EqualTo(new[]
        {
            "the term 'one' cannot be computed over half of a batch, so that conflict/one/halves is missing",
            "the term 'two' cannot be computed over half of a batch, so that conflict/two/halves is missing",
        }));
    }
}
