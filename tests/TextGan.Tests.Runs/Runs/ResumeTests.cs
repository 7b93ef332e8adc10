using TextGan.Runs;
using TextGan.Training;

namespace TextGan.Tests.Runs;

/// <summary>A run that was stopped, in whatever phase, ends with the bits of one that was not.</summary>
public class ResumeTests
{
    static readonly string[] Often =
        ["pretraining.checkpointEvery=5", "pretraining.patience=3", "training.iterations=6", "training.checkpointEvery=4"];

    static readonly (string Name, string[] Changes)[] More =
    [
        ("SGD with momentum, dropout",
            ["pretraining.optimizer={\"kind\":\"sgd\",\"momentum\":0.9,\"learningRate\":0.1}",
            "training.optimizer={\"kind\":\"sgd\",\"momentum\":0.9}",
            "discriminators.real.optimizer={\"kind\":\"sgd\",\"momentum\":0.5}", "generator.dropout=0.2"]),
        ("RMSprop, AdamW", ["pretraining.optimizer={\"kind\":\"rmsprop\"}", "training.optimizer={\"kind\":\"adam\",\"weightDecay\":0.1}",
            "discriminators.real.optimizer={\"kind\":\"rmsprop\"}"]),
        ("transformer and bag discriminators, dropout",
            ["discriminators=[{\"name\":\"t\",\"kind\":\"transformer\",\"data\":\"text\",\"pretrainingSteps\":2,\"every\":2}," +
            "{\"name\":\"b\",\"kind\":\"bag\",\"data\":\"text\"}]"]),
        ("early stopping", ["pretraining.patience=1", "pretraining.epochs=6",
            "pretraining.optimizer={\"kind\":\"adam\",\"learningRate\":0.3}"]),
        ("best checkpoint", ["training.keepBest={\"metric\":\"nll-text\"}", "training.keepCheckpoints=1",
            "training.optimizer={\"kind\":\"adam\",\"learningRate\":0.05}", "evaluation.every=1"]),
        ("clipped, epochs, minibatches, groups",
            ["estimator={\"kind\":\"reinforce\",\"loss\":\"clipped\",\"epochs\":2,\"minibatches\":2,\"groupSize\":4}",
            "normalization={\"statistics\":\"group\"}"]),
        ("PPO: critic with GAE at every pass, adaptive KL in the reward",
            ["estimator={\"kind\":\"reinforce\",\"loss\":\"clipped\",\"epochs\":2,\"minibatches\":2,\"truncated\":\"mask\"," +
                "\"baseline\":{\"kind\":\"critic\",\"lambda\":0.9,\"everyPass\":true,\"clip\":0.2}}",
            "regularizers={\"kl\":{\"kind\":\"reward\",\"weight\":0.1,\"estimator\":\"exact\",\"adaptive\":{\"horizon\":100}}}"]),
        ("GRPO, KL by k3",
            ["estimator={\"kind\":\"reinforce\",\"loss\":{\"kind\":\"clipped\",\"lengthNormalization\":\"text\"},\"epochs\":2," +
                "\"groupSize\":4,\"baseline\":{\"kind\":\"none\"}}",
            "normalization={\"order\":\"sum-then-normalize\",\"statistics\":\"group\"}",
            "regularizers={\"kl\":{\"kind\":\"loss\",\"weight\":0.1,\"estimator\":\"k3\",\"adaptive\":{\"horizon\":100}}}"]),
        ("PCGrad, GSPO, MaliGAN",
            ["estimator={\"kind\":\"reinforce\",\"loss\":\"gspo\",\"reward\":\"maligan\",\"epochs\":2}", "combiner={\"kind\":\"pcgrad\"}",
            "regularizers={\"entropy\":0.1,\"kl\":0.1}"]),
        ("uncertainty weights, Gumbel-softmax",
            ["estimator={\"kind\":\"gumbel-softmax\"}", "combiner={\"kind\":\"uncertainty\",\"learningRate\":0.3}",
            "discriminators.real.loss={\"kind\":\"relativistic\"}"]),
        ("Lagrangian, clipped, several passes and rollouts",
            ["estimator={\"kind\":\"reinforce\",\"loss\":\"clipped\",\"epochs\":2}", "training.generatorSteps=2",
            "combiner={\"kind\":\"lagrangian\",\"limits\":{\"helpful\":0.5},\"learningRate\":0.3}",
            "discriminators.real.loss={\"kind\":\"relativistic\"}", "discriminators.helpful.loss={\"kind\":\"hinge\"}"]),
        ("GradNorm", ["combiner={\"kind\":\"gradnorm\",\"learningRate\":0.3}", "regularizers={\"kl\":0.1}"]),
        ("ensembles",
            ["discriminators=[{\"name\":\"b\",\"kind\":\"bag\",\"data\":\"text\",\"members\":3,\"pretrainingSteps\":2,\"dropout\":0.2," +
            "\"opponents\":{\"replayed\":1},\"replay\":{\"capacity\":10},\"spectralNorm\":1,\"match\":{\"length\":true}}," +
            "{\"name\":\"h\",\"kind\":\"cnn\",\"data\":\"helpfulness\",\"members\":2,\"ensemble\":\"minimum\"," +
            "\"loss\":{\"kind\":\"bradley-terry\"}," +
            "\"opponents\":{\"generated\":0,\"rejected\":1},\"pretrainingSteps\":2,\"freezeAfter\":0}]"]),
        ("structured discriminators, Gumbel-softmax",
            ["estimator={\"kind\":\"gumbel-softmax\"}", "discriminators.real.structured=true", "discriminators.real.members=2"]),
        ("oracle query",
            ["discriminators=[{\"name\":\"h\",\"kind\":\"bag\",\"data\":\"helpfulness\",\"members\":3,\"pretrainingSteps\":2," +
            "\"opponents\":{\"generated\":0,\"rejected\":1},\"oracleQuery\":{\"labels\":9,\"batch\":2,\"pool\":6,\"keep\":3," +
            "\"teacher\":{\"kind\":\"rule\",\"rule\":{\"kind\":\"contains\",\"text\":\"the\"}}}}]"]),
        ("honest discriminators",
            ["discriminators.real.opponents={\"replayed\":1}", "discriminators.real.replay={\"capacity\":10}",
            "discriminators.real.loss={\"kind\":\"non-saturating\",\"labelSmoothing\":0.1}", "discriminators.real.r1=0.1",
            "discriminators.real.spectralNorm=1", "discriminators.real.stepsPerIteration=2",
            "discriminators.real.match={\"judge\":\"helpful\",\"length\":true,\"texts\":50,\"every\":3}"]),
        ("honest discriminators, Gumbel-softmax",
            ["estimator={\"kind\":\"gumbel-softmax\",\"relaxation\":\"relaxed\"}",
            "discriminators.helpful.opponents={\"rejected\":1,\"replayed\":1}", "discriminators.helpful.spectralNorm=1",
            "discriminators.helpful.r1=0.1", "discriminators.real.opponents={\"replayed\":0.5}",
            "discriminators.real.match={\"rule\":{\"kind\":\"contains\",\"text\":\"the\"},\"every\":2}"]),
        ("teacher's preferences, likelihood per token",
            ["discriminators=[{\"name\":\"p\",\"kind\":\"bag\"," +
            "\"data\":\"helpfulness\",\"pretrainingSteps\":2,\"members\":2,\"dropout\":0.2," +
            "\"loss\":{\"kind\":\"bradley-terry\"},\"teacherPreference\":{\"teacher\":{\"kind\":\"attribute\",\"data\":\"text\"," +
            "\"attribute\":\"harmless\"},\"warmUp\":9,\"keep\":12,\"labelNoise\":0.2}}," +
            "{\"name\":\"t\",\"kind\":\"language-model\",\"temperature\":0.8}]"]),
        ("conflict",
            ["training.conflict={\"every\":2}", "estimator={\"kind\":\"gumbel-softmax\"}",
            "regularizers={\"entropy\":0.1,\"likelihood\":0.1}"]),
        ("expert iteration by trees, KL", ["estimator={\"kind\":\"expert-iteration\",\"keep\":0.5,\"epochs\":2," +
            "\"search\":{\"kind\":\"tree\",\"opening\":1,\"simulations\":3,\"rollout\":0.5},\"value\":{\"steps\":2}}",
            "regularizers={\"kl\":0.1}"]),
        ("expert iteration by guided decoding, scheduled entropy", ["estimator={\"kind\":\"expert-iteration\"," +
            "\"search\":{\"kind\":\"guided\",\"candidates\":3},\"value\":{\"steps\":2}}", "training.weightAverage=0.9",
            "combiner={\"kind\":\"scheduled\",\"weights\":{\"entropy\":{\"kind\":\"linear\",\"from\":0,\"to\":0.1}}}"]),
        ("bfloat16", ["precision=bfloat16"]),
        ("bfloat16, transformers, Gumbel-softmax",
            ["precision=bfloat16", "generator={\"kind\":\"transformer\",\"hidden\":16,\"layers\":2,\"heads\":2}",
            "discriminators=[{\"name\":\"t\",\"kind\":\"transformer\",\"data\":\"text\",\"pretrainingSteps\":2}]",
            "estimator={\"kind\":\"gumbel-softmax\"}"]),
        ("RelGAN", ["generator={\"kind\":\"relational-memory\",\"embedding\":4,\"headSize\":5}",
            "discriminators=[{\"name\":\"d\",\"kind\":\"cnn\",\"data\":\"text\",\"representations\":64,\"filters\":[6]," +
            "\"fullyConnected\":5,\"gateBias\":0,\"loss\":{\"kind\":\"relativistic\"},\"stepsPerIteration\":2}]",
            "estimator={\"kind\":\"gumbel-softmax\",\"relaxation\":\"relaxed\",\"prefix\":\"constant\"," +
            "\"inverseTemperature\":{\"kind\":\"logarithmic\",\"to\":5}}"]),
        ("LeakGAN",
            ["generator={\"kind\":\"leak\",\"discriminator\":\"real\",\"embedding\":4,\"hidden\":5,\"managerHidden\":4," +
                "\"goalSize\":3,\"horizon\":2}",
            "estimator={\"kind\":\"reinforce\",\"credit\":{\"kind\":\"rollouts\",\"count\":2,\"lag\":0.5}," +
                "\"rankRescaling\":{},\"baseline\":{\"kind\":\"none\"}}",
            "regularizers={\"manager\":1,\"intrinsic\":0.5,\"likelihood\":0.1,\"kl\":0.1}", "training.weightAverage=0.9",
            "training.accumulate=2"]),
        ("no pretraining", ["pretraining=null", "regularizers={\"likelihood\":0.1,\"likelihoodData\":\"text\"}"]),
    ];

    static IEnumerable<TestCaseData> Cases() =>
        ExperimentRunnerTests.Variants.Concat(More).Select(v => new TestCaseData((object)v.Changes).SetArgDisplayNames(v.Name));

    /// <summary>
    /// A run that <paramref name="stop"/> stops, and perhaps damages, ends with what one without a stop ends with; gives its messages.
    /// </summary>
    static List<string> AssertNoTrace(string[] changes, Action<InterruptedRun> stop)
    {
        using var run = new SmallRun();
        var experiment = run.Read(changes);
        using var straight = new InterruptedRun(experiment, Path.Combine(run.Folder, "straight"));
        Assert.That(straight.Go().Outcome, Is.EqualTo("finished"));
        using var stopped = new InterruptedRun(experiment, Path.Combine(run.Folder, "stopped"));
        stop(stopped);
        Assert.That(stopped.Go().Outcome, Is.EqualTo("finished"));
        RunTrace.AssertSame(stopped.Folder.Root, straight.Folder.Root);
        Assert.That(Directory.EnumerateFiles(stopped.Folder.Root, "*.tmp", SearchOption.AllDirectories), Is.Empty);
        return stopped.Messages;
    }

    [TestCaseSource(nameof(Cases))]
    public void Stops_leave_no_trace(string[] changes)
    {
        // One stop in each phase, at a step with a checkpoint of its own and at steps without; then at each third step of all.
        (Phase Phase, long Step)[] stops =
            [(Phase.Pretraining, 10), (Phase.Pretraining, 20), (Phase.DiscriminatorPretraining, 1), (Phase.Adversarial, 1),
            (Phase.Adversarial, 2), (Phase.Adversarial, 5)];
        AssertNoTrace([.. Often, .. changes], stopped =>
        {
            foreach (var (phase, step) in stops) stopped.Go((p, s) => p == phase && s == step);
            Assert.That(stopped.Messages, Has.Some.StartsWith("resumed at"));
        });
    }

    [Test]
    public void What_was_written_after_the_last_checkpoint_is_made_again() => AssertNoTrace(Often, killed =>
    {
        killed.Go((p, s) => p == Phase.Adversarial && s == 3);
        // As a kill leaves it: lines that no checkpoint saw, the last cut off, half a checkpoint, a temporary file, no outcome.
        File.AppendAllText(killed.Folder.Metrics, File.ReadLines(killed.Folder.Metrics).Last() + "\n{\"phase\":\"adversar");
        File.WriteAllText(Path.Combine(killed.Folder.Checkpoints, "adversarial-00000004.safetensors"), "half");
        File.WriteAllText(Path.Combine(killed.Folder.Checkpoints, ".adversarial-00000004.json.0.tmp"), "half");
        File.Delete(killed.Folder.Outcome);
    });

    public static readonly (string Name, Action<Checkpoint> Do, string Says)[] Damages =
    [
        ("truncated tensors", c => Cut(c.TensorFile),
            "safetensors: does not have the checksum that adversarial-00000006.sha256 names; it is damaged."),
        ("empty tensors", c => File.WriteAllBytes(c.TensorFile, []), "safetensors: does not have the checksum"),
        ("one bit of a tensor", c => Flip(c.TensorFile, from: 0.9), "safetensors: does not have the checksum"),
        ("one bit of the header", c => Flip(c.TensorFile, from: 0.0), "safetensors: does not have the checksum"),
        ("no tensors", c => File.Delete(c.TensorFile), "safetensors: The file does not exist."),
        ("truncated state", c => Cut(c.StateFile), "json: does not have the checksum"),
        ("one bit of the state", c => Flip(c.StateFile, from: 0.5), "json: does not have the checksum"),
        ("empty checksums", c => File.WriteAllBytes(c.ChecksumFile, []),
            "sha256: has no checksum of adversarial-00000006.safetensors; it is damaged."),
        ("one bit of the checksums", c => Flip(c.ChecksumFile, from: 0.1), "safetensors: does not have the checksum"),
        ("state that is no JSON", c => Rewrite(c, File.ReadAllBytes(c.TensorFile), "{ \"phase\":"u8.ToArray()),
            "is not a readable checkpoint state"),
        ("state without its values", c => Rewrite(c, File.ReadAllBytes(c.TensorFile), "{}"u8.ToArray()),
            "the checkpoint has no value 'adversarial/pretrained'"),
        ("tensors that are no safetensors", c => Rewrite(c, "PK\x3\x4 a pickle"u8.ToArray(), File.ReadAllBytes(c.StateFile)),
            "Is this a safetensors file?"),
        ("other shapes", OtherShapes, "the weight 'embedding.weight' is [2,3] where the model has"),
    ];

    static IEnumerable<TestCaseData> DamageCases() => Damages.Select(d => new TestCaseData(d.Do, d.Says).SetArgDisplayNames(d.Name));

    [TestCaseSource(nameof(DamageCases))]
    public void A_damaged_checkpoint_is_named_and_the_one_before_it_is_used(Action<Checkpoint> damage, string says)
    {
        var messages = AssertNoTrace([.. Often, "training.iterations=8", "pretraining.epochs=1"], damaged =>
        {
            damaged.Go((p, s) => p == Phase.Adversarial && s == 6);
            damage(Checkpoint.In(damaged.Folder.Checkpoints)[^1]);
        });
        Assert.That(messages,
            Has.Some.Matches<string?>(
            m => m!.StartsWith("checkpoint adversarial-00000006 cannot be used; the one before it is. ", StringComparison.Ordinal)
            && m.Contains(says)),
            string.Join('\n', messages));
        Assert.That(messages, Has.Some.EqualTo("resumed at adversarial step 4"));
    }

    [Test]
    public void Where_every_checkpoint_is_damaged_the_run_begins_anew()
    {
        var messages = AssertNoTrace(Often, damaged =>
        {
            damaged.Go((p, s) => p == Phase.Adversarial && s == 5);
            foreach (var checkpoint in Checkpoint.In(damaged.Folder.Checkpoints)) Cut(checkpoint.TensorFile);
            Directory.Delete(Path.Combine(damaged.Folder.Root, "..", "..", "shared"), recursive: true);
        });
        Assert.That(messages, Has.Some.EqualTo("no checkpoint to resume from: starts over"));
    }

    [Test]
    public void A_log_shorter_than_a_checkpoint_saw_it_takes_the_run_back_to_one_that_fits()
    {
        var messages = AssertNoTrace(Often, cut =>
        {
            cut.Go((p, s) => p == Phase.Adversarial && s == 5);
            File.WriteAllLines(cut.Folder.Metrics, File.ReadAllLines(cut.Folder.Metrics)[..^1]);
        });
        Assert.That(messages, Has.Some.Contain("and the checkpoint saw"));
    }

    [Test]
    public void The_last_ones_the_best_one_and_the_end_of_pretraining_are_kept()
    {
        using var run = new SmallRun();
        // A learning rate that only does harm: step 0 stays the best.
        var experiment = run.Read("training.iterations=12", "evaluation.every=2", "training.keepCheckpoints=2",
            "training.keepBest={\"metric\":\"nll-text\"}",
            "training.optimizer={\"kind\":\"adam\",\"learningRate\":0.1}");
        using var one = new InterruptedRun(experiment, Path.Combine(run.Folder, "runs"));
        one.Go();
        var measured = File.ReadAllLines(one.Folder.Metrics).Select(MetricLine.Parse)
            .Where(l => l.Phase == "adversarial" && l.Values.ContainsKey("metric/nll-text")).ToArray();
        var best = measured.MinBy(l => l.Values["metric/nll-text"])!.Step;
        Assert.That(best, Is.LessThan(10), "else this shows nothing");
        Assert.That(Checkpoint.In(one.Folder.Checkpoints).Select(c => c.Name),
            Is.EqualTo(new[] { "pretraining-00000026", $"adversarial-{best:D8}", "adversarial-00000010", "adversarial-00000012" }));
        using var stored = StoredRun.Load(one.Folder.Root, TorchSharp.torch.CPU, "best");
        Assert.That(stored.Checkpoint.Step, Is.EqualTo(best));
    }

    [Test]
    public void A_best_metric_must_be_measured() =>
        Assert.That(() => { using var run = new SmallRun();
            run.Read("evaluation.metrics=[{\"kind\":\"self-bleu\",\"orders\":[2]}]", "training.keepBest={\"metric\":\"self-blue-2\"}"); },
            Throws.TypeOf<InvalidInputException>()
                .With.Message.Contain(
                "$.training.keepBest.metric: the evaluation measures no \"self-blue-2\"; it measures 'self-bleu-2'. Did you mean " +
                "'self-bleu-2'?"));

    [Test]
    public void Which_values_are_better_must_be_known() =>
        Assert.That(() => { using var run = new SmallRun();
            run.Read("evaluation.metrics=[{\"kind\":\"length\"}]", "training.keepBest={\"metric\":\"length\"}"); },
            Throws.TypeOf<InvalidInputException>()
                .With.Message.Contain(
                "$.training.keepBest.better: is missing: the name \"length\" does not tell which values are better; give \"lower\" or " +
                "\"higher\"."));

    static void Cut(string file)
    {
        using var stream = File.OpenWrite(file);
        stream.SetLength(stream.Length / 2);
    }

    static void Flip(string file, double from)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[(int)(bytes.Length * from)] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>Damage that the checksums do not show: they are those of the new files.</summary>
    static void Rewrite(Checkpoint checkpoint, byte[] tensors, byte[] state)
    {
        var sums = new[] { (checkpoint.TensorFile, tensors), (checkpoint.StateFile, state) }
            .Select(file => (TextGan.Storage.Checksum.Write(file.Item1, stream => stream.Write(file.Item2)), file.Item1));
        File.WriteAllText(checkpoint.ChecksumFile, TextGan.Storage.Checksum.List(sums));
    }

    static void OtherShapes(Checkpoint checkpoint)
    {
        var bag = checkpoint.Read();
        var name = bag.Tensors.Keys.Single(key => key == "generator/embedding.weight");
        bag.Tensors[name].Dispose();
        bag.Tensors[name] = TorchSharp.torch.zeros(2, 3);
        checkpoint.Write(bag);
        bag.Clear();
    }
}
