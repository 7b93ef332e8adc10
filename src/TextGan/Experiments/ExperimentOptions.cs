using TextGan.Data;
using TextGan.Discriminators;
using TextGan.Generators;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Updates;
using TextGan.Runs.Trackers;
using TextGan.Training.Guards;
using TextGan.Training;

namespace TextGan.Experiments;

/// <summary>One experiment: everything that a run depends on besides its seed.</summary>
public sealed record ExperimentOptions : ComponentOptions
{
    /// <summary>Its name: the folder under runs/ and plots/; letters, digits, '-', '_' and '.'.</summary>
    [Required]
    public string Name { get; init; } = "";

    /// <summary>A sentence for lists and plots.</summary>
    public string? Description { get; init; }

    /// <summary>One run for each seed. Default [1].</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    /// <summary>"auto" (CUDA where there is a device, else CPU), "cpu", "cuda" or "cuda:N". Default "auto".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>
    /// How precisely the generator and the discriminators multiply matrices: "float32", "tf32" (on a CUDA device; on the CPU it means
    /// float32), "bfloat16" (the generator and discriminators of the kind lstm; weights, losses and optimisers stay in float32), or "auto":
    /// tf32 where a CUDA device computes, else float32. Default "auto".
    /// </summary>
    public Precision Precision { get; init; }

    /// <summary>Threads for tensor work on the CPU; null (default) means one per core. Results are bit-equal for the same number.</summary>
    [Range(1, 1024)]
    public int? Threads { get; init; }

    /// <summary>Named data sets.</summary>
    public IReadOnlyDictionary<string, DataOptions> Data { get; init; } = new Dictionary<string, DataOptions>();

    /// <summary>
    /// How text becomes tokens. Default with a pretrained generator: the tokenizer in its folder; with any other it must be given.
    /// </summary>
    [Required]
    public TokenizerOptions Tokenizer { get; init; } = null!;

    /// <summary>
    /// T: positions in a row of tokens, prompt and end token included. A longer text is cut; it has no end, nor has a text of exactly T
    /// tokens. Default 32.
    /// </summary>
    [Range(1, 65_536)]
    public int Length { get; init; } = 32;

    /// <summary>
    /// The data set whose prompts the generator answers; null (default) for none. A row of tokens is then a prompt directly followed by the
    /// text that answers it, in every data set that has prompts: discriminators read both, and likelihoods, rewards and metrics are those
    /// of the response.
    /// Evaluations answer the set's held-out prompts, if it has any. Discriminators that learn need data sets with prompts, too, and learn
    /// against responses to the prompts of their own data set.
    /// </summary>
    public string? Prompts { get; init; }

    /// <summary>
    /// The most tokens of a prompt, below length; of a longer prompt the last ones are kept. Null (default): half of length.
    /// </summary>
    [Range(1, 65_535)]
    public int? PromptLength { get; init; }

    /// <summary>The model that generates texts.</summary>
    [Required]
    public GeneratorOptions Generator { get; init; } = null!;

    /// <summary>
    /// Another run's checkpoint, from whose generator weights this run starts; null (default) starts from random weights. If the experiment
    /// has 'pretraining', it continues from these weights.
    /// </summary>
    public StartOptions? Start { get; init; }

    /// <summary>Maximum-likelihood training before the adversarial phase; null (default) skips it.</summary>
    public PretrainingOptions? Pretraining { get; init; }

    /// <summary>
    /// The discriminators. Without any, the adversarial phase is "regularizers.distillation" or "regularizers.mediator" alone, and is left
    /// out if there is no such term either.
    /// </summary>
    public IReadOnlyList<DiscriminatorOptions> Discriminators { get; init; } = [];

    /// <summary>How the discriminators' outputs become a gradient. Default: REINFORCE.</summary>
    public EstimatorOptions Estimator { get; init; } = new PolicyGradientOptions();

    /// <summary>Further terms of the objective.</summary>
    public RegularizerOptions Regularizers { get; init; } = new();

    /// <summary>Normalisation of each discriminator's signal; null (default) leaves signals as they are.</summary>
    public NormalizationOptions? Normalization { get; init; }

    /// <summary>How terms become one gradient. Default: fixed weights.</summary>
    public CombinerOptions Combiner { get; init; } = new FixedCombinerOptions();

    /// <summary>The adversarial phase.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>What happens when training fails: NaN, exploding gradients, collapse.</summary>
    public GuardsOptions Guards { get; init; } = new();

    /// <summary>Measurement.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>
    /// Where else figures and samples go while runs train: "tensorboard", "mlflow", "csv", "parquet". Default: none.
    /// </summary>
    public IReadOnlyList<TrackerOptions> Trackers { get; init; } = [];

    /// <summary>Published figures that pictures show beside the experiment's own. Default: none.</summary>
    public IReadOnlyList<PublishedOptions> Published { get; init; } = [];

    /// <summary>Paths of plug-in assemblies; only those named here are loaded.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    /// <summary>
    /// Makes several experiments of this one: "sweep": { "training.batch": [64, 128], "estimator.temperature": { "from": 0.1, "to": 1,
    /// "steps": 4, "scale": "log" } }. Null (default): none.
    /// </summary>
    public SweepOptions? Sweep { get; init; }

    /// <summary>What a sweep has set in this experiment. The reader writes it.</summary>
    public IReadOnlyList<SweptOptions> Swept { get; init; } = [];

    /// <summary>
    /// Whether there is something that teaches the generator in the adversarial phase: a discriminator, a teacher or a mediator.
    /// </summary>
    internal bool HasObjective => Discriminators.Count > 0
        || RegularizerKinds.HasTeacher(Regularizers, [.. (Combiner as ScheduledCombinerOptions)?.Weights.Keys ?? []]);
}
