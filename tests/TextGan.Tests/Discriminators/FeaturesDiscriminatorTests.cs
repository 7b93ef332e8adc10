using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Generators;
using TextGan.Learning;
using TextGan.Problems;
using TextGan.Runs;
using TextGan.Tests.Discriminators.Losses;
using TextGan.Tests.Generators.Pretrained;
using TextGan.Tests.Runs;
using TextGan.Tests.Training;
using TextGan.Tokenization;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

public sealed class FeaturesDiscriminatorTests
{
    const int Start = 2;

    static readonly string[] Variants =
    [
        """ "from":"embeddings" """, """ "from":"hidden" """, """ "from":"hidden","layer":1 """,
        """ "pooling":"mean" """, """ "pooling":"last","from":"hidden","hidden":0 """,
    ];

    static Generator Frozen(string kind)
    {
        manual_seed(5);
        Generator model = kind == "lstm" ? new LstmGenerator(V, 5, 6)
            : kind == "gpt2" ? new Gpt2Generator(new Gpt2Shape(V, 8, 2, 2, 12, T + 1))
            : new TransformerGenerator(new TransformerShape(V, 8, 2, 2, 1, 12), initialStandardDeviation: 0.5);
        FrozenModels.Freeze(model);
        return model;
    }

    static FeaturesDiscriminator Build(Generator model, string more, long seed = 1)
    {
        manual_seed(seed);
        var options = Read($$"""{"kind":"features","name":"d","widths":[1,3],"filters":4,{{more}}}""");
        var built = (FeaturesDiscriminator)options.Build(Context() with { StartId = Start, Frozen = folder => folder is null ? model
            : throw new InvalidOperationException("The generator is meant.") });
        built.eval();
        return built;
    }

    /// <summary>The features are what the model's own passes give; after a text's end there are none.</summary>
    [Test]
    public void FeaturesAreThoseOfTheModel([Values("lstm", "transformer")] string kind)
    {
        using var scope = NewDisposeScope();
        using var model = Frozen(kind);
        var mask = Hard().Mask.unsqueeze(2);
        var embeddings = new FrozenFeatures(model, 0, Start).Of(Hard());
        Assert.That(MaxDifference(embeddings, model.EmbeddingTable![Ids()] * mask), Is.Zero);

        var inputs = cat([full([4, 1], Start, int64), Ids()], 1); // what it has read once it has read a token
        var states = new FrozenFeatures(model, model.LayerCount, Start).Of(Hard());
        Assert.That(MaxDifference(states, model.Hidden(inputs).narrow(1, 1, T) * mask), Is.LessThan(1e-6));
        if (kind == "lstm") return;
        var first = new FrozenFeatures(model, 1, Start).Of(Hard());
        Assert.That(MaxDifference(first, states), Is.GreaterThan(0.1), "another layer");
    }

    [Test]
    public void FeaturesThatWereKeptGiveTheSameJudgement([ValueSource(nameof(Variants))] string variant)
    {
        using var scope = NewDisposeScope();
        using var model = Frozen("transformer");
        using var judge = Build(model, variant);
        var kept = judge.Features(Hard(), atOnce: 3); // of 4 texts
        Assert.That(kept.requires_grad, Is.False);
        Assert.That(MaxDifference(judge.JudgeFeatures(kept, Hard().Mask).Logits, judge.Judge(Hard()).Logits), Is.LessThan(1e-6));
    }

    /// <summary>Relaxed tokens get the gradient that finite differences show; the frozen weights get none.</summary>
    [Test]
    public void GradientsReachRelaxedTokensAndNoFrozenWeight(
        [Values("lstm", "transformer")] string kind, [ValueSource(nameof(Variants))] string variant)
    {
        if (kind == "lstm" && variant.Contains("layer")) return;
        using var scope = NewDisposeScope();
        using var model = Frozen(kind);
        using var judge = Build(model, variant);
        var tokens = OneHot(requiresGrad: true);
        var logits = judge.Judge(tokens).Logits;
        Assert.That(MaxDifference(logits, judge.Judge(Hard()).Logits), Is.LessThan(1e-5));
        logits.sum().backward();
        var gradient = tokens.Relaxed!.grad!;
        foreach (var (text, position, id) in ((int, int, int)[])[(3, 0, 4), (2, 1, 3), (3, 5, 6)])
        {
            double At(double shift)
            {
                var moved = OneHot();
                moved.Relaxed![text, position, id] += shift;
                return judge.Judge(moved).Logits.sum().item<float>();
            }
            Assert.That(gradient[text, position, id].item<float>(), Is.EqualTo((At(1e-2) - At(-1e-2)) / 2e-2).Within(2e-2));
        }
        Assert.That(model.parameters().Select(parameter => parameter.grad), Is.All.Null);
        foreach (var (name, parameter) in judge.named_parameters())
            Assert.That(parameter.grad?.abs().sum().item<float>() ?? 0, Is.GreaterThan(0), name);
    }

    /// <summary>R1 through the frozen layers is the sum of squares of what finite differences show of the score.</summary>
    [Test]
    public void R1IsThatOfTheTokens([Values("lstm", "transformer", "gpt2")] string kind)
    {
        using var scope = NewDisposeScope();
        using var model = Frozen(kind);
        using var judge = Build(model, """ "from":"hidden","pooling":"mean","hidden":0 """);
        using (no_grad()) judge.get_parameter("head.weight")!.mul_(20);
        var squares = new double[4]; // of each text
        for (var position = 0; position < T; position++)
        {
            for (var id = 0; id < V; id++)
            {
                double[] At(double shift)
                {
                    var moved = OneHot();
                    moved.Relaxed![TensorIndex.Colon, position, id] += shift;
                    return [.. Values(judge.Judge(moved).Logits).Select(logit => (double)logit)];
                }
                foreach (var (text, difference) in At(2e-3).Zip(At(-2e-3), (one, other) => (one - other) / 4e-3).Index())
                    squares[text] += difference * difference;
            }
        }
        Assert.That(squares.Average(), Is.GreaterThan(0.1));
        Assert.That(GradientPenalty.AtReal(judge, Hard()).item<float>(), Is.EqualTo(squares.Average()).Within(1).Percent);
    }

    /// <summary>Both penalties have second derivatives through the frozen layers.</summary>
    [Test]
    public void PenaltiesReachTheParametersThroughHiddenStates([Values("lstm", "transformer", "gpt2")] string kind, [Values] bool r1)
    {
        using var model = Frozen(kind);
        using var judge = Build(model, """ "from":"hidden" """);
        using var ids = GradientPenaltyTests.Distinct();
        GradientPenaltyTests.AssertReaches(judge, 2e-4, one => r1 ? GradientPenalty.AtReal(one, Hard(ids))
            : GradientPenalty.Of(one, Hard(ids), Hard(ids.flip(0))));
        Assert.That(model.parameters().Select(parameter => parameter.grad), Is.All.Null);
    }

    [TestCaseSource(nameof(Variants))]
    public void DoesNotReadWhatIsAfterTheEnd(string variant)
    {
        using var scope = NewDisposeScope();
        using var model = Frozen("transformer");
        using var judge = Build(model, variant);
        var other = Ids();
        other[0, 3] = 4;
        other[2, 5] = 5;
        Assert.That(Values(judge.Judge(Hard(other)).Logits), Is.EqualTo(Values(judge.Judge(Hard()).Logits)));
    }

    /// <summary>Frozen embeddings, widths 1, 3 and 5 of 32 filters, then 96-32-1, in one plain formula.</summary>
    [Test]
    public void TheDefaultsAreEmbeddingsConvolutionsAndTwoLayers()
    {
        using var scope = NewDisposeScope();
        using var model = Frozen("transformer");
        using var judge = (FeaturesDiscriminator)Read("""{"kind":"features","name":"d"}""")
            .Build(Context() with { StartId = Start, Frozen = _ => model });
        var weights = judge.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
        Assert.That(weights.ToDictionary(pair => pair.Key, pair => string.Join('x', pair.Value.shape)), Is.EquivalentTo(
            new Dictionary<string, string>
            {
                ["convolutions.0.weight"] = "32x8", ["convolutions.0.bias"] = "32",
                ["convolutions.1.weight"] = "32x24", ["convolutions.1.bias"] = "32",
                ["convolutions.2.weight"] = "32x40", ["convolutions.2.bias"] = "32",
                ["hidden.weight"] = "32x96", ["hidden.bias"] = "32", ["head.weight"] = "1x32", ["head.bias"] = "1",
            }));
        var features = (model.EmbeddingTable![Ids()] * Hard().Mask.unsqueeze(2)).transpose(1, 2); // [B,E,T]
        Tensor[] strongest = [.. new[] { 1, 3, 5 }.Select((width, i) => nn.functional.conv1d(features,
            weights[$"convolutions.{i}.weight"].view(32, width, 8).transpose(1, 2), weights[$"convolutions.{i}.bias"])
            .relu().max(2).values)];
        var hidden = nn.functional.linear(cat(strongest, 1), weights["hidden.weight"], weights["hidden.bias"]).relu();
        var expected = nn.functional.linear(hidden, weights["head.weight"], weights["head.bias"]);
        Assert.That(MaxDifference(judge.Judge(Hard()).Logits, expected), Is.LessThan(1e-5));
    }

    [Test]
    public void MeanAndLastReadTheTextsPositions()
    {
        using var scope = NewDisposeScope();
        using var model = Frozen("transformer");
        foreach (var pooling in (string[])["mean", "last"])
        {
            using var judge = Build(model, $""" "pooling":"{pooling}","hidden":0 """);
            var weights = judge.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
            var table = model.EmbeddingTable!;
            var text = tensor(new long[] { 2, 5, 0, 1 }); // the third, with its end
            var pooled = pooling == "mean" ? table[text].mean([0]) : table[1];
            var expected = nn.functional.linear(pooled, weights["head.weight"], weights["head.bias"]).item<float>();
            Assert.That(judge.Judge(Hard()).Logits[2, 0].item<float>(), Is.EqualTo(expected).Within(1e-5), pooling);
        }
    }

    [TestCase(""" "from":"hidden","layer":3 """,
        "$.discriminators[d].layer: is 3, but the generator has 2 layers whose states can be read.")]
    [TestCase(""" "from":"hidden","layer":-3 """,
        "$.discriminators[d].layer: is -3, but the generator has 2 layers whose states can be read.")]
    public void RejectsALayerThatIsNotThere(string more, string message)
    {
        using var model = Frozen("transformer");
        Assert.That(Assert.Throws<InvalidInputException>(() => Build(model, more))!.Problems.Single().ToString(), Is.EqualTo(message));
    }

    [Test]
    public void RejectsAModelOfAnotherVocabulary()
    {
        using var model = Frozen("lstm");
        var options = Read("""{"kind":"features","name":"d","model":"some-model"}""");
        Assert.That(Assert.Throws<InvalidInputException>(() => options.Build(Context(vocabularySize: 9) with { Frozen = _ => model }))!
            .Problems.Single().ToString(), Is.EqualTo("$.discriminators[d].model: the model in 'some-model' has 7 tokens, the " +
            "experiment's tokenizer 9; a model can read the ids of its own tokenizer only."));
    }

    /// <summary>
    /// Several share one frozen copy, which is the generator before its first step and stays so; it has no place in their own weights, and
    /// a checkpoint holds it once.
    /// </summary>
    [Test]
    public void DiscriminatorsOfARunShareOneCopyThatStays()
    {
        using var rig = new TrainingRig();
        var options = TrainingRig.Experiment with
        {
            Discriminators = TrainingRig.Read(
                """{"kind":"features","name":"one","data":"texts","widths":[1,2],"pretrainingSteps":2}""",
                """{"kind":"features","name":"two","data":"texts","from":"hidden","pooling":"mean","members":2}"""),
            Regularizers = new TextGan.Learning.Objectives.RegularizerOptions { Kl = 0.1 },
        };
        using var parts = rig.Parts(options);
        var begun = TrainingRig.Weights(parts.Generator);
        Assert.That(TrainingRig.Weights(parts.Reference!), Is.EqualTo(begun));
        rig.Train(options, parts);
        Assert.That(TrainingRig.Weights(parts.Reference!), Is.EqualTo(begun));
        Assert.That(TrainingRig.Weights(parts.Generator), Is.Not.EqualTo(begun));
        var bag = TextGan.Runs.Recording.Checkpoint.In(rig.Checkpoints)[^1].Read();
        Assert.That(bag.Tensors.Keys.Count(name => name.Contains("embedding.weight")), Is.EqualTo(2), "generator and reference");
        Assert.That(bag.Tensors.Keys, Has.Member("reference/embedding.weight"));
        bag.Clear();
    }

    /// <summary>With Gumbel-softmax or REINFORCE, stored and read back: later scores are those of the evaluation.</summary>
    [TestCase("reinforce", "lstm")]
    [TestCase("gumbel-softmax", "lstm")]
    [TestCase("gumbel-softmax", "transformer")]
    public void ARunWithFeaturesOfItsGenerator(string estimator, string generator)
    {
        using var run = new SmallRun();
        var result = run.Run(new SilentObserver(), default, $$"""estimator={"kind":"{{estimator}}"}""",
            generator == "lstm" ? "generator.hidden=12" : """generator={"kind":"transformer","hidden":16,"layers":2,"heads":2}""",
            """discriminators=[{"name":"e","kind":"features","data":"text","pretrainingSteps":2},""" +
            """{"name":"h","kind":"features","from":"hidden","data":"helpfulness",""" +
            """ "opponents":{"generated":0,"rejected":1},"loss":{"kind":"bradley-terry"}}]""")
            .Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        using var stored = StoredRun.Load(result.Folder, CPU, withJudges: true);
        var samples = File.ReadAllLines(Path.Combine(new RunFolder(result.Folder).Samples, "adversarial-00000004.jsonl"))
            .Select(SampleLine.Parse).ToArray();
        var scored = TextScoring.Of(stored, samples.Select(sample => (sample.Text, sample.Prompt, "")), CPU).ToArray();
        var same = samples.Zip(scored).Where(pair => pair.First.Tokens == pair.Second.Tokens).ToArray(); // equal ids
        Assert.That(same, Is.Not.Empty);
        foreach (var (wanted, found) in same)
            foreach (var judge in (string[])["e", "h"]) Assert.That(found.Scores[judge], Is.EqualTo(wanted.Scores[judge]).Within(1e-5));
    }

    /// <summary>
    /// Two discriminators read one copy of a model of a folder, which no checkpoint holds; a stored run reads it again, if it is the same.
    /// </summary>
    [TestCase(TinyModel.Llama)]
    [TestCase(TinyModel.Gpt2)]
    public void ARunWithFeaturesOfAFolder(string config)
    {
        using var run = new SmallRun();
        var folder = Path.Combine(run.Folder, "model");
        TinyModel.Write(folder, config);
        var result = run.Run(new SilentObserver(), default, "tokenizer.vocabulary=11", "length=15",
            """discriminators=[{"name":"e","kind":"features","model":"model","data":"text","pretrainingSteps":2},""" +
            """{"name":"h","kind":"features","model":"model","from":"hidden","pooling":"mean","data":"text"}]""").Single();
        Assert.That(result.Outcome, Is.EqualTo("finished"), result.Message);
        using (var stored = StoredRun.Load(result.Folder, CPU, withJudges: true))
        {
            var samples = File.ReadAllLines(Path.Combine(new RunFolder(result.Folder).Samples, "adversarial-00000004.jsonl"))
                .Select(SampleLine.Parse).ToArray();
            var scored = TextScoring.Of(stored, samples.Select(sample => (sample.Text, sample.Prompt, "")), CPU).ToArray();
            Assert.That(scored.Select(line => line.Scores["h"]), Is.All.Not.NaN);
            var bag = stored.Checkpoint.Read();
            Assert.That(bag.Tensors.Keys.Where(name => !name.StartsWith("generator/", StringComparison.Ordinal)),
                Has.None.StartsWith("reference/").And.None.Contains("embed").And.None.Contains("wte"));
            bag.Clear();
        }
        TinyModel.Write(folder, config, seed: 2);
        Assert.That(Assert.Throws<InvalidInputException>(() => StoredRun.Load(result.Folder, CPU, withJudges: true).Dispose())!.Message,
            Does.Contain("is not what the run was trained with"));
    }

    [Test]
    public void FoldersAreReadOnce()
    {
        using var files = new TemporaryFiles();
        TinyModel.Write(files.PathOf("model"), TinyModel.Llama);
        using var models = new FrozenModels(Path.GetDirectoryName(files.PathOf("model"))!);
        var model = models.Of("model", CPU);
        Assert.That(models.Of(files.PathOf("model"), CPU), Is.SameAs(model));
        Assert.That(model.parameters().Select(parameter => parameter.requires_grad), Is.All.False);
    }

    /// <summary>Before anything is trained, all that is wrong with the folder.</summary>
    [TestCase(""" "from":"hidden","layer":5 """, 15, "layer: is 5, but the model in 'model' has 2 layers whose states can be read.")]
    [TestCase(""" "from":"hidden" """, 16, "from: is \"hidden\", for which the model in 'model' reads a start token and a text of 16 " +
        "tokens ('length'); it reads at most 16.")]
    [TestCase(""" "from":"embeddings" """, 15, "model: the model in 'model' has 11 tokens, the experiment's tokenizer 12; a model " +
        "can read the ids of its own tokenizer only.")]
    public void WhatIsWrongWithAFolderIsSaidFirst(string more, int length, string message)
    {
        using var run = new SmallRun();
        TinyModel.Write(Path.Combine(run.Folder, "model"), TinyModel.Gpt2);
        Assert.That(Said(), Does.Contain("$.discriminators[0]." + message));
        Assert.That(Directory.Exists(Path.Combine(run.Folder, "runs", "small", "1", "checkpoints")), Is.False);

        // Of a file, or of a run where it takes the run's tokenizer to see it.
        string? Said()
        {
            try
            {
                return run.Run(new SilentObserver(), default, "tokenizer.vocabulary=12", $"length={length}",
                    $$"""discriminators=[{"name":"e","kind":"features","model":"model","data":"text",{{more}}}]""").Single().Message;
            }
            catch (InvalidInputException bad)
            {
                return bad.Problems.Single().ToString();
            }
        }
    }
}
