using TextGan.Training;
using System.Diagnostics;
using TextGan.Generators;
using TextGan.Learning.Objectives.Combiners;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;
using TextGan.Learning.Updates;
using TextGan.Native;
using TextGan.Optimizers;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Storage;
using TextGan.Tokenization;
using TextGan.Training.Guards;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Learning;

/// <summary>
/// The adversarial phase. Each iteration: (1) every discriminator learns on its own data against texts of the generator or
/// rejected ones; (2) the generator makes a batch, an estimator turns the judgement of it into one term per discriminator,
/// a combiner turns all terms into one gradient, the generator steps.
/// </summary>
/// <remarks><c>realTexts</c> are what guards compare the generator's texts with.</remarks>
public sealed class AdversarialLoop(
    TrainingOptions options, EvaluationOptions evaluation, AdversarialParts parts, TextEncoder encoder, Device device,
    Evaluator evaluator, Recorder recorder, int seed, GuardsOptions? guards = null, IdRows? realTexts = null) : IStateful, IDisposable
{
    readonly optim.Optimizer optimizer = CheckedOptimizer.Build(options.Optimizer, parts.Generator.parameters());
    readonly Parameter[] parameters = [.. parts.Generator.parameters()];
    readonly BatchOrder? likelihoodOrder = parts.LikelihoodData is { } data ? new BatchOrder(data.Texts.Count, seed, "likelihood") : null;
    readonly StepValues values = new();
    readonly Adversary[] adversaries = [.. parts.Discriminators.Select(d => d.Adversary)];

    Generator Evaluated => parts.Average?.Generator ?? parts.Generator;

    readonly GuardWatch watch = new(guards ?? new GuardsOptions(), recorder, realTexts is null ? null : new RealTexts(realTexts, encoder, seed));
    readonly long pretrainingSteps = parts.Discriminators.Select(d => d.PretrainingSteps).DefaultIfEmpty(0).Max();
    long pretrained; // updates of the discriminators' pretraining that were done
    long done; // iterations that were done
    bool begun; // whether the evaluation before the first iteration was made

    /// <summary>Called when the discriminators' pretraining has come to its end here, before anything else is done.</summary>
    public Action? DiscriminatorsPretrained { get; init; }

    /// <summary>Whether all iterations are done.</summary>
    public bool IsFinished => begun && done >= options.Iterations;

    /// <summary>Trains until the iterations are over or <paramref name="stop"/> is asked for; returns the iterations done.</summary>
    public long Run(CancellationToken stop)
    {
        DropoutSwitch.TurnOff(parts.Generator); // what is sampled and what is scored must be one distribution: no dropout
        while (true)
        {
            try
            {
                PretrainDiscriminators(stop);
                if (pretrained >= pretrainingSteps) Train(stop);
                return done;
            }
            catch (RollBackException found)
            {
                values.Clear();
                recorder.PhaseEnded();
                watch.RollBack(found.Finding, Load);
                ScaleLearningRates();
            }
        }
    }

    void PretrainDiscriminators(CancellationToken stop)
    {
        if (pretrained >= pretrainingSteps) return;
        recorder.PhaseStarted(Phase.DiscriminatorPretraining, pretrainingSteps, pretrained);
        if (pretrained == 0 && watch.MayRollBack) Save(Phase.DiscriminatorPretraining, 0);
        while (pretrained < pretrainingSteps && !stop.IsCancellationRequested)
        {
            PretrainDiscriminators(pretrained++);
            var due = options.CheckpointEvery > 0 && pretrained % options.CheckpointEvery == 0;
            if (due || stop.IsCancellationRequested) Save(Phase.DiscriminatorPretraining, pretrained, interim: !due);
        }
        recorder.PhaseEnded();
        if (pretrained >= pretrainingSteps) DiscriminatorsPretrained?.Invoke();
    }

    /// <summary>
    /// Whether this trainer stands at its beginning and another's pretraining of the discriminators would leave it as its own would:
    /// checkpoints on the way there could not be made up for.
    /// </summary>
    public bool MayTakePretraining => pretrainingSteps > 0 && pretrained == 0 && !begun && (options.CheckpointEvery == 0 || options.CheckpointEvery >= pretrainingSteps);

    /// <summary>Puts what the discriminators' pretraining has made into a bag.</summary>
    public void SavePretraining(StateBag bag)
    {
        bag.Put("pretrained", pretrained);
        watch.Save(bag.Scope("guards"));
        SaveDiscriminators(bag);
    }

    /// <summary>Takes what <see cref="SavePretraining"/> of a trainer with equal settings has put there, with its lines of the log.</summary>
    public void TakePretraining(StateBag bag, IEnumerable<MetricLine> lines)
    {
        if (watch.MayRollBack) Save(Phase.DiscriminatorPretraining, 0);
        pretrained = bag.GetLong("pretrained");
        watch.Load(bag.Scope("guards"));
        LoadDiscriminators(bag);
        ScaleLearningRates();
        foreach (var line in lines) recorder.Log.Write(line);
        if (options.CheckpointEvery > 0 && pretrained % options.CheckpointEvery == 0) Save(Phase.DiscriminatorPretraining, pretrained);
    }

    void PretrainDiscriminators(long step)
    {
        using var scope = NewDisposeScope();
        Seeds.Set(seed, "discriminator-pretraining", step);
        DiscriminatorTrainer[] learning = [.. parts.Discriminators.Where(d => step < d.PretrainingSteps)];
        foreach (var group in learning.GroupBy(d => d.Prompts))
        {
            var pool = Pool(group.Key, step, 0, group.Max(d => d.GeneratedPerStep));
            foreach (var discriminator in group) discriminator.Learn(pool(discriminator.Adversary.Device), 0, values);
        }
        foreach (var discriminator in learning) discriminator.TakeStep();
        var read = values.Read();
        watch.Allow(Phase.DiscriminatorPretraining, step + 1, read);
        // The last update of each is logged in any case.
        recorder.Stepped(Phase.DiscriminatorPretraining, step + 1, 0, read, Logged(step) || learning.Any(d => d.PretrainingSteps == step + 1));
    }

    void Train(CancellationToken stop)
    {
        if (stop.IsCancellationRequested) return;
        recorder.PhaseStarted(Phase.Adversarial, options.Iterations, done);
        if (!begun)
        {
            Evaluate(0);
            begun = true;
            Save(Phase.Adversarial, 0);
        }
        while (done < options.Iterations && !stop.IsCancellationRequested)
        {
            Iterate(done++);
            var measured = done % evaluation.Every == 0 || done == options.Iterations;
            if (measured) Evaluate(done);
            var due = measured || (options.CheckpointEvery > 0 && done % options.CheckpointEvery == 0);
            if (due || stop.IsCancellationRequested) Save(Phase.Adversarial, done, interim: !due);
        }
        recorder.PhaseEnded();
    }

    void Iterate(long step)
    {
        using var scope = NewDisposeScope();
        var begin = Stopwatch.GetTimestamp();
        Seeds.Set(seed, "adversarial", step);
        LearnDiscriminators(step);
        var tokens = 0.0;
        for (var i = 0; i < options.GeneratorSteps; i++) tokens += LearnGenerator(step, i);
        var read = values.Read();
        var line = new Dictionary<string, double>(read);
        line["tokensPerSecond"] = tokens / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        recorder.Stepped(Phase.Adversarial, step + 1, (long)tokens, line, Logged(step) || step + 1 == options.Iterations);
        watch.CheckAccuracies(step + 1, read, parts.Discriminators.Select(d => d.Name));
    }

    void LearnDiscriminators(long step)
    {
        DiscriminatorTrainer[] learning = [.. parts.Discriminators.Where(d => d.StepsAt(step) > 0)];
        if (learning.Length == 0) return;
        // One pool of fresh texts serves all discriminators with the same prompts; each reads as many rows as its own updates need.
        using var scope = NewDisposeScope();
        foreach (var group in learning.GroupBy(d => d.Prompts))
        {
            var pool = Pool(group.Key, pretrainingSteps + step, step, group.Max(d => d.StepsAt(step) * d.GeneratedPerStep));
            foreach (var discriminator in group)
                for (var i = 0; i < discriminator.StepsAt(step); i++)
                    discriminator.Learn(pool(discriminator.Adversary.Device), i * discriminator.GeneratedPerStep, values);
        }
        foreach (var discriminator in learning) discriminator.TakeStep(); // once all are under way, each on its device
    }

    /// <summary>Fresh texts on any device: answers to the prompts of a step, or texts without prompts. <paramref name="iteration"/> is for schedules.</summary>
    Func<Device, TokenBatch> Pool(PromptSource? prompts, long step, long iteration, int rows) =>
        parts.Estimator.Generate(Request(iteration, Math.Max(1, rows), prompts?.At(step, Math.Max(1, rows)))).PerDevice();

    /// <summary>Update <paramref name="update"/> of the generator in an iteration; returns the number of tokens that it was made from.</summary>
    double LearnGenerator(long step, int update)
    {
        using var scope = NewDisposeScope();
        Gradients.Clear(parameters);
        var estimate = parts.Estimator.Estimate(Request(step, options.Batch, parts.Prompts?.At(step * options.GeneratorSteps + update, options.Batch)));
        IReadOnlyList<Term> terms = [.. estimate.Terms, .. Regularize(estimate.Generated)];
        var weights = parts.Combiner.Combine(new TermGradients(terms, parameters), step);
        var norm = GradientNorm.Clip(parameters, options.ClipGradient);

        foreach (var term in terms)
        {
            values.Add($"term/{term.Name}/raw", term.Raw ?? term.Value);
            if (term.Raw is not null) values.Add($"term/{term.Name}/normalized", term.Value);
        }
        values.Add("generator/gradientNorm", norm);
        values.Add("tokens", estimate.Generated.Tokens.Response.sum());
        foreach (var (name, value) in estimate.Settings) values.Add(name, value);
        var read = Weigh(values.Read(), terms, weights);
        read.Remove("tokens", out var tokens);
        if (watch.Allow(Phase.Adversarial, step + 1, read)) // before the step, so that weights stay good
        {
            optimizer.step();
            parts.Average?.Update(parts.Generator);
        }
        foreach (var (name, value) in read) values.Add(name, value);
        return tokens;
    }

    /// <summary>Adds each term's weight and weighted value, and the total: the sum of the weighted ones.</summary>
    static Dictionary<string, double> Weigh(IReadOnlyDictionary<string, double> read, IReadOnlyList<Term> terms, IReadOnlyList<double> weights)
    {
        var all = new Dictionary<string, double>(read);
        var total = 0.0;
        for (var k = 0; k < terms.Count; k++)
        {
            var name = terms[k].Name;
            all[$"term/{name}/weight"] = weights[k];
            all[$"term/{name}/weighted"] = weights[k] * read[$"term/{name}/{(terms[k].Raw is null ? "raw" : "normalized")}"];
            total += all[$"term/{name}/weighted"];
        }
        all["total"] = total;
        return all;
    }

    IEnumerable<Term> Regularize(GeneratedBatch batch)
    {
        if (parts.Terms.Contains("entropy")) yield return parts.Regularizers.Entropy(batch);
        if (parts.Terms.Contains("likelihood")) yield return parts.Regularizers.Likelihood(RealTexts());
        if (parts.Terms.Contains("kl")) yield return parts.Regularizers.Kl(batch);
    }

    TokenBatch RealTexts() => parts.LikelihoodData!.Texts.Texts(likelihoodOrder!.Next(options.Batch), encoder.Tokenizer.EndId, device);

    RolloutRequest Request(long step, int batch, PromptBatch? prompts) => new(
        parts.Generator, adversaries, batch, encoder.Length, encoder.Tokenizer.StartId, encoder.Tokenizer.EndId, step, options.Iterations,
        NeedsLogits: parts.Terms.Contains("entropy") || parts.Terms.Contains("kl"), encoder.Tokenizer.PaddingId, prompts);

    bool Logged(long step) => (step + 1) % options.LogEvery == 0;

    void Evaluate(long step)
    {
        var found = evaluator.Evaluate(Evaluated, "adversarial", step, generated => Judge(generated, step));
        DropoutSwitch.TurnOff(parts.Generator);
        recorder.Evaluated(Phase.Adversarial, step, found);
        watch.CheckTexts(Phase.Adversarial, step, found.Rows);
    }

    Judgement Judge(TokenBatch generated, long step)
    {
        var (figures, scores) = (new Dictionary<string, double>(), new Dictionary<string, double[]>());
        foreach (var discriminator in parts.Discriminators)
        {
            Seeds.Set(seed, $"held-out/{discriminator.Name}", step); // a judge may draw numbers
            (var found, scores[discriminator.Name]) = discriminator.JudgeHeldOut(generated, evaluation.Samples);
            foreach (var (name, value) in found) figures[$"discriminator/{discriminator.Name}/{name}"] = value;
        }
        return new Judgement(figures, scores);
    }

    void ScaleLearningRates()
    {
        LearningRates.Scale(optimizer, watch.Factor(GuardWatch.Generator));
        foreach (var discriminator in parts.Discriminators) discriminator.ScaleLearningRate(watch.Factor(GuardWatch.Discriminator(discriminator.Name)));
    }

    void Save(Phase phase, long step, bool interim = false) => recorder.Save(phase, step, bag =>
    {
        Save(bag);
        watch.CheckWeights(phase, step, bag);
    }, interim);

    public void Save(StateBag bag)
    {
        var own = bag.Scope("adversarial");
        own.Put("pretrained", pretrained);
        own.Put("done", done);
        own.Put("begun", begun ? 1 : 0);
        watch.Save(bag.Scope("guards"));
        ModuleState.Save(parts.Generator, bag.Scope("generator"));
        OptimizerMemory.Save(optimizer, bag.Scope("optimizer"));
        parts.Average?.Save(bag.Scope("average"));
        if (parts.Reference is not null) ModuleState.Save(parts.Reference, bag.Scope("reference"));
        parts.Estimator.Save(bag.Scope("estimator"));
        likelihoodOrder?.Save(bag.Scope("likelihood-order"));
        SaveDiscriminators(bag);
    }

    void SaveDiscriminators(StateBag bag)
    {
        foreach (var discriminator in parts.Discriminators) discriminator.Save(bag.Scope($"discriminators/{discriminator.Name}"));
    }

    void LoadDiscriminators(StateBag bag)
    {
        foreach (var discriminator in parts.Discriminators) discriminator.Load(bag.Scope($"discriminators/{discriminator.Name}"));
    }

    public void Load(StateBag bag)
    {
        var own = bag.Scope("adversarial");
        (pretrained, done, begun) = (own.GetLong("pretrained"), own.GetLong("done"), own.GetLong("begun") == 1);
        watch.Load(bag.Scope("guards"));
        ModuleState.Load(parts.Generator, bag.Scope("generator"));
        OptimizerMemory.Load(optimizer, bag.Scope("optimizer"));
        parts.Average?.Load(bag.Scope("average"));
        if (parts.Reference is not null) ModuleState.Load(parts.Reference, bag.Scope("reference"));
        parts.Estimator.Load(bag.Scope("estimator"));
        likelihoodOrder?.Load(bag.Scope("likelihood-order"));
        LoadDiscriminators(bag);
        ScaleLearningRates();
    }

    public void Dispose() => optimizer.Dispose();
}
