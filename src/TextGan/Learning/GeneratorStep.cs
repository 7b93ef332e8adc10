using TextGan.Learning.Objectives;
using TextGan.Learning.Objectives.Regularizers;
using TextGan.Learning.Rollouts;
using TextGan.Optimizers;
using TextGan.Runs.Format;
using TextGan.Training;
using TextGan.Training.Guards;
using TorchSharp.Modules;

namespace TextGan.Learning;

/// <summary>
/// The generator's part of an iteration: one rollout, and a step of the optimiser for each pass of the update rule over it.
/// </summary>
/// <param name="options">The phase's.</param>
/// <param name="parts">What plays.</param>
/// <param name="optimizer">The generator's.</param>
/// <param name="watch">Looks at the values of a step before it is taken.</param>
/// <param name="values">Those of the iteration.</param>
/// <param name="say">Hears, once each, why a measurement is missing.</param>
public sealed class GeneratorStep(TrainingOptions options, AdversarialParts parts, optim.Optimizer optimizer, GuardWatch watch,
    StepValues values, Action<string> say)
{
    readonly HashSet<string> said = [];
    readonly Parameter[] parameters = [.. parts.Generator.parameters()];

    /// <summary>Learns from one rollout; returns the number of tokens that it has.</summary>
    public double Learn(RolloutRequest request)
    {
        using var scope = NewDisposeScope();
        var rollout = parts.Update.CheckedCollect(request);
        foreach (var discriminator in parts.Discriminators)
        {
            discriminator.Label(request.Step, rollout.Written, values);
            discriminator.LabelPairs(request.Step, rollout.Written, values);
        }
        var passes = new List<Dictionary<string, double>>();
        values.Add(ObjectiveValues.Tokens, rollout.Written.Response.sum());
        for (var pass = 0; pass < parts.Update.CheckedPasses; pass++) passes.Add(Step(request, rollout, pass));
        var read = ObjectiveValues.Mean(passes);
        read.Remove(ObjectiveValues.Tokens, out var tokens);
        foreach (var (name, value) in read) values.Add(name, value);
        if (read.TryGetValue(DivergenceFigures.PerText, out var divergence)) parts.KlWeight?.Update(divergence, request.Batch);
        return tokens;
    }

    Dictionary<string, double> Step(RolloutRequest request, Rollout rollout, int pass)
    {
        using var scope = NewDisposeScope();
        Gradients.Clear(parameters);
        var estimate = parts.Update.CheckedEstimate(request, rollout, pass);
        IReadOnlyList<Term> terms =
            [.. estimate.Terms, .. parts.Regularizers.Select(regularizer => regularizer.TermOf(estimate.Generated))];
        var gradients = new TermGradients(terms, parameters, estimate.Together, estimate.Terms.Count) { IsFirstPass = pass == 0 };
        // At the first pass ratios are 1, so that terms of clipped losses add up to their loss together.
        var conflict = pass == 0 && options.Conflict?.IsDue(request.Step) == true
            ? new TermConflict(gradients, estimate.Generated.Tokens.Batch, parts.Update.GroupSize) : null;
        var weights = parts.Combiner.CheckedCombine(gradients, request.Step);
        if (conflict is not null) Log(conflict, weights);
        var norm = GradientNorm.Clip(parameters, options.ClipGradient);

        ObjectiveValues.Add(values, terms, norm, estimate.Settings);
        foreach (var (name, loss) in gradients.KnownLosses) values.Add($"term/{name}/loss", loss);
        foreach (var part in (LearningPart[])[parts.Update, .. parts.Regularizers])
            foreach (var (name, value) in part.Figures) values.Add(name, value);
        var read = ObjectiveValues.Weigh(values.Read(), terms, weights);
        if (watch.Allow(Phase.Adversarial, request.Step + 1, read)) // before the step, so that weights stay good
        {
            optimizer.step();
            parts.Average?.Update(parts.Generator);
        }
        return read;
    }

    void Log(TermConflict conflict, IReadOnlyList<double> weights)
    {
        foreach (var (name, value) in conflict.Values(weights)) values.Add(name, value);
        foreach (var sentence in conflict.Missing.Where(said.Add)) say(sentence);
    }
}
