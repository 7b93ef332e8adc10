using TextGan.Runs.Format;
using TextGan.Training;
using TextGan.Discriminators.Losses;
using TextGan.Learning.Matching;
using TextGan.Discriminators;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Native;
using TextGan.Optimizers;
using TorchSharp.Modules;

namespace TextGan.Learning;

/// <summary>
/// One discriminator with its data, optimiser, loss and cadence: it learns here, and judges through <see cref="Judge"/>.
/// </summary>
public sealed class DiscriminatorTrainer : IStateful, IDisposable
{
    readonly DiscriminatorOptions options;
    readonly Discriminator discriminator;
    readonly DiscriminatorMember[] members; // those of an ensemble, or the model itself
    readonly AdversarialLoss loss;
    readonly optim.Optimizer? optimizer;
    readonly PendingStep? step;
    readonly EncodedSet? data;
    readonly BatchOrder? judgingOrder;
    readonly SignalNormalizer? normalizer;
    readonly TextLabelling? labelling;
    readonly PreferenceLabels? preferences;
    readonly Device device;
    readonly int? endId;
    readonly int batch;
    readonly bool learnsPairs; // of its data
    readonly StateBag? freshMemory; // the optimiser's before its first step

    /// <param name="options">Its options.</param>
    /// <param name="discriminator">Its model, on <paramref name="device"/>; disposed of with this.</param>
    /// <param name="data">Its data; null for a discriminator that does not learn.</param>
    /// <param name="normalization">How its signal is normalised by itself; null for not at all.</param>
    /// <param name="device">Its device.</param>
    /// <param name="endId">The id that ends a text, or null.</param>
    /// <param name="defaultBatch">Real texts in an update where the options name none.</param>
    /// <param name="seed">The run's seed, for the order of the data.</param>
    /// <param name="prompts">The prompts of its data, which the generator answers for it to learn from; null for none.</param>
    /// <param name="labelling">The generator's texts, labelled, to learn from beside the data; null for none. Disposed of with
    /// this.</param>
    /// <param name="preferences">Pairs of the generator's texts that a teacher labels, to learn from in place of the data; null for none.
    /// Disposed of with this.</param>
    public DiscriminatorTrainer(
        DiscriminatorOptions options, Discriminator discriminator, EncodedSet? data, NormalizationOptions? normalization,
        Device device, int? endId, int defaultBatch, int seed, PromptSource? prompts = null,
        TextLabelling? labelling = null, PreferenceLabels? preferences = null)
    {
        (Prompts, this.labelling, this.preferences) = (prompts, labelling, preferences);
        (this.options, this.discriminator, this.data, this.device, this.endId) = (options, discriminator, data, device, endId);
        loss = options.Loss.BuildChecked(new BuildContext());
        batch = options.Batch ?? defaultBatch;
        // Of pairs, both texts are there.
        var opponents = preferences is not null ? new OpponentOptions { Generated = 0, Rejected = 1 }
            : options.Learns ? options.Opponents : new OpponentOptions();
        learnsPairs = options.Learns && preferences is null && opponents.RejectedOf(batch) > 0;
        var models = (discriminator as EnsembleDiscriminator)?.Members ?? [discriminator];
        members = [.. models.Select((model, index) =>
        {
            var purpose = $"discriminator/{options.Name}{(index == 0 ? "" : $"/{index}")}";
            return new DiscriminatorMember(model,
                data is null || preferences is not null ? null
                    : new RealSide(data, device, endId, seed, purpose, resample: models.Count > 1 && options.Resample),
                new OpposingSide(opponents, options.Replay, data?.Rejected, batch, device, endId, seed, purpose),
                options is { Learns: true, SpectralNorm: > 0 } ? new SpectralNorm(model, options.SpectralNorm) : null);
        })];
        normalizer = normalization?.Build();
        if (options.Learns)
        {
            optimizer = options.Optimizer.BuildChecked(new OptimizerContext([.. members.SelectMany(member => member.Parameters)]));
            step = new PendingStep(optimizer, () => { foreach (var member in members) member.SpectralNorm?.Refresh(); });
            if (options.FromScratch) OptimizerMemory.Save(optimizer, freshMemory = new StateBag());
        }
        if (data is not null) judgingOrder = new BatchOrder(data.Texts.Count, seed, $"adversary/{options.Name}");
        Judge = new Judge(options.Name, discriminator, loss, device, normalizer, RealTexts);
    }

    public string Name => options.Name;

    /// <summary>Whether its logits say how real a text is (<see cref="AdversarialLossOptions.TrainsLogits"/>).</summary>
    public bool TrainsLogits => options.Loss.TrainsLogits;

    /// <summary>Whether its logit is f(x) - log q(x).</summary>
    public bool IsStructured => options.Structured;

    /// <summary>
    /// The prompts that the generated texts of its updates answer: both sides come from the same distribution. Null without prompts.
    /// </summary>
    public PromptSource? Prompts { get; }

    /// <summary>Simple judges that it is compared with on the held-out pairs of its data; null for none.</summary>
    public Lazy<PairBaselines>? Baselines { get; init; }

    /// <summary>Builds its model with the initial weights of the given iteration; needed by one that is trained from scratch.</summary>
    public Func<long, Discriminator>? Fresh { get; init; }

    /// <summary>This discriminator as the generator's objective sees it.</summary>
    public Judge Judge { get; }

    /// <summary>Updates before the first adversarial iteration.</summary>
    public int PretrainingSteps => options.Learns ? options.PretrainingSteps : 0;

    /// <summary>Updates in the given adversarial iteration.</summary>
    public int StepsAt(long iteration) =>
        options.Learns && iteration % options.Every == 0 && (options.FreezeAfter is not { } end || iteration < end)
            ? options.StepsPerIteration : 0;

    /// <summary>
    /// Where it is trained from scratch in this iteration: gives it fresh weights, and empties its optimiser's memory and the statistics of
    /// its signal, which were another judge's. What it learns from (the order of its data, replayed texts, labels) stays.
    /// </summary>
    public void Restart(long iteration)
    {
        if (!options.FromScratch || iteration == 0 || StepsAt(iteration) == 0) return;
        step!.Forget(); // what is left of the weights that go
        using var scope = NewDisposeScope();
        using var fresh = Fresh!(iteration);
        ModuleState.Copy(fresh, discriminator);
        foreach (var member in members) member.SpectralNorm?.Restart();
        OptimizerMemory.Load(optimizer!, freshMemory!);
        normalizer?.Load(new StateBag());
    }

    /// <summary>Matches its real texts to the generator's, as its options say, by a property if they name one.</summary>
    public void Match(ITextProperty? property)
    {
        foreach (var member in members) member.Real?.Match(options.Match!, property);
    }

    /// <summary>Generated texts that the next update reads; later ones never read more.</summary>
    public int GeneratedPerStep => members[0].Opposing.Generated; // which all have in common

    /// <summary>
    /// One update against rows <paramref name="from"/> and on of a pool of generated texts on this discriminator's device, up to its step,
    /// which <see cref="TakeStep"/> or the next call takes. Its figures go to <paramref name="values"/>; of several members their mean.
    /// Returns how many rows it has read.
    /// </summary>
    /// <param name="pool">The generated texts.</param>
    /// <param name="from">The first row of the pool that is read.</param>
    /// <param name="values">Take the update's figures.</param>
    /// <param name="answered">With prompts: for each row of the pool the number of the row of the data whose prompt it answers.</param>
    public int Learn(TextBatch pool, long from, StepValues values, long[]? answered = null)
    {
        if (step is null || !(preferences?.HasPairs ?? data is not null)) return 0;
        TakeStep();
        using var scope = NewDisposeScope();
        Judge.LetLearn();

        var count = GeneratedPerStep; // of this update
        var generated = pool.Rows(from, count);
        var partners = options.Loss.NeedsPairs && Prompts is not null ? answered![(int)from..((int)from + count)] : [];
        Dictionary<string, Tensor>[] figures = [.. members.Select((member, number) => Learn(member, number, generated, partners))];
        step.Prepare(figures.Select(own => own["loss"].Plus(own["gradientNorm"])).Aggregate((sum, next) => sum.Plus(next)));
        foreach (var name in figures[0].Keys)
            values.Add($"discriminator/{Name}/{name}",
                members.Length == 1 ? figures[0][name] : stack([.. figures.Select(own => own[name])]).mean());
        if (members[0].Real?.PropertyShares is not null)
        {
            values.Add($"discriminator/{Name}/matchedGenerated", members.Average(member => member.Real!.PropertyShares!.Value.Generated));
            values.Add($"discriminator/{Name}/matchedReal", members.Average(member => member.Real!.PropertyShares!.Value.Real));
        }
        return count;
    }

    /// <summary>
    /// One member's gradient, which is that of its own loss; gives the figures of its update. <paramref name="partners"/> are the rows that
    /// the loss compares with the generated texts, if these answer their prompts.
    /// </summary>
    Dictionary<string, Tensor> Learn(DiscriminatorMember member, int number, TextBatch generated, long[] partners)
    {
        using var scope = NewDisposeScope();
        var (real, opponents) = preferences?.Next(batch, endId, device) ?? Sides(member, generated, partners); // [B,T] each
        var opposing = opponents.Texts;
        if (labelling is not null) (real, opposing) = labelling.Mix(real, opposing, endId, number);

        var (onReal, onOpposing) = member.Model.JudgeBoth(real, opposing);
        var total = loss.DiscriminatorLoss(onReal, onOpposing);
        var origin = PluginComponent.OfBuilt(loss);
        origin?.Floats(loss, "a loss", total, [], device, nameof(loss.DiscriminatorLoss));
        var penalty = loss.Penalty(member.Model, real, opposing);
        if (origin is not null) Judge.ForgetMode(); // a plug-in has had the model in its hands
        if (penalty is not null)
        {
            origin?.Floats(loss, "a penalty", penalty, [], device, nameof(loss.Penalty));
            total = total.Plus(penalty);
        }
        if (options.R1 > 0) total = total.Plus(GradientPenalty.AtReal(member.Model, real) * Held(options.R1 / 2));
        Gradients.Clear(member.Parameters);
        BackwardPass.Run(total);
        member.SpectralNorm?.CarryGradients();
        var norm = GradientNorm.Clip(member.Parameters, options.ClipGradient);
        var figures = Report(total.detach(), onReal, onOpposing, opponents);
        figures["gradientNorm"] = norm;
        foreach (var figure in figures.Values) figure.MoveToOuterDisposeScope();
        return figures;
    }

    (TextBatch Real, Opponents Opponents) Sides(DiscriminatorMember member, TextBatch generated, long[] partners)
    {
        // B numbers: generated texts come last among the opponents, as their partners do here.
        long[] rows = [.. member.Real!.Next(batch - partners.Length, generated), .. partners];
        return (member.Real.Texts(rows), member.Opposing.Next(generated, rows));
    }

    /// <summary>
    /// Has texts of the generator labelled, where its options say so and it learns in this iteration; its updates read them from then on.
    /// </summary>
    public void Label(long iteration, TextBatch texts, StepValues values)
    {
        if (labelling is not Relabelling relabelling || StepsAt(iteration) == 0) return;
        if (relabelling.Label(iteration, texts) is { } share) values.Add($"discriminator/{Name}/labelRate", share);
        values.Add($"discriminator/{Name}/labels", relabelling.Labels);
    }

    /// <summary>Fresh texts that it needs in this iteration to ask a teacher about some of them; 0 where it asks nobody.</summary>
    public int PoolAt(long iteration) => labelling is OracleQuery query && StepsAt(iteration) > 0 ? query.PoolAt(iteration) : 0;

    /// <summary>Asks its teacher about some of these texts; its updates read the answers from then on.</summary>
    public void Ask(long iteration, TextBatch pool, StepValues values)
    {
        if (labelling is not OracleQuery query) return;
        TakeStep();
        var count = (int)pool.Batch;
        var disagreement = discriminator is EnsembleDiscriminator ensemble
            ? ensemble.ProbabilityDeviations(count, (from, some) => pool.Rows(from, some).To(device)) : new double[count];
        Judge.ForgetMode();
        foreach (var (name, value) in query.Ask(iteration, pool, disagreement)) values.Add($"discriminator/{Name}/{name}", value);
    }

    /// <summary>Before its first update: has pairs of the generator's texts labelled, where its options say so.</summary>
    /// <param name="atOnce">Pairs that are written together.</param>
    /// <param name="generate">Writes the texts of so many pairs, 2i and 2i+1 each; given the number of the call.</param>
    public void WarmUp(int atOnce, Func<int, int, TextBatch> generate)
    {
        for (var call = 0; preferences?.ToWarmUp > 0; call++)
        {
            using var scope = NewDisposeScope();
            preferences.Label(generate(call, atOnce).Rows(0, 2 * Math.Min(atOnce, preferences.ToWarmUp)));
        }
    }

    /// <summary>
    /// Has pairs of the generator's texts labelled, where its options say so and it learns in this iteration. How often it prefers the same
    /// text of them is logged: it has not learnt from them yet.
    /// </summary>
    /// <param name="iteration">From 0.</param>
    /// <param name="texts">Texts 2i and 2i+1 are a pair.</param>
    /// <param name="values">Take the figures.</param>
    public void LabelPairs(long iteration, TextBatch texts, StepValues values)
    {
        if (preferences is null || StepsAt(iteration) == 0) return;
        var count = preferences.CountAt(iteration, texts.Batch / 2);
        if (count > 0)
        {
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            var pairs = texts.Hard().Rows(0, 2 * count);
            var scores = DiscriminatorScores.Numbers(Judge.Score(pairs.To(device)).SequenceLogits().cpu());
            if (PreferenceLabels.Agreement(preferences.Label(pairs), scores) is { } agreement)
                values.Add($"discriminator/{Name}/labelAgreement", agreement);
        }
        values.Add($"discriminator/{Name}/labels", preferences.Labels);
    }

    /// <summary>
    /// Takes the step of the last update unless its loss or gradient is not finite; a guard finds that among the figures. Waits for the
    /// device.
    /// </summary>
    public void TakeStep() => step?.Take();

    /// <summary><see cref="TakeStep"/> of several, which waits for each device once.</summary>
    public static void TakeSteps(IEnumerable<DiscriminatorTrainer> trainers) =>
        PendingStep.TakeAll(trainers.Select(trainer => trainer.step).OfType<PendingStep>());

    /// <summary>Gives a copy of the model, on any device, the weights that it has now.</summary>
    public void CopyTo(nn.Module copy)
    {
        TakeStep();
        ModuleState.Copy(discriminator, copy);
    }

    Dictionary<string, Tensor> Report(Tensor total, DiscriminatorOutput real, DiscriminatorOutput opposing, Opponents opponents)
    {
        using var _ = no_grad();
        (real, opposing) = loss.Scores(real, opposing);
        var threshold = loss.Threshold(real, opposing);
        PluginComponent.OfBuilt(loss)?.Floats(loss, "a threshold", threshold, [], real.Logits.device, nameof(loss.Threshold));
        var figures = new Dictionary<string, Tensor> { ["loss"] = total };
        Side("Real", real, isReal: true);
        var (_, rejected, replayed, generated) = opponents;
        if (rejected > 0) Side("Rejected", opposing.Rows(0, rejected), isReal: false);
        if (replayed > 0) Side("Replayed", opposing.Rows(rejected, replayed), isReal: false);
        if (generated > 0) Side("Generated", opposing.Rows(rejected + replayed, generated), isReal: false);
        return figures;

        void Side(string side, DiscriminatorOutput output, bool isReal)
        {
            figures[$"accuracy{side}"] = AdversarialLoss.Accuracy(output, isReal, threshold);
            figures[$"score{side}"] = output.SequenceLogits().mean();
        }
    }

    /// <summary>
    /// Judges held-out texts of its data set and generated ones, whether it learns or not: in evaluation mode, without a gradient, in
    /// chunks. Figures by their last name ("heldOutScoreReal"; see <see cref="MetricLine"/>), and the scores of the generated texts.
    /// </summary>
    /// <param name="generated">N texts as ids.</param>
    /// <param name="most">So many held-out texts at most: the same ones each time, at even distances.</param>
    /// <param name="atOnce">The most texts in one forward pass.</param>
    public (IReadOnlyDictionary<string, double> Figures, double[] Scores) JudgeHeldOut(TextBatch generated, int most, int atOnce = 256)
    {
        using var scope = NewDisposeScope();
        Judge.ForgetMode();
        var heldOut = data?.HeldOut.Count > 0 ? data : null;
        var rows = HeldOutJudgement.Spread(heldOut?.HeldOut.Count ?? 0, most);
        var real = heldOut is null ? null
            : Scores(rows.Length, (from, count) => heldOut.HeldOut.Texts(rows[from..(from + count)], endId, device));
        var scores = Scores((int)generated.Batch, (from, count) => generated.Rows(from, count).To(device));
        var others = heldOut?.HeldOutRejected is { } partners
            ? Scores(rows.Length, (from, count) => partners.Texts(rows[from..(from + count)], endId, device)) : null;
        var figures = HeldOutJudgement.Figures(loss, options.Opponents, real, scores, others);
        if (learnsPairs && others is not null)
        {
            // As many as the held-out ones, so that neither share is the vaguer one.
            var known = HeldOutJudgement.Spread(data!.Texts.Count, rows.Length);
            HeldOutJudgement.AddGap(figures,
                Scores(known.Length, (from, count) => data.Texts.Texts(known[from..(from + count)], endId, device)),
                Scores(known.Length, (from, count) => data.Rejected!.Texts(known[from..(from + count)], endId, device)));
        }
        if (Baselines is not null && real is not null && others is not null)
            foreach (var (name, value) in Baselines.Value.Compare(rows, DiscriminatorScores.Numbers(real - others))) figures[name] = value;
        if (discriminator is EnsembleDiscriminator ensemble)
            figures["disagreement"] = ensemble.Disagreement((int)generated.Batch, (from, count) => generated.Rows(from, count).To(device),
                atOnce);
        var numbers = DiscriminatorScores.Numbers(scores);
        if (labelling is OracleQuery query)
            foreach (var (name, value) in query.Truth(generated, numbers)) figures[name] = value;
        return (figures, numbers);

        Tensor Scores(int count, Func<int, int, TextBatch> texts) => DiscriminatorScores.Of(discriminator, count, texts, atOnce);
    }

    TextBatch RealTexts(int count) => data!.Texts.Texts(judgingOrder!.Next(count), endId, device);

    /// <summary>Sets the step size to <paramref name="factor"/> times what the options say.</summary>
    public void ScaleLearningRate(double factor)
    {
        if (optimizer is not null) LearningRates.Scale(optimizer, factor);
    }

    public void Save(StateBag bag)
    {
        TakeStep();
        ModuleState.Save(discriminator, bag.Scope("weights"));
        if (optimizer is not null) OptimizerMemory.Save(optimizer, bag.Scope("optimizer"));
        for (var i = 0; i < members.Length; i++) members[i].Save(Of(bag, i));
        judgingOrder?.Save(bag.Scope("judging-order"));
        normalizer?.Save(bag.Scope("normalizer"));
        labelling?.Save(bag.Scope("relabelling"));
        preferences?.Save(bag.Scope("teacher-preference"));
    }

    public void Load(StateBag bag)
    {
        step?.Forget();
        ModuleState.Load(discriminator, bag.Scope("weights"));
        if (optimizer is not null) OptimizerMemory.Load(optimizer, bag.Scope("optimizer"));
        for (var i = 0; i < members.Length; i++) members[i].Load(Of(bag, i));
        judgingOrder?.Load(bag.Scope("judging-order"));
        normalizer?.Load(bag.Scope("normalizer"));
        labelling?.Load(bag.Scope("relabelling"));
        preferences?.Load(bag.Scope("teacher-preference"));
    }

    /// <summary>Where a checkpoint holds what a member reads.</summary>
    static StateBag Of(StateBag bag, int member) => member == 0 ? bag : bag.Scope($"member-{member}");

    public void Dispose()
    {
        step?.Dispose();
        optimizer?.Dispose();
        normalizer?.Dispose();
        labelling?.Dispose();
        preferences?.Dispose();
        freshMemory?.Clear();
        foreach (var member in members) member.Dispose();
        discriminator.Dispose();
    }
}
