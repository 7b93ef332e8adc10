using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Matching;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Data.Teachers;
using TextGan.Discriminators;
using TextGan.Experiments;
using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Generators.Pretrained;
using TextGan.Learning.Objectives;
using TextGan.Learning.Updates;
using TextGan.Learning;
using TextGan.Metrics;
using TextGan.Native;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Training;

namespace TextGan.Runs;

/// <summary>Builds the parts of one run from its options: the only place that knows every family.</summary>
/// <param name="options">The experiment.</param>
/// <param name="materials">Data and tokenizer.</param>
/// <param name="device">The experiment's device.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="baseFolder">Relative paths in the options start here.</param>
public sealed class RunAssembly(ExperimentOptions options, Materials materials, Device device, int seed, string baseFolder = "")
{
    /// <summary>The run's folder, for what teachers keep; null where nothing is kept.</summary>
    public RunFolder? Folder { get; init; }

    /// <summary>Hears what is worth knowing about teachers' replies.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>
    /// Gives the discriminator of a number the weights that it begins with, where its options name another run's; null: they are random.
    /// </summary>
    public Action<int, Discriminator>? StartDiscriminator { get; init; }

    /// <summary>Asks a person; null where there is nobody.</summary>
    public AskPerson? Ask { get; init; }

    int VocabularySize => materials.Encoder.Tokenizer.VocabularySize;

    /// <summary>Rejects files that the run is to read and cannot, before anything is trained.</summary>
    /// <exception cref="InvalidInputException">A model has other tokens than the tokenizer, or a teacher cannot be built.</exception>
    public void CheckModels()
    {
        Problem[] problems = [
            .. options.Discriminators.SelectMany((one, k) => (one as IModelReader)?.CheckVocabulary(
                $"$.discriminators[{k}]", baseFolder, VocabularySize) ?? []),
            .. Distilled.SelectMany(one => one.Reader.CheckVocabulary(one.Path, baseFolder, VocabularySize))];
        if (problems.Length > 0) throw new InvalidInputException(problems);
        foreach (var (index, place, teacher) in TeacherValidation.TeachersOf(options))
            teacher.Check(ContextOf(options.Discriminators[index].Name, place, device));
    }

    /// <summary>The teachers in folders that the generator learns from, with their JSON paths.</summary>
    IEnumerable<(string Path, IModelReader Reader)> Distilled
    {
        get
        {
            if (options.Regularizers.Distillation is { } distillation) yield return ("$.regularizers.distillation", distillation);
            if (options.Pretraining?.Teacher is { } teacher) yield return ("$.pretraining.teacher", teacher);
        }
    }

    /// <summary>Rejects a person as a teacher where there is nobody to ask.</summary>
    /// <exception cref="InvalidInputException">There is nobody.</exception>
    public void RequirePerson()
    {
        for (var k = 0; k < options.Discriminators.Count; k++)
        {
            if (Ask is null && options.Discriminators[k].OracleQuery?.Teacher is PersonTeacherOptions)
                throw new InvalidInputException($"$.discriminators[{k}].oracleQuery.teacher",
                    "asks a person, but there is none: the run has no terminal (input or output is a file or a pipe, or several runs are " +
                    "made at once). Run it alone in a terminal, or take the kind \"file\".");
        }
    }

    /// <summary>A generator with the run's initial weights: the same at every call.</summary>
    public Generator BuildGenerator()
    {
        Seeds.Set(seed, "generator");
        return options.Generator.BuildChecked(Context);
    }

    GeneratorContext Context => new(VocabularySize, options.Length, device)
    {
        BaseFolder = baseFolder, Features = LeakedFeatures.By(options, materials.Encoder, device, Begin),
    };

    /// <summary>Gives a copy of a discriminator the weights that the discriminator begins with.</summary>
    Discriminator Begin(int index, Func<Discriminator> build)
    {
        using var unfinished = new Unfinished();
        Seeds.Set(seed, $"discriminator/{options.Discriminators[index].Name}", 0);
        var model = unfinished.Add(build());
        StartDiscriminator?.Invoke(index, model);
        return unfinished.Finish(model);
    }

    /// <summary>What the pretraining learns from a teacher; null without one.</summary>
    public WordDistillation? BuildDistillation()
    {
        if (options.Pretraining?.Teacher is not { } own) return null;
        var teacher = PretrainedModel.Read(InputFile.Resolve(baseFolder, own.Model), device);
        FrozenModels.Freeze(teacher);
        return new WordDistillation(own, teacher, materials.Encoder.Tokenizer.StartId);
    }

    public Evaluator BuildEvaluator()
    {
        var context = new MetricContext(materials.DataSets, materials.Encoder, options.Evaluation.Batch)
        {
            Temperature = options.Evaluation.Sampling.Temperature,
            Device = device, BaseFolder = baseFolder, StudentContext = options.Pretraining?.Teacher?.Context,
            KlWeight = options.Regularizers.Kl.Weight,
        };
        return new Evaluator(options.Evaluation, [.. options.Evaluation.Metrics.Select(metric => metric.BuildChecked(context))],
            materials.Encoder, seed, PromptedRows);
    }

    /// <summary>The rows whose prompts evaluations answer; null without prompts.</summary>
    IdRows? PromptedRows => options.Prompts is not { } name ? null
        : materials.Encoded[name].HeldOut is { Count: > 0 } heldOut ? heldOut : materials.Encoded[name].Texts;

    /// <summary>The prompts of a data set; null where none are used.</summary>
    PromptSource? PromptsOf(string? data, string purpose) => options.Prompts is not null && data is not null
        && materials.Encoded[data].Texts is { PromptLengths: not null } rows
        ? new PromptSource(rows, seed, purpose) : null;

    /// <summary>
    /// Everything that plays in the adversarial phase. The parts own <paramref name="generator"/> from here on, or have taken its weights
    /// over and disposed of it; if building them fails, it is still the caller's.
    /// </summary>
    public AdversarialParts BuildAdversarialParts(Generator generator)
    {
        // On CUDA dropout inside a recurrent module cannot be turned off where a gradient is wanted.
        using var unfinished = new Unfinished();
        if (DropoutSwitch.LeavesFused(device) && WithoutFusedDropout(generator) is var same && same != generator)
            generator = unfinished.Add(same);
        Generator? reference = null;
        Generator Reference() => reference ??= unfinished.Add(CopyOf(generator)); // a copy of the weights: only for who needs one
        // Discriminators with the same data learn against the same texts of the generator.
        var prompts = options.Discriminators.Select(one => one.Data).OfType<string>().Distinct()
            .ToDictionary(data => data, data => PromptsOf(data, $"prompts/{data}"));
        if (options.Discriminators.Any(one => one.ReadsReference)) Reference(); // before them: building it draws numbers
        var frozen = unfinished.Add(new FrozenModels(baseFolder));
        var discriminators = options.Discriminators.Select((discriminator, index) =>
            unfinished.Add(BuildDiscriminator(
                discriminator, index, discriminator.Data is { } data ? prompts[data] : null, generator, reference, frozen))).ToArray();
        foreach (var (own, trainer) in options.Discriminators.Zip(discriminators))
            if (own.Match is { } match) trainer.Match(PropertyOf(match, discriminators));
        string[] scheduled = [.. (options.Combiner as ScheduledCombinerOptions)?.Weights.Keys ?? []];
        Seeds.Set(seed, "estimator");
        var update = unfinished.Add(
            options.Estimator.BuildChecked(
            new EstimatorContext([.. discriminators.Select(d => d.Name)], generator.HiddenSize, device, SumsFirst ? options.Normalization
            : null, RegularizerKinds.KlReward(options.Regularizers, scheduled))
            {
                Weights = JudgeWeights, VocabularySize = VocabularySize, Copy = () => CopyOf(generator),
            }));
        if (update.NeedsReference) Reference();

        var regularizers = RegularizerKinds.Build(
            options.Regularizers, scheduled,
            new RegularizerContext(
                generator, materials.Encoder.Tokenizer.StartId, materials.Encoder.Tokenizer.EndId, device, seed, Reference,
                () => materials.Encoded[options.Regularizers.LikelihoodData ?? options.Pretraining!.Data])
            {
                Frozen = folder => frozen.Of(folder, device),
                Texts = name => materials.Encoded[name ?? options.Pretraining!.Data],
                Learning = own =>
                {
                    if (own is null) return CopyOf(generator);
                    Seeds.Set(seed, "mediator");
                    return own.BuildChecked(Context);
                },
            });
        foreach (var regularizer in regularizers) unfinished.Add(regularizer);
        if (options.Evaluation.Metrics.Any(metric => metric.NeedsReference)) Reference();
        var average = options.Training.WeightAverage > 0
            ? unfinished.Add(new WeightAverage(CopyOf(generator), options.Training.WeightAverage)) : null;
        var weights = RegularizerKinds.Weights(options.Regularizers);
        foreach (var (name, weight) in JudgeWeights) weights[name] = weight;
        return unfinished.Finish(new AdversarialParts(
            generator, discriminators, update,
            unfinished.Add(options.Combiner.BuildChecked(new CombinerContext(weights, options.Training.Iterations))),
            regularizers, average, PromptsOf(options.Prompts, "prompts"), reference, frozen)
        {
            ReferenceIsInFolder = BeginsAsInFolder(options),
            Leak = generator.Leaked is null ? null : () =>
            {
                var source = discriminators.Single(one => one.Name == options.Generator.ReadsFeaturesOf);
                foreach (var reader in new[] { generator, average?.Generator }) if (reader?.Leaked is { } own) source.CopyTo(own.Model);
            },
            JudgeWeights = JudgeWeights,
            KlWeight = options.Regularizers.Kl.Adaptive is { } adaptive ? new AdaptiveKlWeight(weights, adaptive.Target, adaptive.Horizon)
                : null,
        });
    }

    /// <summary>Whether the adversarial phase begins with a folder's model, whose hash is in the fingerprint.</summary>
    public static bool BeginsAsInFolder(ExperimentOptions options) =>
        options is { Generator: PretrainedGeneratorOptions { Lora: null }, Pretraining: null, Start: null };

    Dictionary<string, double> JudgeWeights => options.Discriminators.ToDictionary(one => one.Name, one => one.Weight);

    /// <summary>Whether signals are normalised after they are summed, so that no discriminator has a normaliser of its own.</summary>
    bool SumsFirst => options.Normalization is { Order: NormalizationOrder.SumThenNormalize };

    /// <summary>
    /// The generator itself, or, where it has dropout that <see cref="DropoutSwitch"/> may not reach, one with its weights and without
    /// dropout in its place.
    /// </summary>
    public Generator WithoutFusedDropout(Generator generator)
    {
        if (options.Generator.WithoutFusedDropout is not { } without) return generator;
        using var unfinished = new Unfinished();
        var same = unfinished.Add(without.BuildChecked(Context));
        ModuleState.Copy(generator, same);
        generator.Dispose();
        return unfinished.Finish(same);
    }

    readonly Dictionary<string, Lazy<PairBaselines>> baselines = [];

    /// <summary>The simple judges of a data set's pairs, which its discriminators share; null where there is nothing to compare.</summary>
    Lazy<PairBaselines>? BaselinesOf(string? data)
    {
        if (!options.Evaluation.PairBaselines || data is null || materials.Encoded[data].HeldOutRejected is null) return null;
        if (!baselines.TryGetValue(data, out var found))
            baselines[data] = found = new(() => PairBaselines.Fit(materials.DataSets[data], materials.Encoder));
        return found;
    }

    DiscriminatorTrainer BuildDiscriminator(
        DiscriminatorOptions discriminator, int index, PromptSource? prompts, Generator generator, Generator? reference,
        FrozenModels frozen)
    {
        var place = $"$.discriminators[{index}].device";
        var own = discriminator.Device is { } name ? Devices.Resolve(name, place) : device;
        var tokenizer = materials.Encoder.Tokenizer;
        using var unfinished = new Unfinished();
        var model = unfinished.Add(Fresh(0));
        StartDiscriminator?.Invoke(index, model);
        TextLabelling? labelling = discriminator switch
        {
            { Relabel: { } relabel } => new Relabelling(relabel, materials.Encoder, seed, $"relabelling/{discriminator.Name}"),
            { OracleQuery: { } query } => new OracleQuery(query, TeacherOf(query.Teacher, "oracleQuery"), materials.Encoder, seed,
                $"oracle-query/{discriminator.Name}", resample: discriminator is { Members: > 1, Resample: true }),
            _ => null,
        };
        if (labelling is not null) unfinished.Add(labelling);
        var preferences = discriminator.TeacherPreference is { } preference
            ? unfinished.Add(new PreferenceLabels(preference, unfinished.Add(TeacherOf(preference.Teacher, "teacherPreference")),
                materials.Encoder, seed, $"teacher-preference/{discriminator.Name}")) : null;
        return unfinished.Finish(new DiscriminatorTrainer(
            discriminator, model, discriminator.Data is { } data ? materials.Encoded[data] : null, SumsFirst ? null
                : options.Normalization, own,
            tokenizer.EndId, options.Training.Batch, seed, prompts, labelling, preferences)
        {
            Baselines = BaselinesOf(discriminator.Data), Fresh = Fresh,
        });

        Discriminator Fresh(long iteration)
        {
            Seeds.Set(seed, $"discriminator/{discriminator.Name}", iteration);
            return discriminator.BuildModel(new DiscriminatorContext(
                VocabularySize, options.Length, tokenizer.EndId, own, tokenizer.Decode)
            {
                StartId = tokenizer.StartId,
                Frozen = folder => folder is null ? OnItsDevice(reference!, own, place) : frozen.Of(folder, own),
                Generator = () => OnItsDevice(generator, own, place),
            });
        }

        Teacher TeacherOf(TeacherOptions teacher, string section) =>
            teacher.BuildChecked(ContextOf(discriminator.Name, TeacherValidation.PlaceIn(index, section), own));
    }

    /// <summary>What a discriminator's teacher at a place of the JSON is built from.</summary>
    TeacherContext ContextOf(string discriminator, string place, Device own) => new(baseFolder, own)
    {
        Place = place, DataSet = set => materials.DataSets[set], Ask = Ask, Say = text => Say($"discriminator '{discriminator}': {text}"),
        NotesFolder = Folder is null ? null : Path.Combine(Folder.Teachers, discriminator),
        ReplyFolder = Folder is null ? null : RunFolder.SharedIn(Path.Combine(Folder.Root, "..", "..")),
    };

    static Generator OnItsDevice(Generator reference, Device device, string place) =>
        reference.parameters().First().device.ToString() == device.ToString() ? reference : throw new InvalidInputException(place,
            $"is {device}, but the discriminator reads the generator's own weights, which are on " +
            $"{reference.parameters().First().device}; leave 'device' out.");

    ITextProperty? PropertyOf(MatchOptions match, IReadOnlyList<DiscriminatorTrainer> discriminators) =>
        match.Judge is { } name ? new JudgeProperty(discriminators.Single(one => one.Name == name).Judge)
        : match.Rule is { } rule ? new RuleProperty(rule.Build(), materials.Encoder) : null;

    /// <summary>One with its weights that does not learn.</summary>
    Generator CopyOf(Generator generator)
    {
        using var unfinished = new Unfinished();
        Seeds.Set(seed, "generator");
        var copy = unfinished.Add(generator.Twin() ?? options.Generator.BuildChecked(Context with { ReadsWeights = false }));
        ModuleState.Copy(generator, copy);
        copy.eval();
        foreach (var parameter in copy.parameters()) parameter.requires_grad_(false);
        return unfinished.Finish(copy);
    }
}
