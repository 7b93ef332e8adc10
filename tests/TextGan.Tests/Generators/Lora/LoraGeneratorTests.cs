using TextGan.Experiments;
using TextGan.Generators;
using TextGan.Generators.Lora;
using TextGan.Generators.Sampling;
using TextGan.Learning;
using TextGan.Learning.Objectives;
using TextGan.Optimizers;
using TextGan.Runs.Recording;
using TextGan.Storage;
using TextGan.Tests.Learning;
using TextGan.Tests.Training;
using TextGan.Training;
using TorchSharp;
using static TextGan.Tests.Generators.GeneratorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Lora;

public sealed class LoraGeneratorTests
{
    static readonly LoraCase Case = new();

    static readonly string[] AllTargets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    static LoraGenerator Build(LoraCase options, long seed = 1)
    {
        manual_seed(seed);
        var generator = (LoraGenerator)options.Build(new GeneratorContext(V, T, CPU));
        generator.eval();
        return generator;
    }

    /// <summary>The model that <see cref="Build"/> puts the adapters beside.</summary>
    static DecoderGenerator Plain(LoraCase options, long seed = 1)
    {
        manual_seed(seed);
        var model = (DecoderGenerator)options.Model.Build(new GeneratorContext(V, T, CPU));
        model.eval();
        return model;
    }

    /// <summary>As if they had learnt something.</summary>
    static void Move(Generator generator)
    {
        using var _ = no_grad();
        foreach (var parameter in generator.parameters()) parameter.copy_(randn_like(parameter) * 0.3);
    }

    /// <summary>x = (1, 2), A = (1, -1), B = (2, 3)ᵀ, α/r = 0.5: B A x = (-2, -3), half of it is added.</summary>
    [Test]
    public void An_adapter_adds_the_product_of_its_matrices()
    {
        using var scope = NewDisposeScope();
        var layer = nn.Linear(2, 2, hasBias: false);
        var adapter = new LowRankAdapter("layer", layer, nn.Parameter(tensor(new[,] { { 1f, -1f } })),
            nn.Parameter(tensor(new[,] { { 2f }, { 3f } })), 0.5, dropout: 0);
        Assert.That(Doubles(adapter.Of(tensor(new[] { 1f, 2f }), training: true)), Is.EqualTo(new[] { -1, -1.5 }));
        Assert.That(Doubles(adapter.Delta()), Is.EqualTo(new[] { 1, -1, 1.5, -1.5 }));
    }

    [Test]
    public void Its_parameters_are_the_adapters_under_the_names_of_PEFT()
    {
        using var generator = Build(Case);
        Assert.That(generator.named_parameters().Select(p => $"{p.name} [{string.Join(',', p.parameter.shape)}]"), Is.EquivalentTo(
            from layer in new[] { 0, 1 }
            from target in new[] { "q_proj", "v_proj" }
            from matrix in new[] { "A.weight [2,8]", "B.weight [8,2]" }
            select $"base_model.model.model.layers.{layer}.self_attn.{target}.lora_{matrix}"));
        foreach (var (name, parameter) in generator.named_parameters())
        {
            var largest = parameter.abs().max().item<float>();
            // 1/√I for A, as PEFT draws it
            if (name.Contains("lora_A")) Assert.That(largest, Is.GreaterThan(0.1).And.LessThanOrEqualTo(1 / Math.Sqrt(8)), name);
            else Assert.That(largest, Is.Zero, name);
        }
    }

    [Test]
    public void At_first_it_is_the_model_to_the_bit()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = Build(Case with { Lora = Case.Lora with { Targets = AllTargets } });
        using var plain = Plain(Case);
        Assert.That(generator.call(Ids()).eq(plain.call(Ids())).all().item<bool>());
        Move(generator);
        Assert.That(MaxDifference(generator.call(Ids()), plain.call(Ids())), Is.GreaterThan(0.1));
    }

    [Test]
    public void Steps_prompts_and_whole_texts_agree()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = Build(Case with { Lora = Case.Lora with { Targets = AllTargets } });
        Move(generator);
        var whole = generator.Hidden(Ids());
        using var state = generator.Start(4, T);
        Assert.That(MaxDifference(generator.Prefill(Ids().narrow(1, 0, 2), state), whole.narrow(1, 0, 2)), Is.LessThan(1e-5));
        for (var t = 2; t < T; t++)
            Assert.That(MaxDifference(generator.Step(Ids().select(1, t), state), whole.select(1, t)), Is.LessThan(1e-5));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void The_gradient_reaches_the_adapters_and_nothing_else(bool recomputed)
    {
        using var scope = NewDisposeScope();
        using var model = Plain(Case with { Model = Case.Model with { CheckpointActivations = recomputed } });
        using var generator = new LoraGenerator(model, Case.Lora with { Targets = AllTargets });
        Move(generator);
        TeacherForcing.Loss(generator, Ids(), ones(4, T), Start).backward();
        foreach (var (name, parameter) in generator.named_parameters())
            Assert.That(parameter.grad!.abs().sum().item<float>(), Is.GreaterThan(0), name);
        foreach (var (name, parameter) in model.named_parameters())
            Assert.That((parameter.requires_grad, parameter.grad), Is.EqualTo((false, (Tensor?)null)), name);
    }

    [Test]
    public void Merged_into_the_model_it_computes_the_same()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = Build(Case with { Lora = Case.Lora with { Targets = AllTargets } });
        Move(generator);
        var expected = generator.call(Ids());
        var merged = generator.Merge();
        Assert.That(MaxDifference(merged.call(Ids()), expected), Is.LessThan(1e-5));
        Assert.That(merged, Is.InstanceOf<TransformerGenerator>());
    }

    [Test]
    public void Its_files_are_those_of_PEFT()
    {
        using var files = new TemporaryFiles();
        using var generator = Build(Case);
        Move(generator);
        AdapterFiles.Write(files.PathOf("adapter"), generator, "models/base");
        using var weights = SafeTensors.Load(files.PathOf("adapter/adapter_model.safetensors"));
        Assert.That(weights.Tensors.Keys, Is.EquivalentTo(generator.named_parameters().Select(p => p.name)));
        foreach (var (name, parameter) in generator.named_parameters())
            Assert.That(weights.Tensors[name].eq(parameter).all().item<bool>(), name);
        Assert.That(File.ReadAllText(files.PathOf("adapter/adapter_config.json")), Is.EqualTo("""
            {
              "peft_type": "LORA",
              "task_type": "CAUSAL_LM",
              "base_model_name_or_path": "models/base",
              "r": 2,
              "lora_alpha": 3,
              "lora_dropout": 0,
              "target_modules": [
                "q_proj",
                "v_proj"
              ],
              "fan_in_fan_out": false,
              "bias": "none",
              "inference_mode": true
            }

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_twin_has_adapters_of_its_own_beside_the_same_model()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = Build(Case);
        using var twin = generator.Twin();
        using var plain = Plain(Case);
        Move(generator);
        Assert.That(twin.call(Ids()).eq(plain.call(Ids())).all().item<bool>(), "its adapters are 0");
        var before = generator.call(Ids());
        ModuleState.Copy(generator, twin);
        Assert.That(twin.call(Ids()).eq(before).all().item<bool>());
        Move(twin);
        Assert.That(generator.call(Ids()).eq(before).all().item<bool>());
        Assert.That(twin.call(Ids()).eq(before).all().item<bool>(), Is.False);
    }

    [Test]
    public void Dropout_is_of_the_adapters_and_of_training()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = Build(Case with { Lora = Case.Lora with { Dropout = 0.5 }, Model = Case.Model with { Dropout = 0.5 } });
        generator.train();
        Assert.That(generator.call(Ids()).eq(generator.call(Ids())).all().item<bool>(), "adapters of 0, and a model without dropout");
        Move(generator);
        Assert.That(generator.call(Ids()).eq(generator.call(Ids())).all().item<bool>(), Is.False);
        TextGan.Native.DropoutSwitch.TurnOff(generator); // as the adversarial phase does
        Assert.That(generator.call(Ids()).eq(generator.call(Ids())).all().item<bool>());
    }

    [Test]
    public void An_unknown_target_is_rejected_with_the_possible_ones()
    {
        using var model = Plain(Case);
        var error = Assert.Throws<Problems.InvalidInputException>(() =>
            new LoraGenerator(model, Case.Lora with { Targets = ["q_proj", "c_attn", "lm_head"] }))!;
        Assert.That(error.Problems.Select(problem => problem.ToString()), Is.EqualTo(new[]
        {
            $"$.generator.lora.targets[1]: the model has no layer 'c_attn'; possible are {string.Join(", ", AllTargets)}.",
            $"$.generator.lora.targets[2]: the model has no layer 'lm_head'; possible are {string.Join(", ", AllTargets)}.",
        }));
    }

    static readonly ExperimentOptions Experiment = TrainingRig.Experiment with
    {
        Generator = Case,
        Discriminators = TrainingRig.Read("""{"kind":"bag","name":"judge","data":"texts","embedding":4,"hidden":5}"""),
        Regularizers = new RegularizerOptions { Kl = 0.1 },
        Training = TrainingRig.Experiment.Training with { WeightAverage = 0.5 },
    };

    static IEnumerable<TestCaseData> Estimators() =>
    [
        new TestCaseData(new PolicyGradientOptions()).SetArgDisplayNames("reinforce"),
        new TestCaseData(new PathwiseOptions()).SetArgDisplayNames("gumbel-softmax"),
    ];

    [TestCaseSource(nameof(Estimators))]
    public void A_run_has_one_model_and_its_checkpoints_hold_adapters_only(EstimatorOptions estimator)
    {
        using var rig = new TrainingRig();
        using var parts = rig.Parts(Experiment with { Estimator = estimator });
        var start = TrainingRig.Weights(parts.Generator);
        using var frozen = Model(parts);
        rig.Train(Experiment with { Estimator = estimator }, parts);
        Assert.That(TrainingRig.Weights(parts.Generator), Is.Not.EqualTo(start));
        Assert.That(TrainingRig.Weights(parts.Average!.Generator),
            Is.Not.EqualTo(start).And.Not.EqualTo(TrainingRig.Weights(parts.Generator)));
        Assert.That(TrainingRig.Weights(parts.Reference!), Is.EqualTo(start));
        using (var after = Model(parts)) Assert.That(after.eq(frozen).all().item<bool>(), "the reference has adapters of 0");

        var checkpoint = Checkpoint.In(rig.Checkpoints)[0];
        var bag = checkpoint.Read();
        var names = parts.Generator.named_parameters().Select(p => p.name).ToArray();
        foreach (var part in new[] { "generator", "average", "reference" })
            Assert.That(bag.Scope(part).TensorNames(), Is.EquivalentTo(names), part);
        Assert.That(bag.Scope("optimizer").TensorNames().Count(), Is.EqualTo(names.Length));
        bag.Clear();

        static Tensor Model(AdversarialParts parts)
        {
            using var _ = no_grad();
            return parts.Reference!.call(Ids()).DetachFromDisposeScope();
        }
    }

    [TestCaseSource(nameof(Estimators))]
    public void It_resumes_to_the_bit(EstimatorOptions estimator)
    {
        using var rig = new TrainingRig();
        var options = Experiment with { Estimator = estimator, Training = Experiment.Training with { CheckpointEvery = 2 } };
        double[] Trained(Checkpoint? from)
        {
            using var parts = rig.Parts(options);
            using var log = new MetricLog(Path.Combine(Path.GetDirectoryName(rig.Checkpoints)!, $"{from?.Step}.jsonl"));
            var recorder = new Recorder(rig.Samples, rig.Checkpoints, 5, log, new Runs.SilentObserver());
            using var loop = new AdversarialLoop(options.Training, options.Evaluation, parts, rig.Materials.Encoder,
                new Evaluator(options.Evaluation, [], rig.Materials.Encoder, 1), recorder, 1);
            if (from?.Read() is { } bag)
            {
                loop.Load(bag);
                bag.Clear();
            }
            loop.Run(default);
            return [.. TrainingRig.Weights(parts.Generator), .. TrainingRig.Weights(parts.Average!.Generator)];
        }
        var straight = Trained(null);
        Assert.That(Trained(Checkpoint.In(rig.Checkpoints).Single(one => one.Step == 2)), Is.EqualTo(straight));
    }

    [Test]
    public void Pretraining_lowers_its_loss_with_dropout_and_leaves_the_model()
    {
        using var rig = new TrainingRig();
        var options = Experiment with
        {
            Generator = Case with { Lora = Case.Lora with { Dropout = 0.1, Targets = AllTargets } },
            Pretraining = Experiment.Pretraining! with { Epochs = 8, Optimizer = new AdamOptions { LearningRate = 0.02 } },
        };
        using var generator = new TextGan.Runs.RunAssembly(options, rig.Materials, CPU, 1).BuildGenerator();
        var losses = rig.Pretrain(options, generator).Where(line => line.Values.ContainsKey("generator/heldOutLoss"))
            .Select(line => line.Values["generator/heldOutLoss"]).ToArray();
        Assert.That(losses[^1], Is.LessThan(losses[0] - 0.2));
    }

    /// <summary>A judge that scores tokens of a table: the mean of what it says of drawn texts rises.</summary>
    [TestCaseSource(nameof(Estimators))]
    public void What_it_is_rewarded_for_becomes_more_likely(EstimatorOptions estimator)
    {
        using var scope = NewDisposeScope();
        using var generator = Build(Case with { Model = Case.Model with { InitialStandardDeviation = 0.2 } });
        using var table = new TableDiscriminator(T, V, 2);
        using var update = estimator.Build(new EstimatorContext(["judge"], generator.HiddenSize, CPU, null));
        var judge = new Judge("judge", table, new TextGan.Discriminators.Losses.BradleyTerryLoss(), CPU, null,
            _ => throw new InvalidOperationException());
        using var optimizer = new AdamOptions { LearningRate = 0.03 }.Build(new OptimizerContext(generator.parameters()));
        double Score()
        {
            using var inner = NewDisposeScope();
            manual_seed(9);
            return table.forward(Sampler.Sample(generator, new SamplingOptions(), 500, T, Start, null).Tokens).SequenceLogits().mean()
                .item<float>();
        }
        var before = Score();
        manual_seed(4);
        for (var step = 0; step < 60; step++)
        {
            using var inner = NewDisposeScope();
            Gradients.Clear(generator.parameters());
            update.Estimate(new RolloutRequest(generator, [judge], 32, T, Start, null, step, 60, NeedsLogits: false))
                .Terms[0].Surrogate().backward();
            optimizer.step();
        }
        Assert.That(Score(), Is.GreaterThan(before + 0.5));
    }
}
