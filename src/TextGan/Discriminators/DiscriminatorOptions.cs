using TextGan.Discriminators.Losses;
using TextGan.Optimizers;

namespace TextGan.Discriminators;

/// <summary>A discriminator of the generator's texts: its model, its data, how it learns, and its weight.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CnnDiscriminatorOptions), "cnn")]
[JsonDerivedType(typeof(LstmDiscriminatorOptions), "lstm")]
[JsonDerivedType(typeof(TransformerDiscriminatorOptions), "transformer")]
[JsonDerivedType(typeof(BagDiscriminatorOptions), "bag")]
[JsonDerivedType(typeof(FeaturesDiscriminatorOptions), "features")]
[JsonDerivedType(typeof(LanguageModelDiscriminatorOptions), "language-model")]
[JsonDerivedType(typeof(ConstantDiscriminatorOptions), "constant")]
[JsonDerivedType(typeof(RandomDiscriminatorOptions), "random")]
public abstract record DiscriminatorOptions : ComponentOptions<DiscriminatorContext, Discriminator>
{
    /// <summary>Its name in logs, plots and schedules; unique in an experiment; letters, digits, '-' and '_'.</summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>
    /// The data set whose texts are its real side. Required for discriminators that learn, unless they have a 'teacherPreference'.
    /// </summary>
    public string? Data { get; init; }

    /// <summary>Its weight in the generator's objective. Default 1; a combiner may change it.</summary>
    [Range(0.0, 1e6)]
    public double Weight { get; init; } = 1;

    /// <summary>The adversarial loss. Default: non-saturating.</summary>
    public AdversarialLossOptions Loss { get; init; } = new NonSaturatingLossOptions();

    /// <summary>
    /// Its optimiser. Default: Adam with learning rate 0.001. It is independent of the generator's ('training.optimizer'), as are the
    /// numbers of updates ('stepsPerIteration', 'every', 'training.generatorSteps'): two time scales (Heusel et al. 1706.08500), with the
    /// larger rate for the discriminator.
    /// </summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>Updates in each iteration in which it learns. Default 1.</summary>
    [Range(0, 10_000)]
    public int StepsPerIteration { get; init; } = 1;

    /// <summary>
    /// It learns every n-th iteration, beginning with the first one, and is frozen in between. With a large n and many
    /// 'stepsPerIteration' it is refreshed now and then. Default 1.
    /// </summary>
    [Range(1, 1_000_000)]
    public int Every { get; init; } = 1;

    /// <summary>
    /// Whether it is trained from scratch where it is refreshed: in every n-th iteration ('every'), but not in the first one, it gets new
    /// initial weights and an optimiser without memory before its 'stepsPerIteration' updates. So it forgets what it learnt by heart and
    /// what earlier texts taught it. Default false: it continues from the weights that it has.
    /// </summary>
    public bool FromScratch { get; init; }

    /// <summary>
    /// Whether it is a structured discriminator: its logit is f(x) - log q(x), where f is the model of this kind (of several logits the
    /// mean of those that count) and q the generator as it is at the moment, without a gradient to the generator's weights. The best
    /// discriminator σ(log p(x) - log q(x)) so has f = log p and a constant, whatever the generator: f becomes an energy of the data
    /// instead of nothing (Finn et al. 1611.03852, section 3), and as a reward the logit lowers KL(q ‖ e^f/Z). log q is the sum over a
    /// text's tokens, of answers the answer's alone; the loss must be one whose logit is a log odds ("non-saturating") for f to mean this.
    /// The weights are f's, so that a checkpoint fits with and without. Default false.
    /// </summary>
    public bool Structured { get; init; }

    /// <summary>
    /// Begins with the weights of a discriminator of another run instead of random ones; with "freezeAfter": 0 it keeps them. Null
    /// (default): random ones.
    /// </summary>
    public DiscriminatorStartOptions? Start { get; init; }

    /// <summary>Updates before the first adversarial iteration, against the pretrained generator. Default 0.</summary>
    [Range(0, 10_000_000)]
    public int PretrainingSteps { get; init; }

    /// <summary>It stops learning after this many iterations but still scores texts; null (default): never.</summary>
    [Range(0, int.MaxValue)]
    public int? FreezeAfter { get; init; }

    /// <summary>Real texts per update (and as many opposing ones); null (default) means the training's batch.</summary>
    [Range(1, 1_000_000)]
    public int? Batch { get; init; }

    /// <summary>The texts that it learns to tell from its real ones. Default: generated texts only.</summary>
    public OpponentOptions Opponents { get; init; } = new();

    /// <summary>Labels for the generator's own texts, for a discriminator of a property; null (default): none.</summary>
    public RelabelOptions? Relabel { get; init; }

    /// <summary>
    /// Labels that a teacher is asked for, about those of the generator's texts from which most is learnt, instead of 'relabel'; null
    /// (default): none.
    /// </summary>
    public OracleQueryOptions? OracleQuery { get; init; }

    /// <summary>
    /// Makes it a reward model that learns from a teacher's preferences between the generator's own texts; null (default): it learns from
    /// its data.
    /// </summary>
    public TeacherPreferenceOptions? TeacherPreference { get; init; }

    /// <summary>
    /// Models of this kind that learn apart from each other, with initial weights of their own, and judge together. Default 1. Time and
    /// memory grow with it.
    /// </summary>
    [Range(1, 1000)]
    public int Members { get; init; } = 1;

    /// <summary>
    /// How the scores of several members become one: "mean" (default), "minimum" or "mean-minus-variance".
    /// </summary>
    public EnsembleRule Ensemble { get; init; } = EnsembleRule.Mean;

    /// <summary>With "mean-minus-variance": what the variance between the members' scores is multiplied by. Default 0.5.</summary>
    [Range(0.0, 1e6)]
    public double VarianceWeight { get; init; } = 0.5;

    /// <summary>
    /// Whether each of several members learns from a bootstrap resample of the data: as many texts or pairs, drawn with replacement.
    /// Default true. The generated texts that they learn against are the same, and so are, with the loss "bradley-terry" and prompts, the
    /// real texts that these are compared with.
    /// </summary>
    public bool Resample { get; init; } = true;

    /// <summary>What is kept of generated texts where 'opponents' has a share "replayed".</summary>
    public ReplayOptions Replay { get; init; } = new();

    /// <summary>
    /// Draws its real texts so that they are as often of a property, or of a length, as the generator's texts, so that it cannot tell them
    /// apart by that; null (default): real texts come as they are.
    /// </summary>
    public MatchOptions? Match { get; init; }

    /// <summary>
    /// γ of R1 (Mescheder et al. 1801.04406, equation 9): adds γ/2 E ‖∇D(x)‖² at real texts to its loss, whichever that is; the gradient is
    /// that of a text's score in its one-hot tokens [T,V]. One more pass over the real texts per update. Default 0: none.
    /// </summary>
    [Range(0.0, 1e9)]
    public double R1 { get; init; }

    /// <summary>
    /// Spectral normalisation (Miyato et al. 1802.05957): every weight matrix W of its layers (embedding tables, which are linear layers of
    /// one-hot tokens, included) is this number times W / σ(W), with the largest singular value σ by one step of power iteration per
    /// update. 1 is the paper's; larger numbers let scores grow further. A bag of words so has a Lipschitz constant; of the others each
    /// matrix is bounded, but not the whole: highway gates, attention, normalising layers and the recurrence of LSTMs have no constant.
    /// Default 0: none.
    /// </summary>
    [Range(0.0, 1e6)]
    public double SpectralNorm { get; init; }

    /// <summary>Largest norm of its gradient; a larger one is clipped to it. 0 (default) turns clipping off.</summary>
    [Range(0.0, 1e9)]
    public double ClipGradient { get; init; }

    /// <summary>Its device ("cpu", "cuda:1"); null (default) means the experiment's.</summary>
    public string? Device { get; init; }

    /// <summary>Whether it learns at all; controls and rules do not.</summary>
    public virtual bool Learns => true;

    /// <summary>Whether it can only read token ids, so that no gradient passes through it and Gumbel-softmax is rejected.</summary>
    public virtual bool NeedsHardTokens => false;

    /// <summary>
    /// Whether it gives a logit for each token of a text, which the credit "per-step" needs; null where that is seen only when it judges.
    /// </summary>
    public virtual bool? HasStepLogits => null;

    /// <summary>Whether it shows features of whole texts (<see cref="DiscriminatorOutput.Features"/>), which some losses compare.</summary>
    public virtual bool HasFeatures => false;

    /// <summary>Whether it reads the generator as it is when the adversarial phase begins.</summary>
    public virtual bool ReadsReference => false;

    /// <summary>Yields what does not go with texts of <paramref name="length"/> tokens.</summary>
    public virtual IEnumerable<Problem> CheckLength(string path, int length) => [];

    const string DoesNotLearn = "this kind of discriminator does not learn; leave it out.";

    /// <summary>Yields what several properties of every kind decide together; overrides add theirs.</summary>
    public override IEnumerable<Problem> Validate(string path)
    {
        if (Members > 1 && !Learns)
            yield return new Problem($"{path}.members", $"is {Members}, but this kind does not learn, so that one is enough.");
        if (NeedsHardTokens && Loss.DifferentiatesInputs)
            yield return new Problem($"{path}.loss",
                "a gradient penalty differentiates the discriminator in its input, but this kind reads token ids only; set " +
                "'gradientPenalty' to 0 or take another loss.");
        if ((Relabel is not null || OracleQuery is not null) && (Opponents.Generated > 0 || Opponents.Rejected <= 0))
            yield return new Problem($"{path}.opponents",
                $"generated texts are opponents whatever the {(Relabel is null ? "teacher of 'oracleQuery'" : "rule of 'relabel'")} says " +
                "of them; write \"opponents\": { \"generated\": 0, \"rejected\": 1 }.");
        if (Loss.NeedsFeatures && !HasFeatures)
            yield return new Problem($"{path}.loss",
                "compares features of whole texts, and this discriminator shows none; take a \"cnn\", a \"bag\" or an \"lstm\" with a " +
                "logit per sequence, or another loss.");
        if (OracleQuery is not null && !Loss.TrainsLogits)
            yield return new Problem($"{path}.loss",
                "with this loss the logits, by which texts are chosen for 'oracleQuery', learn nothing; take another one.");
        if (Structured && (Loss.NeedsFeatures || Loss.DifferentiatesInputs || R1 > 0))
            yield return new Problem($"{path}.structured", Loss.NeedsFeatures
                ? "is true, but the loss compares features of texts, of which the generator's likelihood is none; take another loss."
                : "is true, but a penalty on the gradient in the texts would be one on the generator's likelihood, too; leave out 'r1', " +
                  "or take a loss without a penalty.");
        if (FromScratch && Learns && Every == 1)
            yield return new Problem($"{path}.fromScratch",
                "it would start over in every iteration; set 'every' to the iterations from one refresh to the next, 2 or more.");
        else if (FromScratch && Learns && (StepsPerIteration == 0 || FreezeAfter <= Every))
            yield return new Problem($"{path}.fromScratch", StepsPerIteration == 0
                ? "but 'stepsPerIteration' is 0, so that it never learns in an iteration; leave it out, or give it updates."
                : $"but 'freezeAfter' is {FreezeAfter}, and the first refresh would be in iteration {Every} ('every', counted from 0), " +
                  "when it no longer learns; leave it out, or freeze it later.");
        if (Relabel is not null && OracleQuery is not null)
            yield return new Problem($"{path}.oracleQuery", "and 'relabel' are both given; keep one of the two.");
        if (OracleQuery is { Select: QuerySelection.Disagreement } && Members < 2)
            yield return new Problem($"{path}.oracleQuery.select",
                $"is \"disagreement\", but there is nobody to disagree with: 'members' is {Members}; take 2 or more, or \"random\".");
        if (NeedsHardTokens && R1 > 0)
            yield return new Problem($"{path}.r1",
                "R1 differentiates the discriminator in its input, but this kind reads token ids only; leave it out.");
        foreach (var problem in TeacherPreference?.CheckDiscriminator(this, path) ?? []) yield return problem;
        if (Match is not null && Opponents.Generated <= 0)
            yield return new Problem($"{path}.match",
                "real texts are matched to generated ones, but 'opponents.generated' is 0; leave out one of the two.");
        if (Learns) yield break;
        if (Match is not null) yield return new Problem($"{path}.match", DoesNotLearn);
        if (OracleQuery is not null) yield return new Problem($"{path}.oracleQuery", DoesNotLearn);
        if (FromScratch) yield return new Problem($"{path}.fromScratch", DoesNotLearn);
        if (R1 > 0) yield return new Problem($"{path}.r1", DoesNotLearn);
        if (SpectralNorm > 0) yield return new Problem($"{path}.spectralNorm", DoesNotLearn);
    }

    /// <summary>What the library builds with: one model, or an ensemble where there are several members.</summary>
    public Discriminator BuildModel(DiscriminatorContext context) =>
        Members > 1 ? EnsembleDiscriminator.Build(this, context) : BuildMember(context);

    /// <summary>One model, a structured one where the options say so.</summary>
    internal Discriminator BuildMember(DiscriminatorContext context)
    {
        var model = BuildChecked(context);
        if (Structured) model.Opponent = new GeneratorLikelihood(context.Generator(), context.StartId);
        return model;
    }

    internal override void Check(PluginComponent origin, DiscriminatorContext context, Discriminator built) =>
        origin.RequireDevice(this, built, context.Device);
}
